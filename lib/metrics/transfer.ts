/** Generalization beyond the training tasks: the train x test matrix, held-in and held-out change, difficulty. */
import type { Estimate } from "../types";
import { rangeOf } from "./attempts";
import { seedNote } from "./bootstrap";
import { cellEstimate, derive, deriveRatio, taskDifferences, type Cell } from "./cells";
import { mean, type BootstrapOptions, type Result } from "./estimates";
import { meanEstimate } from "./intervals";

/** What was measured: the base model and one trained policy per row, all on the same test environments. */
export interface TransferStudy {
  /** Names of the columns. */
  readonly test: readonly string[];
  /** One cell per column. */
  readonly base: readonly Cell[];
  readonly rows: readonly TransferRow[];
}

export interface TransferRow {
  /** The training environment: the row whose `train` equals a column's name is that column's own training. */
  readonly train: string;
  /** One cell per column. */
  readonly cells: readonly Cell[];
}

/**
 * The four views of a cell, never to be mixed in one figure. R: trained on i, tested on j; b: base; s: trained on j.
 * `raw` R; `delta` R - b; `ratio` (R - b) / (s - b), 1 is as good as training there; `gap` s - R.
 */
export const transferViews = ["raw", "delta", "ratio", "gap"] as const;
export type TransferView = (typeof transferViews)[number];

/** rows x columns of one view. A ratio is n/a where the interval of s - b covers 0; ratio and gap need a row for j. */
export function transferMatrix(study: TransferStudy, view: TransferView, options: BootstrapOptions = {}): Result[][] {
  check(study);
  if (!transferViews.includes(view))
    throw new RangeError(`unknown view "${view}"; accepted: ${transferViews.join(", ")}`);
  return study.rows.map(({ cells }) =>
    cells.map((reached, j) => {
      const base = study.base[j];
      if (view === "raw") return cellEstimate(reached, options);
      if (view === "delta") return lift(reached, base, options);
      const own = study.rows.find((row) => row.train === study.test[j])?.cells[j];
      if (!own) return { na: `no policy was trained on ${study.test[j]}` };
      return view === "gap" ? gap(own, reached, options) : recovery(reached, own, base, options);
    }),
  );
}

export interface TransferSummary {
  readonly train: string;
  /** Change over the base on the environment trained on. */
  readonly heldIn: Result;
  /** Mean change over the other environments. */
  readonly heldOut: Result;
  /** Mean change over all environments. */
  readonly overall: Result;
}

/** Held-in, held-out and overall change per row, and their means over the rows (`train`: "mean"). */
export function transferSummary(study: TransferStudy, options: BootstrapOptions = {}): TransferSummary[] {
  check(study);
  const summarise = (train: string, rows: readonly TransferRow[]): TransferSummary => {
    const width = study.test.length;
    const averages = (means: readonly number[]) => {
      const changes = rows.map((row, i) => {
        const delta = study.test.map((_, j) => means[(i + 1) * width + j] - means[j]);
        return {
          heldIn: meanOrNaN(delta.filter((_, j) => study.test[j] === row.train)),
          heldOut: meanOrNaN(delta.filter((_, j) => study.test[j] !== row.train)),
          overall: mean(delta),
        };
      });
      return {
        heldIn: mean(changes.map((c) => c.heldIn)),
        heldOut: mean(changes.map((c) => c.heldOut)),
        overall: mean(changes.map((c) => c.overall)),
      };
    };
    const cells = [...study.base, ...rows.flatMap((row) => row.cells)];
    return { train, ...derive(cells, averages, options, { heldIn: "not trained on one of the test environments" }) };
  };
  return [...study.rows.map((row) => summarise(row.train, [row])), summarise("mean", study.rows)];
}

/**
 * R - b: what training changed on these tasks, for instance easy-trained against base on the hard tasks. With one seed
 * each it is a paired t interval over tasks, which stays honest for few tasks; with more, a bootstrap over both. Where
 * all tasks changed alike in all seeds, Wilson's bound over tasks stands instead.
 */
export function lift(trained: Cell, base: Cell, options: BootstrapOptions = {}): Estimate {
  const resampled = () =>
    derive([trained, base], ([after, before]) => ({ lift: after - before }), options).lift as Estimate;
  const paired = trained.env === base.env ? taskDifferences(base, trained) : [];
  if (paired.length === 0) return resampled();
  const seeds = [trained.scores.length, base.scores.length];
  const [low, high] = rangeOf([...trained.scores, ...base.scores].flat());
  const overTasks = () =>
    meanEstimate(paired, {
      ...options,
      k: Math.min(trained.k ?? 1, base.k ?? 1),
      range: [low - high, high - low],
      kind: "t, paired by task",
      notes: [seedNote(seeds)],
    });
  if (seeds.every((number) => number === 1)) return overTasks();
  const estimate = resampled();
  return estimate.low === estimate.high ? overTasks() : estimate;
}

/**
 * The share of the possible gain that training elsewhere reached: (R_easy(hard) - b(hard)) / (R_hard(hard) - b(hard)).
 * n/a where the interval of the denominator covers 0.
 */
export function recovery(elsewhere: Cell, own: Cell, base: Cell, options: BootstrapOptions = {}): Result {
  return deriveRatio(
    [elsewhere, own, base],
    ([reached, possible, before]) => ({ numerator: reached - before, denominator: possible - before }),
    "the gain from training there",
    options,
  );
}

/**
 * score(first) - score(second): the generalization gap of one policy between the level it was trained on and another
 * (Kirk et al., arXiv:2111.09794), or what a policy trained elsewhere stays behind. Report it beside {@link lift}: a
 * gap also shrinks when training got worse.
 */
export function gap(first: Cell, second: Cell, options: BootstrapOptions = {}): Estimate {
  return derive([first, second], ([a, b]) => ({ gap: a - b }), options).gap as Estimate;
}

function meanOrNaN(values: readonly number[]): number {
  return values.length ? mean(values) : NaN;
}

function check({ test, base, rows }: TransferStudy): void {
  for (const { train, cells } of [{ train: "base", cells: base }, ...rows])
    if (cells.length !== test.length)
      throw new RangeError(`row ${train} needs ${test.length} cells (${test.join(", ")}), got ${cells.length}`);
}
