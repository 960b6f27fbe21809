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
import { draws } from "./draws";
import { count, mean, methodText, type BootstrapOptions, type NotAvailable, type Result } from "./estimates";
import { meanEstimate, percentiles } from "./intervals";

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
  const study = prepare(cells, key);
  const point = metrics(study.cells.map(({ scores }) => mean(scores.map(mean))));
  const names = Object.keys(point) as Name[];
  const found = names.map(() => new Float64Array(replicates));
  const means = new Array<number>(cells.length);
  for (let r = 0; r < replicates; r++) {
    for (const sampler of study.samplers) sampler.resample();
    study.cells.forEach((prepared, i) => (means[i] = weightedMean(prepared)));
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

interface Sampler {
  /** How often each task or seed is in the present sample, stretched around 1; the sum is their number. */
  readonly weights: Float64Array;
  resample(): void;
}

interface Prepared {
  readonly scores: readonly Float64Array[];
  readonly tasks: Sampler;
  readonly seeds: Sampler;
}

function prepare(cells: readonly Cell[], key: string) {
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
  // A sampler's draws depend on its name alone: the same tasks are drawn whatever else is in the study.
  const taskSampler = new Map([...tasksOf].map(([env, tasks]) => [env, sampler(`${key}/tasks/${env}`, tasks.length)]));
  const seedSampler = new Map(
    [...seedsOf].map(([run, seeds]) => {
      const stretch = seeds > 1 ? Math.sqrt(seeds / (seeds - 1)) : 1;
      return [run, sampler(`${key}/seeds/${run}`, seeds, stretch)];
    }),
  );
  const dropped = cells.filter((c) => c.tasks.length > tasksOf.get(c.env)!.length).length;
  const seeds = [...seedsOf.values()];
  return {
    cells: cells.map(({ env, run, tasks, scores }): Prepared => {
      const aligned = scores.map((seed) => Float64Array.from(align(tasksOf.get(env)!, tasks, seed)));
      return { scores: aligned, tasks: taskSampler.get(env)!, seeds: seedSampler.get(run)! };
    }),
    samplers: [...taskSampler.values(), ...seedSampler.values()],
    n: [...tasksOf.values()].reduce((sum, tasks) => sum + tasks.length, 0),
    k: Math.min(...cells.map((c) => c.k ?? 1)),
    kind: seeds.some((number) => number > 1) ? "bootstrap over tasks and seeds" : "bootstrap over tasks",
    notes: [
      seedNote(seeds),
      ...(dropped ? [`${count(dropped, "cell")} cut to the tasks shared in the environment`] : []),
    ],
  };
}

function sampler(key: string, size: number, stretch = 1): Sampler {
  const draw = draws(key);
  const picks = new Int32Array(size);
  const weights = new Float64Array(size);
  const resample = () => {
    weights.fill(1 - stretch);
    draw(picks, size);
    for (let i = 0; i < size; i++) weights[picks[i]] += stretch;
  };
  return { weights, resample };
}

function weightedMean({ scores, tasks, seeds }: Prepared): number {
  const weights = tasks.weights;
  let total = 0;
  for (let s = 0; s < scores.length; s++) {
    const times = seeds.weights[s];
    if (times === 0) continue;
    const row = scores[s];
    let sum = 0;
    for (let t = 0; t < row.length; t++) sum += weights[t] * row[t];
    total += times * sum;
  }
  return total / (scores.length * weights.length);
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
