import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aggregate, iqm, median, optimalityGap, probabilityOfImprovement, seedNote } from "../../lib/metrics/bootstrap";
import { drawCounts, draws } from "../../lib/metrics/draws";
import { mean } from "../../lib/metrics/estimates";
import { generator } from "../../lib/random";

const random = generator("scores");
const scores = (runs: number, tasks: number, shift = 0) =>
  Array.from({ length: runs }, () => Array.from({ length: tasks }, () => random.integer(9 - shift) / 8 + shift / 8));

describe("aggregates over runs and tasks", () => {
  it("IQM of 1..8 is 4.5 and of 1..10 is 5.5", () => {
    expect(iqm([1, 2, 3, 4, 5, 6, 7, 8])).toBe(4.5);
    expect(iqm([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])).toBe(5.5);
  });

  it("point values are those of the plain definitions", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 5, maxLength: 5 }), {
          minLength: 1,
          maxLength: 4,
        }),
        (matrix) => {
          const result = aggregate([matrix], { replicates: 2 });
          const all = matrix.flat();
          const taskMeans = matrix[0].map((_, t) => mean(matrix.map((run) => run[t])));
          expect(result.mean.value).toBeCloseTo(mean(all), 10);
          expect(result.median.value).toBeCloseTo([...taskMeans].sort((a, b) => a - b)[2], 10);
          expect(result.iqm.value).toBeCloseTo(iqm(all), 10);
          expect(result.optimalityGap.value).toBeCloseTo(optimalityGap(all), 10);
        },
      ),
    );
  });

  it("the median is the middle value, or the mean of the two", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 40 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const half = sorted.length >> 1;
        expect(median(values)).toBe(sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2);
      }),
    );
  });

  it("the interval is that of runs drawn inside each task", () => {
    const matrix = scores(4, 50);
    // Variance of the mean with tasks fixed: sum over tasks of the runs' population variance / runs, over tasks squared.
    const sd = Math.sqrt(
      matrix[0].reduce((sum, _, t) => {
        const runs = matrix.map((run) => run[t]);
        const center = mean(runs);
        return sum + mean(runs.map((x) => (x - center) ** 2)) / 4;
      }, 0) / 2500,
    );
    const { mean: m } = aggregate([matrix], { key: "check" });
    expect((m.high - m.low) / (2 * 1.96 * sd)).toBeCloseTo(1, 1);
    expect(m.method).toBe("95 % stratified bootstrap; 4 seeds (fewer than 10)");
  });

  it("the same key gives the same interval, another key another one", () => {
    const matrices = [scores(3, 20), scores(2, 30)];
    const options = { key: "a", replicates: 500 };
    expect(aggregate(matrices, options)).toEqual(aggregate(matrices, options));
    expect(aggregate(matrices, options).iqm.low).not.toBe(aggregate(matrices, { ...options, key: "b" }).iqm.low);
  });

  it("a single run has its tasks drawn instead, and says so", () => {
    const matrix = scores(1, 100);
    const { mean: m } = aggregate([matrix]);
    expect(m.high - m.low).toBeGreaterThan(0.05);
    expect(m.method).toContain("1 seed: where there is 1 seed, tasks are drawn instead");
    expect(seedNote([1, 3])).toBe("1 and 3 seeds (fewer than 10)");
  });

  it("refuses a matrix with holes", () => {
    expect(() => aggregate([[[1, 2], [1]]])).toThrow(/full matrix runs x tasks, got rows of 2, 1/);
    expect(() => aggregate([])).toThrow(/at least one matrix/);
  });
});

describe("probability of improvement", () => {
  it("is 1 for always better, one half for equal, and complements itself", () => {
    const [low, high] = [
      [
        [0.1, 0.2],
        [0.2, 0.3],
      ],
      [
        [0.5, 0.6],
        [0.7, 0.9],
      ],
    ];
    expect(probabilityOfImprovement(high, low).value).toBe(1);
    expect(probabilityOfImprovement(low, low).value).toBe(0.5);
    const [x, y] = [scores(3, 40), scores(4, 40, 2)];
    const there = probabilityOfImprovement(x, y, { replicates: 200 }).value;
    expect(there + probabilityOfImprovement(y, x, { replicates: 200 }).value).toBeCloseTo(1, 12);
  });

  it("needs the same tasks", () => {
    expect(() => probabilityOfImprovement([[1, 2]], [[1]])).toThrow(/same tasks as columns, got 2 and 1/);
  });
});

describe("draws", () => {
  it("are uniform, in range, and a function of the key", () => {
    const target = new Int32Array(300_000);
    draws("a")(target, 3);
    const counts = [0, 0, 0];
    for (const i of target) counts[i]++;
    for (const c of counts) expect(Math.abs(c - 100_000)).toBeLessThan(1_300);
    const again = new Int32Array(10);
    draws("a")(again, 3);
    expect(Array.from(again)).toEqual(Array.from(target.subarray(0, 10)));
  });

  it("are counted: every replicate has as many items as there are, those that were drawn", () => {
    const [n, replicates] = [5, 200];
    const counts = drawCounts("counted", n, replicates);
    const draw = draws("counted");
    const picks = new Int32Array(n);
    for (let r = 0; r < replicates; r++) {
      draw(picks, n);
      expect(counts.map((item) => item[r])).toEqual([0, 1, 2, 3, 4].map((i) => picks.filter((p) => p === i).length));
    }
  });
});
