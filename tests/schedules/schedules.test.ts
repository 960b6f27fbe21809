import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { curriculum, drawsAt, fromStages, mixture, sequence, single } from "../../lib/schedules";

const easy = { env: "textcraft", level: "easy" };
const hard = { env: "textcraft", level: "hard" };

describe("schedules", () => {
  it("a sequence of single and mixture goes through its stages in order", () => {
    const schedule = sequence([single(easy, 2), mixture([easy, hard], 3)]);
    expect(schedule.steps).toBe(5);
    expect([0, 1, 2, 3, 4].map((step) => schedule.stageAt(step).index)).toEqual([0, 0, 1, 1, 1]);
    expect(schedule.stageAt(4).sources.map((s) => s.share)).toEqual([0.5, 0.5]);
  });

  it("a curriculum splits its steps as equally as whole steps allow", () => {
    expect(curriculum("textcraft", ["easy", "hard"], 7).settings.map((s) => s.steps)).toEqual([4, 3]);
  });

  it("give every source its share of the tasks to within one, at every step, whatever the weights", () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 9 }), (shares, steps, count) => {
        const schedule = mixture(
          shares.map((_, i) => ({ env: `env${i}` })),
          steps,
          shares,
        );
        const total = shares.reduce((a, b) => a + b, 0);
        const given = shares.map(() => 0);
        for (let step = 0; step < steps; step++) {
          for (const { source, number } of drawsAt(schedule, step, count)) {
            const i = Number(source.env.slice(3));
            expect(number).toBe(given[i]++);
          }
          given.forEach((n, i) =>
            expect(Math.abs(n - (shares[i] / total) * (step + 1) * count)).toBeLessThan(1.000001),
          );
        }
      }),
    );
  });

  it("are the same after a round trip through their settings", () => {
    const schedule = sequence([single(easy, 3), mixture([easy, hard], 4, [1, 3])]);
    const copy = fromStages(JSON.parse(JSON.stringify(schedule.settings)));
    for (let step = 0; step < 7; step++) expect(drawsAt(copy, step, 8)).toEqual(drawsAt(schedule, step, 8));
  });

  it("refuse steps outside, empty stages and weights that are not positive", () => {
    expect(() => single(easy, 2).stageAt(2)).toThrow(/step 2 is outside of the schedule's 0 to 1/);
    expect(() => single(easy, 0)).toThrow(/whole number of steps >= 1, got 0/);
    expect(() => mixture([easy, hard], 2, [1, 0])).toThrow(/as many positive weights, got \[1,0\]/);
    const stage = (...shares: number[]) =>
      fromStages([{ steps: 1, sources: shares.map((share) => ({ ...easy, share })) }]);
    for (const shares of [[], [0.5], [2, -1], [NaN]]) {
      expect(() => stage(...shares)).toThrow(/shares are above 0 and sum to 1, got \[/);
    }
  });
});
