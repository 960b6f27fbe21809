/** Small helpers around `Estimate`, and its honest absence. */
import type { Estimate } from "../types";

/** A result that is not defined, with the reason to print: "the change it is divided by covers 0". */
export interface NotAvailable {
  readonly na: string;
}

export type Result = Estimate | NotAvailable;

/** Settings shared by all intervals. */
export interface IntervalOptions {
  /** Confidence level; default 0.95. */
  readonly level?: number;
}

/** Settings of every bootstrap. The same key always gives the same interval. */
export interface BootstrapOptions extends IntervalOptions {
  /** Key of the resampling; default "bootstrap". */
  readonly key?: string;
  /** Number of resamples; default 10,000 (rliable uses 50,000 for points and 2,000 for curves). */
  readonly replicates?: number;
}

export function isEstimate(x: unknown): x is Estimate {
  if (typeof x !== "object" || x === null) return false;
  const { value, low, high, n, k, method } = x as Partial<Estimate>;
  return [value, low, high, n, k].every((part) => typeof part === "number") && typeof method === "string";
}

/** True if the interval leaves the sign open. */
export function coversZero({ low, high }: Pick<Estimate, "low" | "high">): boolean {
  return low <= 0 && high >= 0;
}

/** "95 % t, clustered by task; 2 errors left out": level, kind of interval, then what else a reader must know. */
export function methodText(level: number, kind: string, notes: readonly string[] = []): string {
  return [`${+(level * 100).toFixed(2)} % ${kind}`, ...notes].join("; ");
}

/** "1 task", "2 tasks". */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError("mean needs at least one value, got none");
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Sample variance, divided by n - 1; 0 for a single value. */
export function variance(values: ArrayLike<number>): number {
  const center = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - center) ** 2;
  return sum / Math.max(1, values.length - 1);
}

/** Quantile of sorted values with linear interpolation, as numpy's default. */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const rest = position - below;
  return rest === 0 ? sorted[below] : sorted[below] * (1 - rest) + sorted[below + 1] * rest;
}

/** Throws unless `value` is an integer of at least `least`. */
export function requireInteger(name: string, value: number, least = 1): void {
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`${name} must be an integer of at least ${least}, got ${value}`);
}
