import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { ESTIMATORS, groupAdvantages, stepAdvantages } from "../../lib/training/advantage";

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
        const [advantages] = stepAdvantages([group], { estimator });
        expect(Math.abs(advantages.reduce((a, b) => a + b, 0))).toBeLessThan(1e-4);
        const [equal] = stepAdvantages([group.map(() => group[0])], { estimator });
        expect(equal.every((a) => a === 0)).toBe(true);
      }),
    );
  });

  it("refuse a group of one", () => {
    expect(() => groupAdvantages([1])).toThrow(/at least 2 attempts, got 1/);
  });
});

describe("advantages of a step", () => {
  const rewards = [
    [1, 0],
    [1, 1],
  ];

  it("are the groups' own for grpo", () => {
    expect(stepAdvantages(rewards)).toEqual(rewards.map((group) => groupAdvantages(group)));
  });

  it("are (r − mean) / deviation over all episodes for REINFORCE++", () => {
    // mean 3/4, variance (3 / 16 + 9 / 16) / 3 = 1/4
    const found = stepAdvantages(rewards, { estimator: "reinforce++" }).flat();
    [0.5, -1.5, 0.5, 0.5].forEach((a, i) => expect(found[i]).toBeCloseTo(a, 6));
    expect(stepAdvantages([[1], [0]], { estimator: "reinforce++" }).flat()[0]).toBeCloseTo(Math.SQRT1_2, 6);
  });

  it("are centred by group, then divided by the deviation of all, for its variant with a baseline", () => {
    const found = stepAdvantages(rewards, { estimator: "reinforce++-baseline" }).flat();
    [1, -1, 0, 0].forEach((a, i) => expect(found[i]).toBeCloseTo(a * Math.sqrt(1.5), 6));
  });

  it("whiten over tokens as verl does when episodes count by their length", () => {
    // Three tokens with reward 1, one with 0.
    const found = stepAdvantages([[1], [0]], { estimator: "reinforce++" }, [[3], [1]]).flat();
    [0.5, -1.5].forEach((a, i) => expect(found[i]).toBeCloseTo(a, 6));
  });
});
