/**
 * What the agent sees: 7 x 7 cells, itself in the middle of the last row, looking up. Walls and closed doors hide
 * what is behind them.
 */
import { type Agent, DX, DY, EMPTY, type Grid, UNSEEN, WALL } from "./world";

export const VIEW = 7;
export const AGENT_COLUMN = 3;
export const AGENT_ROW = 6;
const CELLS = VIEW * VIEW;

/** Codes of the cells (see world.ts), row after row from far to near. */
export type View = Uint16Array;

export const newView = (): View => new Uint16Array(CELLS);

/** Looks from where the agent stands into `view`. Cells outside the grid look like walls. */
export function look(grid: Grid, agent: Agent, view: View): void {
  const dx = DX[agent.direction];
  const dy = DY[agent.direction];
  view.fill(UNSEEN);
  let seen = 1 << AGENT_COLUMN;
  for (let row = AGENT_ROW; row >= 0 && seen; row--) {
    const left = {
      x: agent.x + dx * (AGENT_ROW - row) + dy * AGENT_COLUMN,
      y: agent.y + dy * (AGENT_ROW - row) - dx * AGENT_COLUMN,
    };
    let clear = 0;
    for (let column = 0; column < VIEW; column++) {
      const x = left.x - dy * column;
      const y = left.y + dx * column;
      const thing = grid.contains(x, y) ? grid.get(x, y) : WALL;
      view[row * VIEW + column] = thing === null ? EMPTY : thing.code;
      if (thing === null || !thing.opaque) clear |= 1 << column;
    }
    // Sight spreads along the row, first to the right, then to the left, and from every clear cell to the next row.
    let next = 0;
    for (let column = 0; column < VIEW - 1; column++)
      if (seen & clear & (1 << column)) {
        seen |= 2 << column;
        next |= 3 << column;
      }
    for (let column = VIEW - 1; column > 0; column--)
      if (seen & clear & (1 << column)) {
        seen |= 1 << (column - 1);
        next |= 3 << (column - 1);
      }
    for (let column = 0; column < VIEW; column++) if (!(seen & (1 << column))) view[row * VIEW + column] = UNSEEN;
    seen = next;
  }
  view[AGENT_ROW * VIEW + AGENT_COLUMN] = agent.carrying?.code ?? EMPTY;
}

/** Marks every cell of the grid that is not unseen in the view. */
export function reveal(grid: Grid, agent: Agent, view: View, shown: Uint8Array): void {
  const dx = DX[agent.direction];
  const dy = DY[agent.direction];
  for (let cell = 0; cell < CELLS; cell++) {
    if (view[cell] === UNSEEN) continue;
    const aside = (cell % VIEW) - AGENT_COLUMN;
    const ahead = AGENT_ROW - Math.floor(cell / VIEW);
    const x = agent.x + dx * ahead - dy * aside;
    const y = agent.y + dy * ahead + dx * aside;
    if (grid.contains(x, y)) shown[x * grid.height + y] = 1;
  }
}
