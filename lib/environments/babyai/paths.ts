/**
 * The path finder behind `go to`, `pickup` and `go through`, in the coordinates of the view. It searches breadth
 * first, but not every path is a shortest one: known fault, a state counts as visited only when it is taken from
 * the queue, so that states beside it still overwrite how it is reached. Unseen cells and doors do not stop it.
 */
import { FORWARD, LEFT, RIGHT } from "./instruction";
import { AGENT_COLUMN, AGENT_ROW, VIEW, type View } from "./view";
import { kindOf } from "./world";

/** The area is at most 8 x 8 cells, with a closed border around it. */
const STRIDE = VIEW + 3;
const STATES = STRIDE * STRIDE * 4;
/** Ahead, to the right, back, to the left, as differences of cell numbers; a heading is an index into it. */
const STEP = [-STRIDE, 1, STRIDE, -1] as const;
const cellAt = (column: number, row: number): number => (row + 1) * STRIDE + column + 1;
/** A state is 4 * cell + heading. */
const START = cellAt(AGENT_COLUMN, AGENT_ROW) * 4;

export class Paths {
  private readonly open = new Uint8Array(STRIDE * STRIDE);
  /** The order in which states were first taken from the queue, from 1; 0 if they were not. */
  private readonly rank = new Uint16Array(STATES);
  private readonly parent = new Uint16Array(STATES);
  private readonly queue: number[] = [START];
  private head = 0;
  private ranked = 0;

  /**
   * @param direction the agent's. Known fault: the area has an eighth column to the right or an eighth row behind
   * the agent where these point to smaller coordinates.
   */
  constructor(view: View, direction: number) {
    const columns = direction === 1 || direction === 2 ? VIEW + 1 : VIEW;
    const rows = direction <= 1 ? VIEW + 1 : VIEW;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const kind = row < VIEW && column < VIEW ? kindOf(view[row * VIEW + column]) : undefined;
        if (kind === undefined || kind === "door") this.open[cellAt(column, row)] = 1;
      }
    // What the agent carries is drawn at its own place and is no obstacle.
    this.open[START >> 2] = 1;
  }

  /** The moves to a place beside the cell, facing it; undefined if there are none. */
  before(column: number, row: number): number[] | undefined {
    const cell = cellAt(column, row);
    return this.pathTo(STEP.map((step, heading) => (cell - step) * 4 + heading));
  }

  /** The moves into the cell. */
  into(column: number, row: number): number[] | undefined {
    const state = cellAt(column, row) * 4;
    return this.pathTo([state, state + 1, state + 2, state + 3]);
  }

  private pathTo(goals: readonly number[]): number[] | undefined {
    const state = this.firstOf(goals);
    if (state === undefined) return undefined;
    const moves: number[] = [];
    for (let at = state; at !== START; at = this.parent[at]) {
      const turn = (at - this.parent[at]) & 3;
      moves.push(at >> 2 !== this.parent[at] >> 2 ? FORWARD : turn === 1 ? RIGHT : LEFT);
    }
    return moves.reverse();
  }

  /** The goal that leaves the queue first. All goals share one search, which goes on only as far as it must. */
  private firstOf(goals: readonly number[]): number | undefined {
    let first: number | undefined;
    for (const goal of goals)
      if (this.rank[goal] && (first === undefined || this.rank[goal] < this.rank[first])) first = goal;
    while (first === undefined && this.head < this.queue.length) {
      const state = this.queue[this.head++];
      if (!this.rank[state]) {
        this.rank[state] = ++this.ranked;
        if (goals.includes(state)) first = state;
      }
      const cell = state >> 2;
      const heading = state & 3;
      const ahead = cell + STEP[heading];
      if (this.open[ahead]) this.push(ahead * 4 + heading, state);
      this.push(cell * 4 + ((heading + 3) & 3), state);
      this.push(cell * 4 + ((heading + 1) & 3), state);
    }
    return first;
  }

  private push(state: number, from: number): void {
    if (this.rank[state]) return;
    this.queue.push(state);
    this.parent[state] = from;
  }
}
