/** Comparing learning curves: the transfer measures of Taylor & Stone 2009 (JMLR 10). */
import { draws } from "./draws";
import { mean, methodText, type BootstrapOptions, type Result } from "./estimates";
import { seedNote, type Matrix } from "./bootstrap";
import { percentiles } from "./intervals";

export interface CurveOptions extends BootstrapOptions {
  /** Score to reach; without it the times to threshold are n/a. */
  readonly threshold?: number;
  /** Points at the end whose mean is the asymptote; default 1. */
  readonly last?: number;
}

export interface CurveMeasures {
  /** First score with transfer - first score without. */
  readonly jumpStart: number;
  /** Final score with transfer - final score without. */
  readonly asymptote: number;
  /** Normalised area under the curve with transfer - without. */
  readonly totalReward: number;
  /** (area with - area without) / area without. */
  readonly transferRatio: number;
  /** Steps to the threshold with transfer; NaN if it is never reached. */
  readonly timeToThreshold: number;
  /** Steps saved: time without transfer - time with. */
  readonly timeSaved: number;
}

/** Area under a curve by trapezoids over its steps, divided by the length: a mean score. One point: its value. */
export function auc(steps: readonly number[], scores: ArrayLike<number>): number {
  const span = steps[steps.length - 1] - steps[0];
  if (steps.length !== scores.length || steps.length === 0)
    throw new RangeError(`a curve needs as many scores as steps, got ${scores.length} and ${steps.length}`);
  if (span === 0) return mean(scores);
  let area = 0;
  for (let i = 1; i < steps.length; i++) area += ((scores[i] + scores[i - 1]) / 2) * (steps[i] - steps[i - 1]);
  return area / span;
}

/** The first step at which the curve is at `threshold`, by linear interpolation; NaN if it never is. */
export function timeToThreshold(steps: readonly number[], scores: ArrayLike<number>, threshold: number): number {
  for (let i = 0; i < steps.length; i++) {
    if (!(scores[i] >= threshold)) continue;
    if (i === 0) return steps[0];
    const share = (threshold - scores[i - 1]) / (scores[i] - scores[i - 1]);
    return steps[i - 1] + share * (steps[i] - steps[i - 1]);
  }
  return NaN;
}

/** Measures of a curve that starts from a trained policy against one that starts from the base, at the same steps. */
export function curveMeasures(
  steps: readonly number[],
  transfer: ArrayLike<number>,
  scratch: ArrayLike<number>,
  { threshold = NaN, last = 1 }: CurveOptions = {},
): CurveMeasures {
  const end = (curve: ArrayLike<number>) => mean(Array.from(curve).slice(-last));
  const [withTransfer, without] = [auc(steps, transfer), auc(steps, scratch)];
  const time = timeToThreshold(steps, transfer, threshold);
  return {
    jumpStart: transfer[0] - scratch[0],
    asymptote: end(transfer) - end(scratch),
    totalReward: withTransfer - without,
    transferRatio: without === 0 ? NaN : (withTransfer - without) / without,
    timeToThreshold: time,
    timeSaved: timeToThreshold(steps, scratch, threshold) - time,
  };
}

/**
 * {@link curveMeasures} of the mean curves of several seeds (seeds x steps on each side), seeds drawn anew on each side;
 * 2,000 replicates by default. With one seed on a side there is no interval: everything is n/a.
 */
export function curveEstimates(
  steps: readonly number[],
  transfer: Matrix,
  scratch: Matrix,
  options: CurveOptions = {},
): Record<keyof CurveMeasures, Result> {
  const { level = 0.95, key = "bootstrap", replicates = 2_000 } = options;
  const sides = [transfer, scratch];
  const identity = sides.map((side) => Int32Array.from(side, (_, i) => i));
  const measure = (picks: readonly Int32Array[]) => {
    const [a, b] = sides.map((side, i) => steps.map((_, t) => mean(Array.from(picks[i], (seed) => side[seed][t]))));
    return curveMeasures(steps, a, b, options);
  };
  const point = measure(identity);
  const names = Object.keys(point) as (keyof CurveMeasures)[];
  const few = sides.some((side) => side.length < 2);
  const found = names.map(() => new Float64Array(few ? 0 : replicates));
  const streams = ["transfer", "scratch"].map((side) => draws(`${key}/seeds/${side}`));
  for (let r = 0; r < found[0].length; r++) {
    const picks = sides.map((side) => new Int32Array(side.length));
    picks.forEach((target, i) => streams[i](target, target.length));
    const values = measure(picks);
    names.forEach((name, i) => (found[i][r] = values[name]));
  }
  const n = Math.min(...sides.map((side) => side.length));
  const method = methodText(level, "bootstrap over seeds", [seedNote(sides.map((side) => side.length))]);
  const results = names.map((name, i): [string, Result] => {
    if (few) return [name, { na: "1 seed: no interval over seeds" }];
    if (Number.isNaN(point[name])) return [name, { na: "undefined for these curves" }];
    return [name, { value: point[name], ...percentiles(found[i], level), n, k: 1, method }];
  });
  return Object.fromEntries(results) as Record<keyof CurveMeasures, Result>;
}
