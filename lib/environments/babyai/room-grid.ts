/**
 * Rooms in a rectangle, doors between them, and the ways to put things and the agent into them. Every method
 * draws random numbers in the order in which Minigrid's RoomGrid draws them.
 */
import type { NumpyRandom } from "./numpy-random";
import { type Agent, type Color, DX, DY, Grid, type Portable, Thing, WALL } from "./world";

/**
 * Thrown where the original rejects a draft of a maze; the draft is dropped and the random stream goes on.
 * One shared instance: rejection is ordinary here, and a stack trace for each would cost more than the maze.
 */
export const REJECTED = new Error("this draft of the maze is rejected");

/** How often Minigrid tries to place a thing, and to add a door, before it gives a draft up. */
const MAX_PLACEMENTS = 1001;
const MAX_DOORS = 5001;
/**
 * Known fault: the original never gives up placing the agent, and hangs where every free cell of a crowded room faces
 * things on all sides (level 35, seed 8176). Here such a draft is rejected after far more trials than others need.
 */
const MAX_AGENT_PLACEMENTS = 10_000;

export const PORTABLES: readonly Portable[] = ["key", "ball", "box"];

export class Room {
  /** To the right, below, to the left, above; "gap" where a wall was removed. */
  readonly doors: (Thing | "gap" | null)[] = [null, null, null, null];
  readonly doorPlaces: ({ readonly x: number; readonly y: number } | null)[] = [null, null, null, null];
  readonly neighbors: (Room | null)[] = [null, null, null, null];
  locked = false;
  readonly things: Thing[] = [];

  constructor(
    readonly left: number,
    readonly top: number,
    readonly size: number,
  ) {}

  /** Walls included. */
  contains(x: number, y: number): boolean {
    return x >= this.left && y >= this.top && x < this.left + this.size && y < this.top + this.size;
  }
}

export interface Layout {
  readonly roomSize: number;
  readonly columns: number;
  readonly rows: number;
}

/** Where a thing may be put; left out, a random room is drawn. */
export interface Place {
  readonly i?: number;
  readonly j?: number;
}

export class RoomGrid {
  readonly grid: Grid;
  /** By column, then row. */
  readonly rooms: readonly (readonly Room[])[];
  readonly agent: Agent;

  constructor(
    readonly layout: Layout,
    readonly random: NumpyRandom,
  ) {
    const { roomSize, columns, rows } = layout;
    const step = roomSize - 1;
    this.grid = new Grid(step * columns + 1, step * rows + 1);
    this.rooms = Array.from({ length: columns }, (_, i) =>
      Array.from({ length: rows }, (_, j) => new Room(i * step, j * step, roomSize)),
    );
    for (let x = 0; x < this.grid.width; x++)
      for (let y = 0; y < this.grid.height; y++) if (x % step === 0 || y % step === 0) this.grid.set(x, y, WALL);
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const room = this.rooms[i][j];
        const right = this.rooms[i + 1]?.[j];
        const below = this.rooms[i][j + 1];
        if (right) join(room, right, 0, room.left + step, random.integer(room.top + 1, room.top + step));
        if (below) join(room, below, 1, random.integer(room.left + 1, room.left + step), room.top + step);
      }
    // Tests of closeness use the middle of the maze until the agent is really placed.
    const middle = (count: number): number => Math.floor(count / 2) * step + Math.floor(roomSize / 2);
    this.agent = { x: middle(columns), y: middle(rows), direction: 0, carrying: null };
  }

  roomAt(x: number, y: number): Room {
    const step = this.layout.roomSize - 1;
    return this.rooms[Math.floor(x / step)][Math.floor(y / step)];
  }

  /** All rooms, row after row. */
  *eachRoom(): Generator<Room> {
    for (let j = 0; j < this.layout.rows; j++) for (let i = 0; i < this.layout.columns; i++) yield this.rooms[i][j];
  }

  randomColumn(): number {
    return this.random.integer(0, this.layout.columns);
  }

  randomRow(): number {
    return this.random.integer(0, this.layout.rows);
  }

  /** A free cell of the room, not the agent's and at least `distance` steps away from it. */
  private freeCell(room: Room, distance: number): { x: number; y: number } {
    const { grid, agent, random } = this;
    for (let attempt = 0; attempt < MAX_PLACEMENTS; attempt++) {
      const x = random.integer(room.left, room.left + room.size);
      const y = random.integer(room.top, room.top + room.size);
      if (grid.get(x, y) === null && Math.abs(agent.x - x) + Math.abs(agent.y - y) >= distance) return { x, y };
    }
    throw REJECTED;
  }

  /** Puts a thing into room (i, j), never beside the agent. */
  place(i: number, j: number, thing: Thing): Thing {
    const room = this.rooms[i][j];
    const { x, y } = this.freeCell(room, 2);
    this.grid.put(x, y, thing);
    room.things.push(thing);
    return thing;
  }

  addObject(i: number, j: number, kind?: Portable, color?: Color): Thing {
    kind ??= this.random.pick(PORTABLES);
    color ??= this.random.color();
    return this.place(i, j, new Thing(kind, color));
  }

  /** Adds a door to room (i, j); side, color and lock are drawn where they are not given. */
  addDoor(i: number, j: number, side?: number, color?: Color, locked?: boolean): Thing {
    const room = this.rooms[i][j];
    while (side === undefined) {
      const drawn = this.random.integer(0, 4);
      if (room.neighbors[drawn] && !room.doors[drawn]) side = drawn;
    }
    color ??= this.random.color();
    locked ??= this.random.boolean();
    room.locked = locked;
    const door = new Thing("door", color, locked ? "locked" : "closed");
    const { x, y } = room.doorPlaces[side]!;
    this.grid.put(x, y, door);
    room.doors[side] = door;
    room.neighbors[side]!.doors[(side + 2) % 4] = door;
    return door;
  }

  /** Opens the whole wall between room (i, j) and its neighbor to the right (0) or above (3). */
  removeWall(i: number, j: number, side: 0 | 3): void {
    const room = this.rooms[i][j];
    for (let k = 1; k < room.size - 1; k++)
      if (side === 0) this.grid.set(room.left + room.size - 1, room.top + k, null);
      else this.grid.set(room.left + k, room.top, null);
    room.doors[side] = "gap";
    room.neighbors[side]!.doors[(side + 2) % 4] = "gap";
  }

  /** Places the agent so that it faces an empty cell or a wall. */
  placeAgent({ i = this.randomColumn(), j = this.randomRow() }: Place = {}): void {
    const { agent, grid } = this;
    for (let attempt = 0; attempt < MAX_AGENT_PLACEMENTS; attempt++) {
      agent.x = agent.y = -1;
      const { x, y } = this.freeCell(this.rooms[i][j], 0);
      Object.assign(agent, { x, y, direction: this.random.integer(0, 4) });
      const ahead = grid.get(x + DX[agent.direction], y + DY[agent.direction]);
      if (ahead === null || ahead === WALL) return;
    }
    throw REJECTED;
  }

  /** Adds unlocked doors until every room can be reached; locked doors count as passable. */
  connectAll(colors?: readonly Color[]): void {
    const { random, agent } = this;
    const start = this.roomAt(agent.x, agent.y);
    for (let attempt = 0; attempt < MAX_DOORS; attempt++) {
      if (reachableRooms(start).size === this.layout.rows * this.layout.columns) return;
      const i = this.randomColumn();
      const j = this.randomRow();
      const side = random.integer(0, 4);
      const room = this.rooms[i][j];
      const neighbor = room.neighbors[side];
      if (!neighbor || room.doors[side] || room.locked || neighbor.locked) continue;
      this.addDoor(i, j, side, colors ? random.pick(colors) : random.color(), false);
    }
    throw REJECTED;
  }

  /** Adds `count` random things to room (i, j) or to random rooms; `unique` allows each kind and color once. */
  addDistractors(count: number, unique: boolean, { i, j }: Place = {}): Thing[] {
    const present = new Set<string>();
    for (const room of this.eachRoom()) for (const { kind, color } of room.things) present.add(`${color} ${kind}`);
    const added: Thing[] = [];
    while (added.length < count) {
      const color = this.random.color();
      const kind = this.random.pick(PORTABLES);
      if (unique && present.has(`${color} ${kind}`)) continue;
      present.add(`${color} ${kind}`);
      const column = i ?? this.randomColumn();
      added.push(this.addObject(column, j ?? this.randomRow(), kind, color));
    }
    return added;
  }

  /** True if the agent can reach every thing without moving another; doors, even locked ones, count as open. */
  allReachable(): boolean {
    const { grid, agent } = this;
    const reached = new Uint8Array(grid.width * grid.height);
    const stack = [agent.x * grid.height + agent.y];
    while (stack.length > 0) {
      const cell = stack.pop()!;
      if (reached[cell]) continue;
      reached[cell] = 1;
      const thing = grid.cells[cell];
      // The outer wall stops the search before it could leave the grid.
      if (thing === null || thing.kind === "door")
        stack.push(cell + 1, cell - 1, cell + grid.height, cell - grid.height);
    }
    return grid.cells.every((thing, cell) => thing === null || thing === WALL || reached[cell] === 1);
  }

  requireAllReachable(): void {
    if (!this.allReachable()) throw REJECTED;
  }
}

function join(room: Room, neighbor: Room, side: 0 | 1, x: number, y: number): void {
  room.neighbors[side] = neighbor;
  neighbor.neighbors[side + 2] = room;
  room.doorPlaces[side] = neighbor.doorPlaces[side + 2] = { x, y };
}

function reachableRooms(start: Room): Set<Room> {
  const reached = new Set<Room>();
  const stack = [start];
  while (stack.length > 0) {
    const room = stack.pop()!;
    if (reached.has(room)) continue;
    reached.add(room);
    room.neighbors.forEach((neighbor, side) => {
      if (neighbor && room.doors[side]) stack.push(neighbor);
    });
  }
  return reached;
}
