import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalQuantile, tQuantile } from "../../lib/metrics/distributions";
import { coversZero, isEstimate, quantile } from "../../lib/metrics/estimates";
import {
  bootstrapEstimate,
  clusteredStandardError,
  meanEstimate,
  standardError,
  wilson,
} from "../../lib/metrics/intervals";

describe("intervals", () => {
  it("Wilson's interval has the textbook values", () => {
    expect(wilson(45, 50).low).toBeCloseTo(0.786398, 6);
    expect(wilson(45, 50).high).toBeCloseTo(0.956524, 6);
    expect(wilson(0, 20).low).toBe(0);
    expect(wilson(0, 20).high).toBeCloseTo(0.161125, 6);
    expect(wilson(20, 20).high).toBe(1);
    expect(() => wilson(3, 2)).toThrow(/got 3 of 2/);
  });

  it("Wilson's interval contains the rate and mirrors under exchange of success and failure", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (n, c) => {
        fc.pre(c <= n);
        const [a, b] = [wilson(c, n), wilson(n - c, n)];
        expect(a.low).toBeLessThanOrEqual(c / n);
        expect(a.high).toBeGreaterThanOrEqual(c / n);
        expect(a.low).toBeCloseTo(1 - b.high, 12);
      }),
    );
  });

  it("the clustered standard error counts tasks, not attempts", () => {
    const scores = [
      [1, 1],
      [0, 1],
      [0, 0],
    ];
    expect(clusteredStandardError(scores)).toBeCloseTo(0.288675, 6);
    expect(standardError(scores.flat())).toBeCloseTo(0.223607, 6);
  });

  it("quantiles are those of the tables", () => {
    expect(tQuantile(0.975, 2)).toBeCloseTo(4.30265, 5);
    expect(tQuantile(0.975, 0)).toBe(Infinity);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 6);
    expect(quantile([0, 1, 2, 3], 0.5)).toBe(1.5);
  });

  it("a mean has a t interval, cut at what is possible", () => {
    expect(meanEstimate([1, 2, 3])).toMatchObject({ value: 2, n: 3, k: 1, method: "95 % t over tasks" });
    expect(meanEstimate([1, 2, 3]).high).toBeCloseTo(2 + 4.30265 / Math.sqrt(3), 5);
    expect(meanEstimate([1, 2, 3], { range: [0, 3] })).toMatchObject({ low: 0, high: 3 });
    expect(meanEstimate([5], { range: [0, Infinity] })).toMatchObject({ value: 5, low: 0, high: Infinity });
    expect(() => meanEstimate([])).toThrow(/at least one value/);
  });

  it("tasks that all agree still leave an interval when the range is known", () => {
    const { low, high } = meanEstimate(Array(20).fill(0), { range: [-1, 1] });
    expect(high).toBeCloseTo(0.161125, 6);
    expect(low).toBeCloseTo(-0.161125, 6);
    const certain = meanEstimate(Array(20).fill(1), { range: [-1, 1] });
    expect(certain.high).toBe(1);
    expect(certain.low).toBeCloseTo(1 - 2 * 0.161125, 6);
  });

  it("the bootstrap agrees with the t interval and repeats itself by key", () => {
    const values = Array.from({ length: 200 }, (_, i) => Math.sqrt(i));
    const [boot, t] = [bootstrapEstimate(values, { key: "a" }), meanEstimate(values)];
    expect(boot.low).toBeCloseTo(t.low, 1);
    expect(boot.high).toBeCloseTo(t.high, 1);
    expect(bootstrapEstimate(values, { key: "a" })).toEqual(boot);
    expect(bootstrapEstimate(values, { key: "b" }).low).not.toBe(boot.low);
  });

  it("an estimate is told from anything else", () => {
    expect(isEstimate(meanEstimate([1, 2]))).toBe(true);
    for (const other of [0.5, null, undefined, "x", {}, { value: 1 }]) expect(isEstimate(other)).toBe(false);
    expect(coversZero({ low: -1, high: 0 })).toBe(true);
    expect(coversZero({ low: 0.1, high: 1 })).toBe(false);
  });
});
