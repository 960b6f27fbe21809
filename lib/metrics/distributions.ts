/** Quantiles and tail probabilities; the only import of jstat. */
// The tests compile this file without lib's own declarations, so it must name them.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./jstat.d.ts" />
import { jStat } from "jstat";

/** The standard normal value below which a share `p` lies: 1.96 for 0.975. */
export function normalQuantile(p: number): number {
  return jStat.normal.inv(p, 0, 1);
}

/** The same for Student's t: 4.30 for 0.975 and 2 degrees of freedom; infinite for none. */
export function tQuantile(p: number, df: number): number {
  return df > 0 ? jStat.studentt.inv(p, df) : Infinity;
}

/** Upper tail of chi-squared with `df` degrees of freedom. */
export function chiSquaredTail(x: number, df: number): number {
  return 1 - jStat.chisquare.cdf(x, df);
}
