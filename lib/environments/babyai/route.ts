/** The way through what is believed of the maze when things may be moved and doors unlocked, at a price. */
import type { Belief } from "./belief";
import { DX, DY, type Thing } from "./world";

/** What it costs to enter a cell, in steps. */
const PRICE = { free: 1, shut: 2, mist: 3, thing: 12, lock: 20, lockWithoutKey: 60 } as const;

export interface Route {
  readonly cells: ReadonlySet<number>;
  /** The first thing on it that must be moved, or unlocked with another key; undefined if unknown cells come before. */
  readonly obstacle?: Thing;
  /** The first locked door on it for which the agent carries the key. */
  readonly lock?: Thing;
  /** All doors before any obstacle or unknown cell. */
  readonly doors: readonly Thing[];
}

/**
 * The cheapest route from the agent to a cell that fulfils `goal` that avoids the sealed doors; what is on the goal
 * itself is no obstacle.
 */
export function findRoute(
  belief: Belief,
  goal: (cell: number) => boolean,
  sealed: ReadonlySet<Thing>,
): Route | undefined {
  const { grid, start } = belief;
  const keys = new Set(belief.things().flatMap(({ kind, color }) => (kind === "key" ? [color] : [])));
  const from = start.x * grid.height + start.y;
  const costs = new Map([[from, 0]]);
  const parents = new Map<number, number>();
  const buckets: number[][] = [[from]];
  for (let cost = 0; cost < buckets.length; cost++)
    for (const cell of buckets[cost] ?? []) {
      if (costs.get(cell) !== cost) continue;
      if (cell !== from && goal(cell)) return trace(belief, cell, parents);
      for (let direction = 0; direction < 4; direction++) {
        const x = Math.floor(cell / grid.height) + DX[direction];
        const y = (cell % grid.height) + DY[direction];
        if (!grid.contains(x, y)) continue;
        const next = x * grid.height + y;
        const total = cost + (goal(next) ? PRICE.free : price(belief, next, keys, sealed));
        if (total >= (costs.get(next) ?? Infinity)) continue;
        costs.set(next, total);
        parents.set(next, cell);
        (buckets[total] ??= []).push(next);
      }
    }
  return undefined;
}

function price(belief: Belief, cell: number, keys: ReadonlySet<string>, sealed: ReadonlySet<Thing>): number {
  const thing = belief.grid.cells[cell];
  if (thing === null) return PRICE.free;
  if (sealed.has(thing)) return Infinity;
  if (thing === belief.mist) return PRICE.mist;
  if (thing.kind === "wall") return Infinity;
  if (thing.portable) return PRICE.thing;
  if (thing.state === "open") return PRICE.free;
  if (belief.canOpen(thing)) return PRICE.shut;
  return keys.has(thing.color) ? PRICE.lock : PRICE.lockWithoutKey;
}

function trace(belief: Belief, goal: number, parents: ReadonlyMap<number, number>): Route {
  const path: number[] = [];
  for (let cell: number | undefined = goal; cell !== undefined; cell = parents.get(cell)) path.unshift(cell);
  const cells = new Set(path);
  let lock: Thing | undefined;
  const doors: Thing[] = [];
  for (const cell of path.slice(1, -1)) {
    const thing = belief.grid.cells[cell];
    if (thing === belief.mist) break;
    if (thing?.portable || (thing?.state === "locked" && !belief.canOpen(thing)))
      return { cells, lock, doors, obstacle: thing };
    if (thing?.kind === "door") doors.push(thing);
    if (thing?.state === "locked") lock ??= thing;
  }
  return { cells, lock, doors };
}

/** Whether the agent can get beside an unknown cell without moving things, and without keys that it does not carry. */
export function reachesMist(belief: Belief): boolean {
  const { grid, start, mist } = belief;
  const reached = new Set([start.x * grid.height + start.y]);
  for (const cell of reached)
    for (const beside of [cell + 1, cell - 1, cell + grid.height, cell - grid.height]) {
      const thing = grid.cells[beside];
      if (thing === mist) return true;
      if (thing === null || (thing?.kind === "door" && belief.canOpen(thing))) reached.add(beside);
    }
  return false;
}
