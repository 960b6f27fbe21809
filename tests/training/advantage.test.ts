import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { ESTIMATORS, groupAdvantages } from "../../lib/training/advantage";

describe("group advantages", () => {
  it("of 1, 0, 0, 1 are ±1 with the paper's deviation and ±.866024 with verl's", () => {
    expect(groupAdvantages([1, 0, 0, 1], { deviation: "population" })).toEqual([1, -1, -1, 1]);
    const sample = groupAdvantages([1, 0, 0, 1]);
    [0.866024, -0.866024, -0.866024, 0.866024].forEach((a, i) => expect(sample[i]).toBeCloseTo(a, 6));
  });

  it("are differences from the mean for dr-grpo and from the others' mean for rloo", () => {
    expect(groupAdvantages([1, 0, 0, 0], { estimator: "dr-grpo" })).toEqual([0.75, -0.25, -0.25, -0.25]);
    const rloo = groupAdvantages([1, 0, 0, 0], { estimator: "rloo" });
    [1, -1 / 3, -1 / 3, -1 / 3].forEach((a, i) => expect(rloo[i]).toBeCloseTo(a, 12));
  });

  it("sum to zero, and are zero for equal rewards, whatever the estimator", () => {
    const rewards = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 16 });
    fc.assert(
      fc.property(rewards, fc.constantFrom(...ESTIMATORS), (group, estimator) => {
        const sum = groupAdvantages(group, { estimator }).reduce((a, b) => a + b, 0);
        expect(Math.abs(sum)).toBeLessThan(1e-4);
        const equal = groupAdvantages(
          group.map(() => group[0]),
          { estimator },
        );
        expect(equal.every((a) => a === 0)).toBe(true);
      }),
    );
  });

  it("refuse a group of one", () => {
    expect(() => groupAdvantages([1])).toThrow(/at least 2 attempts, got 1/);
  });
});
