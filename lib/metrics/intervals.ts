/** Intervals for one mean or one rate. The independent unit is the task, never the single attempt. */
import type { Estimate } from "../types";
import { normalQuantile, tQuantile } from "./distributions";
import { draws } from "./draws";
import { mean, methodText, quantile, variance, type BootstrapOptions, type IntervalOptions } from "./estimates";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval for `successes` out of `n` independent trials (Wilson 1927). */
export function wilson(successes: number, n: number, level = 0.95): Interval {
  if (!(n > 0 && successes >= 0 && successes <= n))
    throw new RangeError(`wilson needs 0 <= successes <= n and n > 0, got ${successes} of ${n}`);
  const z2 = normalQuantile((1 + level) / 2) ** 2;
  const rate = successes / n;
  const center = (rate + z2 / (2 * n)) / (1 + z2 / n);
  const half = Math.sqrt((z2 / n) * (rate * (1 - rate) + z2 / (4 * n))) / (1 + z2 / n);
  return { low: successes === 0 ? 0 : center - half, high: successes === n ? 1 : center + half };
}

/** Standard error of a mean of independent values: s / sqrt(n). */
export function standardError(values: readonly number[]): number {
  return Math.sqrt(variance(values) / values.length);
}

/**
 * Standard error of the mean over all attempts, clustered by task (Miller 2024, arXiv:2411.00640, appendix A, with
 * the small-sample factor C / (C - 1)). `scores[task]` lists a task's attempts, as many as it has.
 */
export function clusteredStandardError(scores: readonly (readonly number[])[]): number {
  const all = scores.flat();
  const center = mean(all);
  const clusters = scores.length;
  let sum = 0;
  for (const attempts of scores) sum += attempts.reduce((total, x) => total + x - center, 0) ** 2;
  return Math.sqrt((sum * clusters) / (clusters - 1)) / all.length;
}

export interface MeanOptions extends IntervalOptions {
  /** Least and greatest possible value; the interval is cut there. Default: unbounded. */
  readonly range?: readonly [number, number];
  /** Attempts behind each value; default 1. */
  readonly k?: number;
  /** Printed after the method. */
  readonly notes?: readonly string[];
  /** Name of the t interval; default "t over tasks". */
  readonly kind?: string;
}

/**
 * The mean of one value per task with its interval.
 *
 * Values that are all 0 or 1 in the range [0, 1] are a binary rate: Wilson. Otherwise the t interval with n - 1
 * degrees of freedom. Where all tasks agree (or there is one) the t interval would have no width: the share of tasks
 * that might differ is bounded by Wilson's 0 of n, at the ends of the range.
 */
export function meanEstimate(values: readonly number[], options: MeanOptions = {}): Estimate {
  const { level = 0.95, range = [-Infinity, Infinity], k = 1, notes, kind = "t over tasks" } = options;
  const n = values.length;
  const value = mean(values);
  const [least, greatest] = range;
  const estimate = (low: number, high: number, how: string): Estimate => {
    return {
      value,
      low: Math.max(low, least),
      high: Math.min(high, greatest),
      n,
      k,
      method: methodText(level, how, notes),
    };
  };
  if (least === 0 && greatest === 1 && values.every((x) => x === 0 || x === 1)) {
    const { low, high } = wilson(Math.round(value * n), n, level);
    return estimate(low, high, "Wilson over tasks");
  }
  if (Number.isFinite(greatest - least) && values.every((x) => x === values[0])) {
    const share = wilson(0, n, level).high;
    const bound = (end: number) => (1 - share) * value + share * end;
    return estimate(bound(least), bound(greatest), "Wilson bound (all tasks agree)");
  }
  const half = n > 1 ? tQuantile((1 + level) / 2, n - 1) * standardError(values) : Infinity;
  return estimate(value - half, value + half, kind);
}

/** Percentile bootstrap over tasks for any statistic of one value per task; default the mean. */
export function bootstrapEstimate(
  values: readonly number[],
  options: BootstrapOptions & Pick<MeanOptions, "k" | "notes"> & { readonly statistic?: typeof mean } = {},
): Estimate {
  const { level = 0.95, key = "bootstrap", replicates = 10_000, k = 1, notes, statistic = mean } = options;
  const n = values.length;
  const value = statistic(values);
  const draw = draws(key);
  const index = new Int32Array(n);
  const sample = new Float64Array(n);
  const found = new Float64Array(replicates);
  for (let r = 0; r < replicates; r++) {
    draw(index, n);
    for (let i = 0; i < n; i++) sample[i] = values[index[i]];
    found[r] = statistic(sample);
  }
  return { value, ...percentiles(found, level), n, k, method: methodText(level, "bootstrap over tasks", notes) };
}

/** The central `level` of bootstrap replicates (sorted in place); undefined replicates (NaN) are left out. */
export function percentiles(replicates: Float64Array, level: number): Interval {
  replicates.sort();
  let defined = replicates.length;
  while (defined > 0 && Number.isNaN(replicates[defined - 1])) defined--;
  const kept = replicates.subarray(0, defined);
  return { low: quantile(kept, (1 - level) / 2), high: quantile(kept, (1 + level) / 2) };
}
