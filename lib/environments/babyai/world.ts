/** What a maze is made of: things, the grid that holds them, directions, and Minigrid's integer codes. */

export const COLORS = ["red", "green", "blue", "purple", "yellow", "grey"] as const;
export type Color = (typeof COLORS)[number];

/** Minigrid's object indices. Floor, goal and lava (3, 8, 9) occur in none of the forty levels. */
const KIND_CODES = { wall: 2, door: 4, key: 5, ball: 6, box: 7 } as const;
export type Kind = keyof typeof KIND_CODES;
export type Portable = "key" | "ball" | "box";

export const DOOR_STATES = ["open", "closed", "locked"] as const;
export type DoorState = (typeof DOOR_STATES)[number];

/** A cell's code is kind + 16 * color + 256 * door state, all in Minigrid's indices. */
export const UNSEEN = 0;
export const EMPTY = 1;
const KIND_OF_CODE: readonly (Kind | undefined)[] = Array.from({ length: 16 }, (_, code) =>
  (Object.keys(KIND_CODES) as Kind[]).find((kind) => KIND_CODES[kind] === code),
);
export const kindOf = (code: number): Kind | undefined => KIND_OF_CODE[code & 15];
export const colorOf = (code: number): Color => COLORS[(code >> 4) & 15];
export const doorStateOf = (code: number): DoorState => DOOR_STATES[code >> 8];

/** Unit steps to the right, down, left and up; a direction is an index into them. */
export const DX = [1, 0, -1, 0] as const;
export const DY = [0, 1, 0, -1] as const;

/** A wall, door, key, ball or box. Identity matters: instructions track the very things they were made for. */
export class Thing {
  /** Where it is or, for a carried thing, -1. */
  x = -1;
  y = -1;
  /** What the agent's view shows of it. */
  code = 0;
  /** Walls and doors that are not open hide what is behind them. */
  opaque = false;

  constructor(
    readonly kind: Kind,
    public color: Color,
    /** Of a door; other things are "open" in Minigrid's encoding. */
    public state: DoorState = "open",
    readonly contains: Thing | null = null,
  ) {
    this.change(color, state);
  }

  change(color: Color, state: DoorState): void {
    this.color = color;
    this.state = state;
    this.code = KIND_CODES[this.kind] + COLORS.indexOf(color) * 16 + DOOR_STATES.indexOf(state) * 256;
    this.opaque = this.kind === "wall" || (this.kind === "door" && state !== "open");
  }

  get portable(): boolean {
    return this.kind !== "wall" && this.kind !== "door";
  }
}

export const WALL = new Thing("wall", "grey");

/** A rectangle of cells, column after column, each empty (null) or holding one thing. */
export class Grid {
  readonly cells: (Thing | null)[];

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.cells = new Array<Thing | null>(width * height).fill(null);
  }

  contains(x: number, y: number): boolean {
    return x >= 0 && y >= 0 && x < this.width && y < this.height;
  }

  get(x: number, y: number): Thing | null {
    return this.cells[x * this.height + y];
  }

  set(x: number, y: number, thing: Thing | null): void {
    this.cells[x * this.height + y] = thing;
  }

  /** Puts a thing where it belongs and tells it. */
  put(x: number, y: number, thing: Thing): void {
    this.set(x, y, thing);
    thing.x = x;
    thing.y = y;
  }

  /** Minigrid's encoding: (kind, color, state) of every cell, column after column. */
  encode(): Uint8Array {
    return Uint8Array.from(
      this.cells.flatMap((thing) => {
        const code = thing?.code ?? EMPTY;
        return [code & 15, (code >> 4) & 15, code >> 8];
      }),
    );
  }
}

export interface Agent {
  x: number;
  y: number;
  /** 0 right, 1 down, 2 left, 3 up. */
  direction: number;
  carrying: Thing | null;
}
