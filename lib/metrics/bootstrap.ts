/**
 * Aggregates over runs (training seeds) and tasks with stratified bootstrap intervals, as rliable does it
 * (Agarwal et al. 2021, arXiv:2108.13264): runs are drawn anew, independently inside each task; tasks stay fixed.
 *
 * Scores are matrices runs x tasks, one per environment; the columns of all matrices count alike. A single run cannot be
 * drawn anew: its tasks are, and the method says so.
 */
import type { Estimate } from "../types";
import { draws } from "./draws";
import { count, mean, methodText, type BootstrapOptions } from "./estimates";
import { bootstrapEstimate, percentiles } from "./intervals";

export type Matrix = readonly (readonly number[])[];

export interface Aggregates {
  readonly mean: Estimate;
  /** Median over tasks of the mean over runs. */
  readonly median: Estimate;
  readonly iqm: Estimate;
  readonly optimalityGap: Estimate;
}

export interface AggregateOptions extends BootstrapOptions {
  /** The score from which on more does not count in the optimality gap; default 1. */
  readonly gamma?: number;
  /** Attempts behind each value; default 1. */
  readonly k?: number;
}

/** Interquartile mean: the lowest and the highest quarter, floor(n / 4) values each, are left out. */
export function iqm(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const cut = Math.floor(sorted.length / 4);
  return mean(sorted.subarray(cut, sorted.length - cut));
}

/** How far the scores stay below `gamma` on average; what lies above `gamma` does not make up for it. */
export function optimalityGap(values: ArrayLike<number>, gamma = 1): number {
  return gamma - mean(Float64Array.from(values, (x) => Math.min(x, gamma)));
}

export function median(values: ArrayLike<number>): number {
  const scratch = Float64Array.from(values);
  return medianInPlace(scratch);
}

/** Mean, median, IQM and optimality gap of runs x tasks scores with stratified bootstrap intervals. */
export function aggregate(matrices: readonly Matrix[], options: AggregateOptions = {}): Aggregates {
  const { level = 0.95, key = "bootstrap", replicates = 10_000, gamma = 1, k = 1 } = options;
  const pool = new Pool(matrices, gamma);
  const names = ["mean", "median", "iqm", "optimalityGap"] as const;
  const point = pool.aggregates();
  const found = names.map(() => new Float64Array(replicates));
  const draw = draws(key);
  for (let r = 0; r < replicates; r++) {
    pool.resample(draw);
    pool.aggregates().forEach((value, i) => (found[i][r] = value));
  }
  const method = methodText(level, "stratified bootstrap", [runNote(matrices)]);
  const estimates = names.map((name, i): [string, Estimate] => {
    return [name, { value: point[i], ...percentiles(found[i], level), n: pool.tasks, k, method }];
  });
  return Object.fromEntries(estimates) as unknown as Aggregates;
}

/**
 * The chance that a run of `x` beats a run of `y` on the same task, ties counting one half, averaged over tasks
 * (Mann-Whitney U / (n m)). `x` and `y`: runs x tasks with the same tasks.
 */
export function probabilityOfImprovement(x: Matrix, y: Matrix, options: BootstrapOptions = {}): Estimate {
  const { level = 0.95, key = "bootstrap", replicates = 10_000 } = options;
  checkMatrix(x);
  checkMatrix(y);
  const tasks = x[0].length;
  if (y[0].length !== tasks)
    throw new RangeError(`both matrices need the same tasks as columns, got ${tasks} and ${y[0].length}`);
  const [n, m] = [x.length, y.length];
  const wins = new Float64Array(tasks * n * m);
  for (let task = 0, at = 0; task < tasks; task++)
    for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) wins[at++] = (1 + Math.sign(x[i][task] - y[j][task])) / 2;
  if (n * m === 1) return bootstrapEstimate(Array.from(wins), { ...options, notes: [seedNote([1])] });
  const value = mean(wins);
  const draw = draws(key);
  const fromX = new Int32Array(tasks * n);
  const fromY = new Int32Array(tasks * m);
  const found = new Float64Array(replicates);
  for (let r = 0; r < replicates; r++) {
    draw(fromX, n);
    draw(fromY, m);
    let sum = 0;
    for (let task = 0; task < tasks; task++)
      for (let i = 0; i < n; i++) {
        const row = (task * n + fromX[task * n + i]) * m;
        for (let j = 0; j < m; j++) sum += wins[row + fromY[task * m + j]];
      }
    found[r] = sum / wins.length;
  }
  const method = methodText(level, "stratified bootstrap", [seedNote([n, m])]);
  return { value, ...percentiles(found, level), n: tasks, k: 1, method };
}

/** "3 seeds (fewer than 10)": what a reader must know about an interval over seeds. */
export function seedNote(runs: readonly number[]): string {
  const distinct = [...new Set(runs)].sort((a, b) => a - b);
  const text = distinct.slice(0, -1).join(", ") + (distinct.length > 1 ? " and " : "");
  const most = distinct[distinct.length - 1];
  return text + count(most, "seed") + (most > 1 && distinct[0] < 10 ? " (fewer than 10)" : "");
}

function runNote(matrices: readonly Matrix[]): string {
  const runs = matrices.map((matrix) => matrix.length);
  return seedNote(runs) + (runs.includes(1) ? ": where there is 1 seed, tasks are drawn instead" : "");
}

function checkMatrix(matrix: Matrix): void {
  const tasks = matrix[0]?.length ?? 0;
  if (tasks === 0 || matrix.some((run) => run.length !== tasks))
    throw new RangeError(
      `scores must be a full matrix runs x tasks, got rows of ${matrix.map((run) => run.length).join(", ") || "nothing"}`,
    );
}

interface Block {
  readonly runs: number;
  /** Values that are drawn from each other: the runs of a task, or all tasks of a single run. */
  readonly stratum: number;
  /** The index into `levels` of every value, task by task, run by run. */
  readonly ranks: Int32Array;
  readonly picks: Int32Array;
}

/**
 * All values of all matrices, drawn anew as a histogram over the distinct values: that is all the aggregates need, and
 * it spares sorting thousands of values per replicate.
 */
class Pool {
  readonly tasks: number;
  private readonly levels: Float64Array;
  private readonly counts: Int32Array;
  private readonly taskMeans: Float64Array;
  private readonly scratch: Float64Array;
  private readonly total: number;
  private readonly blocks: readonly Block[];

  constructor(
    matrices: readonly Matrix[],
    private readonly gamma: number,
  ) {
    if (matrices.length === 0) throw new RangeError("aggregate needs at least one matrix runs x tasks, got none");
    matrices.forEach(checkMatrix);
    this.levels = Float64Array.from(new Set(matrices.flat(2))).sort();
    const rankOf = new Map(Array.from(this.levels, (level, rank) => [level, rank]));
    this.blocks = matrices.map((matrix) => {
      const ranks = matrix[0].flatMap((_, task) => matrix.map((run) => rankOf.get(run[task])!));
      const stratum = matrix.length === 1 ? ranks.length : matrix.length;
      return { runs: matrix.length, stratum, ranks: Int32Array.from(ranks), picks: new Int32Array(ranks.length) };
    });
    this.total = this.blocks.reduce((sum, block) => sum + block.ranks.length, 0);
    this.tasks = matrices.reduce((sum, matrix) => sum + matrix[0].length, 0);
    this.counts = new Int32Array(this.levels.length);
    this.taskMeans = new Float64Array(this.tasks);
    this.scratch = new Float64Array(this.tasks);
    this.resample((target, n) => target.forEach((_, i) => (target[i] = i % n)));
  }

  resample(draw: (target: Int32Array, n: number) => void): void {
    const { counts, levels, taskMeans } = this;
    counts.fill(0);
    let task = 0;
    for (const { runs, stratum, ranks, picks } of this.blocks) {
      draw(picks, stratum);
      for (let first = 0; first < ranks.length; first += runs) {
        const start = first - (first % stratum);
        let sum = 0;
        for (let i = first; i < first + runs; i++) {
          const rank = ranks[start + picks[i]];
          counts[rank]++;
          sum += levels[rank];
        }
        taskMeans[task++] = sum / runs;
      }
    }
  }

  /** Mean, median, IQM and optimality gap of the present sample. */
  aggregates(): [number, number, number, number] {
    const { levels, counts, total, gamma } = this;
    const cut = Math.floor(total / 4);
    let [sum, reached, middle, seen] = [0, 0, 0, 0];
    for (let rank = 0; rank < levels.length; rank++) {
      const number = counts[rank];
      sum += number * levels[rank];
      reached += number * Math.min(levels[rank], gamma);
      const inside = Math.min(seen + number, total - cut) - Math.max(seen, cut);
      if (inside > 0) middle += inside * levels[rank];
      seen += number;
    }
    this.scratch.set(this.taskMeans);
    return [sum / total, medianInPlace(this.scratch), middle / (total - 2 * cut), gamma - reached / total];
  }
}

/** Median by quickselect; reorders `values`. */
function medianInPlace(values: Float64Array): number {
  const middle = values.length >> 1;
  const upper = select(values, middle);
  if (values.length % 2 === 1) return upper;
  let lower = values[0];
  for (let i = 1; i < middle; i++) lower = Math.max(lower, values[i]);
  return (lower + upper) / 2;
}

/** The value that sorting would put at index `k`; afterwards no value before `k` is greater. */
function select(values: Float64Array, k: number): number {
  let [left, right] = [0, values.length - 1];
  while (left < right) {
    const pivot = values[(left + right) >> 1];
    let [i, j] = [left, right];
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const swap = values[i];
        values[i++] = values[j];
        values[j--] = swap;
      }
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return values[k];
}
