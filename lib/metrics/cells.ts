/**
 * Metrics derived from several cells (train x test, stage x environment) with intervals by resampling.
 *
 * Cells of one environment share their tasks and cells of one run share their seeds, so their errors are correlated:
 * a replicate draws the tasks of every environment once and the seeds of every run once, recomputes all cell means and
 * then the metric. Adding up the cells' variances instead would be wrong.
 */
import type { Estimate, Trajectory } from "../types";
import { attempts, rangeOf, taskMeans, type ScoreOptions } from "./attempts";
import { seedNote } from "./bootstrap";
import { drawCounts } from "./draws";
import { count, mean, methodText, type BootstrapOptions, type NotAvailable, type Result } from "./estimates";
import { meanEstimate, percentiles } from "./intervals";

/** Scores that stay as they are: what is resampled for a cell is kept for the next metric. */
export interface Cell {
  /** What the tasks belong to ("webshop", "webshop/hard"): cells with the same name are drawn together. */
  readonly env: string;
  /** What was trained ("base", "alfworld", "webshop > textcraft"): cells with the same name share their seeds. */
  readonly run: string;
  readonly tasks: readonly string[];
  /** Seeds x tasks: the mean over attempts. */
  readonly scores: readonly (readonly number[])[];
  /** Attempts behind each score; default 1. */
  readonly k?: number;
}

/**
 * A cell from trajectories, one list per training seed. Each task's first `k` attempts count (default: all); tasks that
 * some seed lacks are left out. Throws if no task is left.
 */
export function cell(
  env: string,
  run: string,
  seeds: readonly (readonly Trajectory[])[],
  { k = Infinity, score = "success" }: ScoreOptions & { readonly k?: number } = {},
): Cell {
  const records = seeds.map((trajectories) => attempts(trajectories, score));
  const tasks = intersection(records.map((record) => record.tasks));
  if (tasks.length === 0)
    throw new RangeError(`cell ${run} on ${env}: no task that all of ${count(seeds.length, "seed")} have`);
  const scores = records.map((record) => align(tasks, record.tasks, taskMeans(record.scores, k)));
  const most = Math.max(...records.flatMap((record) => record.scores.map((task) => task.length)));
  return { env, run, tasks, scores, k: Math.min(k, most) };
}

/**
 * The mean score of one cell: t or Wilson over tasks for one seed, bootstrap over tasks and seeds for more. Where all
 * scores agree nothing can be drawn that differs, and Wilson's bound over tasks stands instead.
 */
export function cellEstimate(of: Cell, options: BootstrapOptions = {}): Estimate {
  const { scores, tasks, k } = of;
  const range = rangeOf(scores.flat());
  if (scores.length === 1 || new Set(scores.flat()).size === 1) {
    const perTask = tasks.map((_, t) => mean(scores.map((seed) => seed[t])));
    return meanEstimate(perTask, { ...options, k, range, notes: [seedNote([scores.length])] });
  }
  const estimate = derive([of], ([value]) => ({ value }), options).value as Estimate;
  return { ...estimate, low: Math.max(estimate.low, range[0]), high: Math.min(estimate.high, range[1]) };
}

/** Per shared task: after - before, each the mean over seeds. What a sign-flip test and a power calculation need. */
export function taskDifferences(before: Cell, after: Cell): number[] {
  const tasks = intersection([before.tasks, after.tasks]);
  const perTask = ({ tasks: from, scores }: Cell) =>
    align(
      tasks,
      from,
      from.map((_, t) => mean(scores.map((seed) => seed[t]))),
    );
  const [b, a] = [perTask(before), perTask(after)];
  return tasks.map((_, t) => a[t] - b[t]);
}

/**
 * Estimates of metrics of the cells' means. `metrics` gets one mean per cell, in the order of the cells, and returns
 * named values; NaN means undefined and becomes "n/a", with the reason from `reasons`. Only tasks that all cells of an environment share are used.
 */
export function derive<Name extends string>(
  cells: readonly Cell[],
  metrics: (means: readonly number[]) => Readonly<Record<Name, number>>,
  options: BootstrapOptions = {},
  reasons: Partial<Record<Name, string>> = {},
): Record<Name, Result> {
  const { level = 0.95, key = "bootstrap", replicates = 10_000 } = options;
  const study = prepare(cells);
  const point = metrics(study.cells.map(({ scores }) => mean(scores.map(mean))));
  const names = Object.keys(point) as Name[];
  const found = names.map(() => new Float64Array(replicates));
  const drawn = study.cells.map((cell) => resampledMeans(cell, key, replicates));
  const means = new Array<number>(cells.length);
  for (let r = 0; r < replicates; r++) {
    for (let i = 0; i < means.length; i++) means[i] = drawn[i][r];
    const values = metrics(means);
    names.forEach((name, i) => (found[i][r] = values[name]));
  }
  const { n, k, kind, notes } = study;
  const results = names.map((name, i): [Name, Result] => {
    if (Number.isNaN(point[name])) return [name, { na: reasons[name] ?? "undefined for these scores" }];
    const interval = percentiles(found[i], level);
    const flat = interval.low === interval.high ? ["no variation in the sample"] : [];
    return [name, { value: point[name], ...interval, n, k, method: methodText(level, kind, [...notes, ...flat]) }];
  });
  return Object.fromEntries(results) as Record<Name, Result>;
}

/** The ratio of two metrics; n/a where the interval of the denominator covers 0. */
export function deriveRatio(
  cells: readonly Cell[],
  parts: (means: readonly number[]) => { readonly numerator: number; readonly denominator: number },
  name: string,
  options: BootstrapOptions = {},
): Result {
  const { ratio, denominator } = derive(
    cells,
    (means) => {
      const { numerator, denominator } = parts(means);
      return { ratio: numerator / denominator, denominator };
    },
    options,
  );
  if ("na" in denominator || (denominator.low <= 0 && denominator.high >= 0))
    return { na: `the interval of ${name} covers 0` } satisfies NotAvailable;
  return ratio;
}

/** The cells, cut to the tasks that their environment's cells share, and what a reader must know about all of them. */
function prepare(cells: readonly Cell[]) {
  if (cells.length === 0) throw new RangeError("derive needs at least one cell, got none");
  const tasksOf = new Map<string, readonly string[]>();
  const seedsOf = new Map<string, number>();
  for (const { env, run, tasks, scores } of cells) {
    if (scores.length === 0 || scores.some((seed) => seed.length !== tasks.length))
      throw new RangeError(
        `cell ${run} on ${env} needs seeds x ${count(tasks.length, "task")}, got ${scores.map((s) => s.length)}`,
      );
    const seeds = seedsOf.get(run) ?? scores.length;
    if (seeds !== scores.length)
      throw new RangeError(`cells of run ${run} need the same seeds, got ${seeds} and ${scores.length} (on ${env})`);
    seedsOf.set(run, seeds);
    tasksOf.set(env, intersection([tasksOf.get(env) ?? tasks, tasks]));
  }
  for (const [env, tasks] of tasksOf)
    if (tasks.length === 0) throw new RangeError(`the cells of ${env} have no task in common`);
  const dropped = cells.filter((c) => c.tasks.length > tasksOf.get(c.env)!.length).length;
  const seeds = [...seedsOf.values()];
  return {
    cells: cells.map((whole): Cell => {
      const { env, run, tasks, scores } = whole;
      const shared = tasksOf.get(env)!;
      if (shared.every((task, t) => task === tasks[t]) && shared.length === tasks.length) return whole;
      return { env, run, tasks: shared, scores: scores.map((seed) => align(shared, tasks, seed)) };
    }),
    n: [...tasksOf.values()].reduce((sum, tasks) => sum + tasks.length, 0),
    k: Math.min(...cells.map((c) => c.k ?? 1)),
    kind: seeds.some((number) => number > 1) ? "bootstrap over tasks and seeds" : "bootstrap over tasks",
    notes: [
      seedNote(seeds),
      ...(dropped ? [`${count(dropped, "cell")} cut to the tasks shared in the environment`] : []),
    ],
  };
}

/** What was resampled for a cell, by key and replicates. */
const resampled = new WeakMap<Cell, Map<string, Float64Array>>();

/** The mean of a cell in every replicate, computed once. */
function resampledMeans(cell: Cell, key: string, replicates: number): Float64Array {
  const name = `${replicates} ${key}`;
  const known = resampled.get(cell) ?? new Map<string, Float64Array>();
  resampled.set(cell, known);
  if (!known.has(name)) known.set(name, resample(cell, key, replicates));
  return known.get(name)!;
}

/**
 * Which tasks and which seeds a replicate has depends on their name and number alone, whatever else is in the study.
 * Drawing from S seeds shows (S - 1) / S of their variance, much too little for two or three: how often a seed is in a
 * replicate is stretched around 1 by sqrt(S / (S - 1)) (Rao and Wu 1988, resampling as many as there are).
 */
function resample({ env, run, tasks, scores }: Cell, key: string, replicates: number): Float64Array {
  const taskCounts = drawCounts(`${key}/tasks/${env}`, tasks.length, replicates);
  const seedCounts = drawCounts(`${key}/seeds/${run}`, scores.length, replicates);
  const stretch = scores.length > 1 ? Math.sqrt(scores.length / (scores.length - 1)) : 1;
  const means = new Float64Array(replicates);
  for (let s = 0; s < scores.length; s++) {
    const sums = new Float64Array(replicates);
    for (let t = 0; t < tasks.length; t++) addTimes(sums, taskCounts[t], scores[s][t]);
    const times = seedCounts[s];
    for (let r = 0; r < replicates; r++) means[r] += (1 + stretch * (times[r] - 1)) * sums[r];
  }
  const size = scores.length * tasks.length;
  return means.map((sum) => sum / size);
}

/** Adds a value to every sum as often as it was drawn. */
function addTimes(sums: Float64Array, times: Uint16Array, value: number): void {
  if (value !== 0) for (let r = 0; r < sums.length; r++) sums[r] += times[r] * value;
}

function intersection(lists: readonly (readonly string[])[]): string[] {
  const [first = [], ...rest] = lists;
  const others = rest.map((list) => new Set(list));
  return first.filter((task) => others.every((other) => other.has(task)));
}

/** `values` of `from`, in the order of `tasks`. */
function align(tasks: readonly string[], from: readonly string[], values: readonly number[]): number[] {
  const position = new Map(from.map((task, i) => [task, i]));
  return tasks.map((task) => values[position.get(task)!]);
}
