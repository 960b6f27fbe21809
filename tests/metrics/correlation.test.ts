import { describe, expect, it } from "vitest";
import { mantel, pairedCells, ranks, spearman } from "../../lib/metrics";

describe("rank correlation", () => {
  it("shares ranks among equal values", () => {
    expect(ranks([10, 30, 20, 20])).toEqual([1, 4, 2.5, 2.5]);
  });

  it("is Pearson's correlation of the ranks, ties included", () => {
    expect(spearman([1, 2, 3, 4], [10, 20, 30, 400])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 12);
    // R: cor(c(1, 2, 2, 4, 5), c(2, 1, 3, 5, 4), method = "spearman")
    expect(spearman([1, 2, 2, 4, 5], [2, 1, 3, 5, 4])).toBeCloseTo(0.7181848464596079, 12);
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNaN();
    expect(() => spearman([1], [1, 2])).toThrow(/1 and 2/);
  });

  it("leaves out the diagonal and what is not there", () => {
    const x = [
      [9, 1],
      [2, 9],
    ];
    expect(pairedCells(x, x)).toEqual({ x: [1, 2], y: [1, 2] });
    expect(
      pairedCells(x, [
        [0, NaN],
        [5, 0],
      ]),
    ).toEqual({ x: [2], y: [5] });
  });

  it("is tested by permuting the things, rows and columns together", () => {
    const far = (n: number) =>
      Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Math.abs(i * i - j * j)));
    const same = mantel(far(5), far(5));
    expect(same.rho).toBeCloseTo(1, 12);
    // Only the identity lines up as well.
    expect(same.p).toBeCloseTo(1 / 120, 12);
    expect(same.method).toContain("all 120 permutations");
    expect(() => mantel(far(9), far(9))).toThrow(/at most 8 things, got 9/);
  });
});
