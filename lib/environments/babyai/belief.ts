/**
 * What an agent that remembers every text can know of the maze, and what its actions would do there. Cells that no
 * text has shown are mist: nothing is known to be there.
 */
import type { Running } from "./environment";
import { FORWARD, LEFT, RIGHT, TOGGLE } from "./instruction";
import { type Menu, readMenu } from "./menu";
import { readScene } from "./scene";
import { look, newView } from "./view";
import { type Agent, DX, DY, Grid, Thing } from "./world";

/** Shown in a view, mist counts as news; to the reader of scenes and to the path finder it is an empty cell. */
const MIST_CODE = 0x4000;

/** A pose of the agent, and which of the known doors have been opened on the way to it. */
export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly direction: number;
  /** A bit for each of {@link Belief.doors}. */
  readonly opened: number;
}

export interface Effect {
  readonly pose: Pose;
  /** The last move made; moves that come to nothing end an action. */
  readonly last: number;
}

export class Belief {
  readonly grid: Grid;
  readonly mist = new Thing("wall", "grey");
  readonly carrying: Thing | null;
  readonly start: Pose;
  /** Known doors that are not open, and the same doors opened. */
  private readonly doors: { readonly cell: number; readonly shut: Thing; readonly opened: Thing }[] = [];
  private readonly view = newView();
  private readonly fidelity: Running["fidelity"];

  /** @param everything whether the agent has a map and knows all of the maze. */
  constructor({ simulation, shown, fidelity }: Running, everything: boolean) {
    const { grid, agent } = simulation;
    this.mist.code = MIST_CODE;
    this.mist.opaque = false;
    this.grid = new Grid(grid.width, grid.height);
    this.fidelity = fidelity;
    this.carrying = agent.carrying;
    this.start = { x: agent.x, y: agent.y, direction: agent.direction, opened: 0 };
    grid.cells.forEach((thing, cell) => {
      const known = everything || shown[cell] === 1;
      this.grid.cells[cell] = known ? thing : this.mist;
      if (known && thing?.kind === "door" && thing.state !== "open")
        this.doors.push({ cell, shut: thing, opened: new Thing("door", thing.color) });
    });
  }

  ahead({ x, y, direction }: Pose): number {
    return (x + DX[direction]) * this.grid.height + y + DY[direction];
  }

  /** All known things, in a fixed order. */
  things(): Thing[] {
    return this.grid.cells.filter((thing): thing is Thing => thing !== null && thing !== this.mist);
  }

  knows(thing: Thing): boolean {
    return thing.x >= 0 && this.grid.get(thing.x, thing.y) === thing;
  }

  /** What can be done in a pose, and how many unknown cells would be seen from there if nothing hid them. */
  foresee(pose: Pose): { menu: Menu; news: number } {
    this.open(pose.opened);
    const agent: Agent = { ...pose, carrying: this.carrying };
    look(this.grid, agent, this.view);
    let news = 0;
    for (const code of this.view) if (code === MIST_CODE) news++;
    const scene = readScene(this.view);
    const { view, carrying, fidelity } = this;
    const menu = readMenu({ scene, view, direction: pose.direction, carrying, fidelity });
    this.open(0);
    return { menu, news };
  }

  /** What an action's moves would do in a pose; picking up and dropping are left to the last move's reader. */
  effectOf(moves: readonly number[], pose: Pose): Effect {
    let { x, y, direction, opened } = pose;
    this.open(opened);
    let last = -1;
    for (const move of moves) {
      const ahead = (x + DX[direction]) * this.grid.height + y + DY[direction];
      last = move;
      if (move === LEFT) direction = (direction + 3) % 4;
      else if (move === RIGHT) direction = (direction + 1) % 4;
      else if (move === FORWARD) {
        if (!this.passable(ahead)) break;
        x += DX[direction];
        y += DY[direction];
      } else if (move === TOGGLE) {
        const door = this.doors.findIndex(({ cell, shut }) => cell === ahead && this.canOpen(shut));
        if (door < 0) break;
        opened |= 1 << door;
        this.open(opened);
      }
    }
    this.open(0);
    return { pose: { x, y, direction, opened }, last };
  }

  /** Whether one of these doors has been opened on the way to the pose. */
  opens({ opened }: Pose, doors: ReadonlySet<Thing | null>): boolean {
    return this.doors.some(({ shut }, i) => opened & (1 << i) && doors.has(shut));
  }

  canOpen(door: Thing): boolean {
    return door.state !== "locked" || (this.carrying?.kind === "key" && this.carrying.color === door.color);
  }

  private passable(cell: number): boolean {
    const thing = this.grid.cells[cell];
    return thing === null || (thing.kind === "door" && thing.state === "open");
  }

  private open(opened: number): void {
    this.doors.forEach(({ cell, shut, opened: twin }, i) => {
      this.grid.cells[cell] = opened & (1 << i) ? twin : shut;
    });
  }
}
