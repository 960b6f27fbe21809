import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  holm,
  mcnemar,
  pairedDifference,
  pairs,
  signFlip,
  tasksToSee,
  visibleDifference,
} from "../../lib/metrics/paired";
import { avgAt } from "../../lib/metrics/attempts";
import { generator } from "../../lib/random";
import { record, trajectory } from "./support";

const grid = fc.array(fc.array(fc.constantFrom(0, 1), { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 20 });

describe("paired difference", () => {
  it("is the difference of the two averages, over shared tasks", () => {
    fc.assert(
      fc.property(grid, grid, (a, b) => {
        const n = Math.min(a.length, b.length);
        const [before, after] = [a.slice(0, n), b.slice(0, n)];
        const { value, low, high } = pairedDifference(before, after);
        expect(value).toBeCloseTo(avgAt(4)(after).value - avgAt(4)(before).value, 12);
        expect(-1 <= low && low <= value + 1e-12 && value <= high + 1e-12 && high <= 1).toBe(true);
        const back = pairedDifference(after, before);
        expect(back.low).toBeCloseTo(-high, 10);
      }),
    );
  });

  it("matches by task id and counts what has no partner", () => {
    const before = [trajectory("a", 0, "failure"), trajectory("b", 0, "success"), trajectory("c", 0, "success")];
    const after = [trajectory("d", 0, "success"), trajectory("b", 0, "success"), trajectory("a", 0, "success")];
    expect(pairs(before, after)).toMatchObject({ tasks: ["a", "b"], differences: [1, 0], unmatched: 2 });
    const estimate = pairedDifference(before, after);
    expect(estimate).toMatchObject({ value: 0.5, n: 2, k: 1 });
    expect(estimate.method).toContain("paired by task; 2 tasks on one side only left out");
    expect(() => pairedDifference(record([[1]], "x"), record([[1]], "y"))).toThrow(/both have none/);
  });

  it("is narrower than two separate intervals where tasks differ in difficulty", () => {
    const before = Array.from({ length: 40 }, (_, i) => (i < 20 ? [0, 0, 0, 1] : [1, 1, 1, 0]));
    const after = before.map((row, i) => row.map((x, j) => (i % 4 === 0 && j === 1 ? 1 : x)));
    const { low, high } = pairedDifference(before, after);
    const single = avgAt(4)(before);
    expect(high - low).toBeLessThan((single.high - single.low) / 2);
  });

  it("has a bootstrap interval close to the t interval", () => {
    const random = generator("pairs");
    const draw = () => Array.from({ length: 150 }, () => Array.from({ length: 4 }, () => random.integer(2)));
    const [before, after] = [draw(), draw()];
    const t = pairedDifference(before, after);
    const boot = pairedDifference(before, after, { interval: "bootstrap", key: "p" });
    expect(boot.low).toBeCloseTo(t.low, 1);
    expect(boot.value).toBe(t.value);
    expect(boot.method).toBe("95 % bootstrap over tasks; paired by task");
  });

  it("no change on any task is not certainty", () => {
    const same = Array.from({ length: 20 }, () => [1]);
    expect(pairedDifference(same, same)).toMatchObject({ value: 0 });
    expect(pairedDifference(same, same).high).toBeCloseTo(0.161125, 6);
  });
});

describe("tests", () => {
  it("sign-flip is exact for few differences", () => {
    expect(signFlip([1, 0, 1, 1, -1, 1, 0, 1])).toEqual({ p: 0.21875, method: "sign-flip, exact" });
    expect(signFlip([0, 0]).p).toBe(1);
    expect(signFlip(Array(20).fill(0.125)).p).toBe(2 / 2 ** 20);
  });

  it("exact sign-flip agrees with counting every pattern", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 1, maxLength: 9 }), (eighths) => {
        const d = eighths.map((x) => x / 8).filter((x) => x !== 0);
        const observed = Math.abs(d.reduce((a, b) => a + b, 0));
        let extreme = 0;
        for (let mask = 0; mask < 2 ** d.length; mask++)
          if (Math.abs(d.reduce((sum, x, i) => sum + (mask & (1 << i) ? x : -x), 0)) >= observed) extreme++;
        expect(signFlip(d).p).toBe(extreme / 2 ** d.length);
      }),
    );
  });

  it("random sign-flips come near the normal tail, never give 0, and repeat by key", () => {
    const d = Array.from({ length: 100 }, (_, i) => (i < 60 ? 1 : -1));
    const { p, method } = signFlip(d, { key: "a" });
    expect(p).toBeGreaterThan(0.04);
    expect(p).toBeLessThan(0.07);
    expect(method).toBe("sign-flip, 10,000 random flips");
    expect(signFlip(d, { key: "a" }).p).toBe(p);
    expect(signFlip(Array(100).fill(1)).p).toBeCloseTo(1 / 10_001, 12);
  });

  it("McNemar has the textbook values", () => {
    const { exact, midP, chi2, chi2P } = mcnemar(9, 2);
    expect(exact).toBeCloseTo(0.0654296875, 10);
    expect(midP).toBeCloseTo(0.0385742188, 10);
    expect(chi2).toBeCloseTo(3.272727, 6);
    expect(chi2P).toBeCloseTo(0.07044, 5);
    expect(mcnemar(0, 0)).toEqual({ exact: 1, midP: 1, chi2: 0, chi2P: 1 });
    expect(mcnemar(4, 4)).toMatchObject({ exact: 1, chi2: 0 });
    expect(mcnemar(4, 4).midP).toBeCloseTo(1, 12);
    expect(mcnemar(1000, 900).exact).toBeCloseTo(0.0231, 3);
    expect(() => mcnemar(1.5, 2)).toThrow(/got 1.5/);
  });

  it("McNemar's exact test is the sign-flip test of 0/1 results", () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), (b, c) => {
        expect(mcnemar(b, c).exact).toBeCloseTo(signFlip([...Array(b).fill(1), ...Array(c).fill(-1)]).p, 12);
      }),
    );
  });

  it("Holm multiplies by the tests that are left and keeps the order", () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((p, i) => expect(adjusted[i]).toBeCloseTo(p, 12));
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 10 }), (ps) => {
        holm(ps).forEach((p, i) => expect(p >= ps[i] && p <= 1).toBe(true));
      }),
    );
  });

  it("power: four times the tasks show half the difference", () => {
    expect(tasksToSee(0.1, 0.25)).toBe(197);
    expect(tasksToSee(0.05, 0.25)).toBe(785);
    const differences = Array.from({ length: 197 }, (_, i) => (i % 2 ? 0.5 : -0.5));
    expect(visibleDifference(differences)).toBeCloseTo(0.1, 3);
    expect(() => tasksToSee(0, 1)).toThrow(/other than 0, got 0/);
  });
});
