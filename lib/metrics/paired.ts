/** Comparing two policies on the same tasks: differences, tests, and how many tasks it takes to see one. */
import type { Estimate } from "../types";
import { attemptsOf, rangeOf, taskMeans, type ScoreOptions, type Source } from "./attempts";
import { chiSquaredTail, normalQuantile } from "./distributions";
import { draws } from "./draws";
import { count, requireInteger, variance, type BootstrapOptions } from "./estimates";
import { bootstrapEstimate, meanEstimate } from "./intervals";

/** Differences after - before of the tasks that both have; each side's score is the mean over its attempts. */
export interface Pairs {
  readonly tasks: readonly string[];
  readonly differences: readonly number[];
  /** Tasks that only one side has. */
  readonly unmatched: number;
  /** Attempts left out because the infrastructure failed. */
  readonly errors: number;
  /** Fewest attempts of a matched task, over both sides. */
  readonly k: number;
  /** Least and greatest possible difference. */
  readonly range: readonly [number, number];
}

/** Matches two records by task id (plain attempt arrays: by position). Throws if no task is in both. */
export function pairs(before: Source, after: Source, { score = "success" }: ScoreOptions = {}): Pairs {
  const [a, b] = [attemptsOf(before, score), attemptsOf(after, score)];
  const position = new Map(b.tasks.map((task, i) => [task, i]));
  const matched = a.tasks.flatMap((task, i) => (position.has(task) ? [{ task, i, j: position.get(task)! }] : []));
  if (matched.length === 0)
    throw new RangeError(
      `a paired difference needs tasks that both sides have; before has ${a.tasks.length}, after has ${b.tasks.length}, both have none`,
    );
  const [meansA, meansB] = [taskMeans(a.scores), taskMeans(b.scores)];
  const [least, greatest] = rangeOf([...a.scores.flat(), ...b.scores.flat()]);
  return {
    tasks: matched.map(({ task }) => task),
    differences: matched.map(({ i, j }) => meansB[j] - meansA[i]),
    unmatched: a.tasks.length + b.tasks.length - 2 * matched.length,
    errors: a.errors + b.errors,
    k: Math.min(...matched.map(({ i, j }) => Math.min(a.scores[i].length, b.scores[j].length))),
    range: [least - greatest, greatest - least],
  };
}

export interface PairedOptions extends BootstrapOptions, ScoreOptions {
  /** Default "t": t interval over the tasks' differences. */
  readonly interval?: "t" | "bootstrap";
}

/**
 * The mean over shared tasks of after - before, with an interval over tasks. Pairing removes what differs between tasks
 * (Miller 2024, arXiv:2411.00640), so the interval is narrower than that of two separate means.
 */
export function pairedDifference(before: Source, after: Source, options: PairedOptions = {}): Estimate {
  const { differences, unmatched, errors, k, range } = pairs(before, after, options);
  const { score = "success", interval = "t" } = options;
  const notes = [
    "paired by task",
    ...(score === "success" ? [] : [`score: ${score}`]),
    ...(unmatched ? [`${count(unmatched, "task")} on one side only left out`] : []),
    ...(errors ? [`${count(errors, "error")} left out`] : []),
  ];
  if (interval === "t") return meanEstimate(differences, { ...options, k, range, notes });
  return bootstrapEstimate(differences, { ...options, k, notes });
}

export interface TestResult {
  /** Two-sided. */
  readonly p: number;
  readonly method: string;
}

/**
 * Sign-flip permutation test of a zero mean difference. Statistic |sum|; all sign patterns if at most 20 differences
 * are not zero, else `flips` random ones with p = (1 + #) / (1 + flips).
 */
export function signFlip(
  differences: readonly number[],
  { key = "sign flip", flips = 10_000 }: { readonly key?: string; readonly flips?: number } = {},
): TestResult {
  const nonzero = Float64Array.from(differences.filter((d) => d !== 0));
  const magnitude = nonzero.reduce((sum, d) => sum + Math.abs(d), 0);
  // Sums in another order differ in the last bits; a tie with the observed sum must still count.
  const observed = Math.abs(nonzero.reduce((sum, d) => sum + d, 0)) - 1e-9 * magnitude;
  if (nonzero.length <= 20) return { p: exactFlips(nonzero, observed), method: "sign-flip, exact" };
  const draw = draws(key);
  const signs = new Int32Array(nonzero.length);
  let extreme = 0;
  for (let flip = 0; flip < flips; flip++) {
    draw(signs, 2);
    let sum = 0;
    for (let i = 0; i < signs.length; i++) sum += signs[i] ? nonzero[i] : -nonzero[i];
    if (Math.abs(sum) >= observed) extreme++;
  }
  return { p: (1 + extreme) / (1 + flips), method: `sign-flip, ${flips.toLocaleString("en-US")} random flips` };
}

/** The share of all sign patterns with |sum| >= observed, in Gray code order: one sign changes at a time. */
function exactFlips(values: Float64Array, observed: number): number {
  const patterns = 2 ** values.length;
  const signed = values.slice();
  let sum = signed.reduce((total, d) => total + d, 0);
  let extreme = 0;
  for (let pattern = 1; pattern <= patterns; pattern++) {
    if (Math.abs(sum) >= observed) extreme++;
    if (pattern === patterns) break;
    const flipped = 31 - Math.clz32(pattern & -pattern);
    signed[flipped] = -signed[flipped];
    sum += 2 * signed[flipped];
  }
  return extreme / patterns;
}

export interface McNemar {
  /** Exact two-sided p. */
  readonly exact: number;
  /** Two-sided mid-p: less conservative, the observed table counted half. */
  readonly midP: number;
  /** Chi-squared with continuity correction, 1 degree of freedom. */
  readonly chi2: number;
  readonly chi2P: number;
}

/** McNemar's test for paired yes/no results: `b` tasks solved only by one policy, `c` only by the other. */
export function mcnemar(b: number, c: number): McNemar {
  requireInteger("b of McNemar's test", b, 0);
  requireInteger("c of McNemar's test", c, 0);
  const n = b + c;
  if (n === 0) return { exact: 1, midP: 1, chi2: 0, chi2P: 1 };
  const fewer = Math.min(b, c);
  // Terms C(n, i) / 2^n through logarithms: 2^-n alone underflows for n > 1,074.
  let log = -n * Math.LN2;
  let tail = Math.exp(log);
  for (let i = 1; i <= fewer; i++) {
    log += Math.log((n - i + 1) / i);
    tail += Math.exp(log);
  }
  const chi2 = Math.max(0, Math.abs(b - c) - 1) ** 2 / n;
  return {
    exact: Math.min(1, 2 * tail),
    midP: Math.min(1, 2 * tail - Math.exp(log)),
    chi2,
    chi2P: chiSquaredTail(chi2, 1),
  };
}

/** Holm's step-down adjustment for a family of tests, in the order given. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((i, j) => ps[i] - ps[j]);
  const adjusted = new Array<number>(ps.length);
  let worst = 0;
  order.forEach((i, rank) => {
    worst = Math.max(worst, Math.min(1, (ps.length - rank) * ps[i]));
    adjusted[i] = worst;
  });
  return adjusted;
}

export interface PowerOptions {
  /** Chance to see the difference; default 0.8. */
  readonly power?: number;
  /** Confidence level of the test; default 0.95. */
  readonly level?: number;
}

/** Tasks needed to see a mean paired difference `delta`, given the variance of the tasks' differences. */
export function tasksToSee(delta: number, varianceOfDifferences: number, options: PowerOptions = {}): number {
  if (!(Math.abs(delta) > 0)) throw new RangeError(`tasksToSee needs a difference other than 0, got ${delta}`);
  return Math.ceil((effect(options) / delta) ** 2 * varianceOfDifferences);
}

/** The smallest mean difference that as many tasks as there are `differences` would show. */
export function visibleDifference(differences: readonly number[], options: PowerOptions = {}): number {
  return effect(options) * Math.sqrt(variance(differences) / differences.length);
}

/** 1.96 + 0.84 for level 0.95 and power 0.8. */
function effect({ power = 0.8, level = 0.95 }: PowerOptions): number {
  return normalQuantile((1 + level) / 2) + normalQuantile(power);
}
