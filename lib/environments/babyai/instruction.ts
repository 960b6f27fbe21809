/** The instructions of the baby language: what they say, and whether the agent's last move fulfilled them. */
import type { Description } from "./description";
import type { RoomGrid } from "./room-grid";
import { DX, DY, type Thing } from "./world";

export type Status = "continue" | "success" | "failure";

/** Minigrid's moves. */
export const LEFT = 0;
export const RIGHT = 1;
export const FORWARD = 2;
export const PICKUP = 3;
export const DROP = 4;
export const TOGGLE = 5;

export interface Instruction {
  /** In words, and ready to be checked from the maze's present state on. */
  begin(maze: RoomGrid): string;
  /** To be called after every move. Parts that wait for their turn do not watch: that is the original's way. */
  check(maze: RoomGrid, move: number): Status;
  /** How many walks the original allows time for. */
  readonly walks: number;
  /** The single instructions it is made of, in the order in which they are said. */
  readonly parts: readonly Action[];
  /** The single instruction to follow next, in an order that suits every reading of the text; undefined at the end. */
  next(): Action | undefined;
  /** The single instructions that do not count yet, whatever the agent does. */
  readonly waiting: readonly Action[];
}

/** A single instruction, about one or two descriptions. */
export abstract class Action implements Instruction {
  readonly walks: number = 1;
  readonly parts = [this];
  readonly waiting: readonly Action[] = [];
  /** What it says. */
  text = "";
  constructor(readonly descriptions: readonly Description[]) {}

  abstract begin(maze: RoomGrid): string;
  abstract check(maze: RoomGrid, move: number): Status;

  next(): Action {
    return this;
  }
}

function thingAhead({ agent, grid }: RoomGrid): Thing | null {
  return grid.get(agent.x + DX[agent.direction], agent.y + DY[agent.direction]);
}

/** Stand before one of the things and face it. */
export class GoTo extends Action {
  constructor(readonly target: Description) {
    super([target]);
  }

  begin(maze: RoomGrid): string {
    return (this.text = `go to ${this.target.phrase(maze)}`);
  }

  check({ agent }: RoomGrid): Status {
    const x = agent.x + DX[agent.direction];
    const y = agent.y + DY[agent.direction];
    return this.target.places.some((place) => place.x === x && place.y === y) ? "success" : "continue";
  }
}

/** Open one of the doors; if strict, opening or closing another one is a failure. */
export class Open extends Action {
  constructor(
    readonly target: Description,
    readonly strict = false,
  ) {
    super([target]);
  }

  begin(maze: RoomGrid): string {
    return (this.text = `open ${this.target.phrase(maze)}`);
  }

  check(maze: RoomGrid, move: number): Status {
    if (move !== TOGGLE) return "continue";
    const thing = thingAhead(maze);
    if (thing?.kind !== "door") return "continue";
    if (thing.state === "open" && this.target.things.includes(thing)) return "success";
    return this.strict ? "failure" : "continue";
  }
}

/** Pick up one of the things with empty hands; if strict, picking up another one is a failure. */
export class PickUp extends Action {
  private before: Thing | null = null;

  constructor(
    readonly target: Description,
    readonly strict = false,
  ) {
    super([target]);
  }

  begin(maze: RoomGrid): string {
    this.before = null;
    return (this.text = `pick up ${this.target.phrase(maze)}`);
  }

  check({ agent }: RoomGrid, move: number): Status {
    const before = this.before;
    this.before = agent.carrying;
    if (move !== PICKUP || !agent.carrying) return "continue";
    if (before === null && this.target.things.includes(agent.carrying)) return "success";
    return this.strict ? "failure" : "continue";
  }
}

/** Drop one of the first things right beside one of the second. */
export class PutNext extends Action {
  override readonly walks = 2;
  /** What was carried after the last move; only this can be put down successfully by the next one. */
  before: Thing | null = null;

  constructor(
    readonly target: Description,
    readonly fixed: Description,
  ) {
    super([target, fixed]);
  }

  begin(maze: RoomGrid): string {
    this.before = null;
    return (this.text = `put ${this.target.phrase(maze)} next to ${this.fixed.phrase(maze)}`);
  }

  beside(thing: Thing): boolean {
    return this.fixed.places.some(({ x, y }) => Math.abs(thing.x - x) + Math.abs(thing.y - y) === 1);
  }

  check({ agent }: RoomGrid, move: number): Status {
    const before = this.before;
    this.before = agent.carrying;
    if (move !== DROP || before === null) return "continue";
    return this.target.things.includes(before) && this.beside(before) ? "success" : "continue";
  }
}

/** Two instructions, one of which may have to wait for the other. */
abstract class Pair implements Instruction {
  protected firstDone = false;
  protected secondDone = false;

  constructor(
    readonly first: Instruction,
    readonly second: Instruction,
    private readonly conjunction: string,
    private readonly forgiving = false,
  ) {}

  /**
   * What the part that had to wait makes of the very move that ended its waiting. Known fault: if it is strict, a
   * move that was right for the other part is a failure of this one. Forgiving, it is not.
   */
  protected judge(waited: Instruction, maze: RoomGrid, move: number): Status {
    const status = waited.check(maze, move);
    return status === "failure" && this.forgiving ? "continue" : status;
  }

  get walks(): number {
    return this.first.walks + this.second.walks;
  }

  get parts(): readonly Action[] {
    return [...this.first.parts, ...this.second.parts];
  }

  begin(maze: RoomGrid): string {
    this.firstDone = this.secondDone = false;
    return this.first.begin(maze) + this.conjunction + this.second.begin(maze);
  }

  abstract check(maze: RoomGrid, move: number): Status;
  abstract next(): Action | undefined;
  abstract get waiting(): readonly Action[];
}

/** Both, in any order; what is done stays done, and a failure of a part is not passed on. */
export class And extends Pair {
  constructor(first: Instruction, second: Instruction) {
    super(first, second, " and ");
  }

  check(maze: RoomGrid, move: number): Status {
    this.firstDone ||= this.first.check(maze, move) === "success";
    this.secondDone ||= this.second.check(maze, move) === "success";
    return this.firstDone && this.secondDone ? "success" : "continue";
  }

  get waiting(): readonly Action[] {
    return [];
  }

  /** The last first: "A and B" may as well be an "A after you B" that the original shows without its order. */
  next(): Action | undefined {
    return this.secondDone ? (this.firstDone ? undefined : this.first.next()) : this.second.next();
  }
}

/** The second counts only once the first is done; the move that ends the first may end the second too. */
export class Before extends Pair {
  constructor(first: Instruction, second: Instruction, forgiving?: boolean) {
    super(first, second, ", then ", forgiving);
  }

  check(maze: RoomGrid, move: number): Status {
    if (this.firstDone) return this.second.check(maze, move);
    const status = this.first.check(maze, move);
    if (status !== "success") return status;
    this.firstDone = true;
    return this.judge(this.second, maze, move);
  }

  next(): Action | undefined {
    return this.firstDone ? this.second.next() : this.first.next();
  }

  get waiting(): readonly Action[] {
    return this.firstDone ? [] : this.second.parts;
  }
}

/** The first counts only once the second is done. */
export class After extends Pair {
  constructor(first: Instruction, second: Instruction, forgiving?: boolean) {
    super(first, second, " after you ", forgiving);
  }

  check(maze: RoomGrid, move: number): Status {
    if (this.secondDone) return this.first.check(maze, move);
    const status = this.second.check(maze, move);
    if (status !== "success") return status;
    this.secondDone = true;
    return this.judge(this.first, maze, move);
  }

  next(): Action | undefined {
    return this.secondDone ? this.first.next() : this.second.next();
  }

  get waiting(): readonly Action[] {
    return this.secondDone ? [] : this.first.parts;
  }
}
