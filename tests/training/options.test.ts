import { describe, expect, it } from "vitest";
import { mixture } from "../../lib/schedules";
import { ESTIMATORS } from "../../lib/training/advantage";
import { scalingInter, turnLimitAt } from "../../lib/training/turn-limits";
import { bothLevels, run } from "./support";

describe("options of training", () => {
  it("every estimator, average and KL estimator learns something else from the same episodes", async () => {
    const estimators = ESTIMATORS.map((estimator) => ({ estimator }));
    const averages = (["token", "constant"] as const).map((average) => ({ average }));
    const divergences = (["k1", "k2"] as const).map((klEstimator) => ({ klEstimator, updates: 2 }));
    const others = [{ updates: 2 }, { updates: 2, clipLow: 0.01 }, { deviation: "population" as const }];
    const hashes: string[] = [];
    const success: number[] = [];
    for (const options of [...estimators, ...averages, ...divergences, ...others]) {
      const { curve, hash } = await run({ ...options, schedule: mixture([{ env: "textcraft", level: "easy" }], 1) });
      hashes.push(hash);
      success.push(curve[0].sources["textcraft/easy"].success);
    }
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(new Set(success).size).toBe(1);
  });

  it("REINFORCE++ learns from groups of one", async () => {
    const { curve } = await run({ estimator: "reinforce++", groupSize: 1, tasksPerStep: 8 });
    expect(curve[0].gradientNorm).toBeGreaterThan(0);
  });

  it("at another temperature ratio and KL are of the distribution that was sampled from", async () => {
    const schedule = mixture([{ env: "babyai", level: "easy" }], 1);
    const [cold, warm] = [await run({ schedule }), await run({ schedule, temperature: 1.5 })];
    for (const { curve } of [cold, warm]) expect(curve[0]).toMatchObject({ kl: 0, clipped: 0 });
    expect(warm.curve[0].gradientNorm).toBeGreaterThan(0);
    const entropy = ({ curve }: typeof cold) => curve[0].sources["babyai/easy"].entropy;
    expect(entropy(warm)).toBeGreaterThan(1.2 * entropy(cold));
  });

  it("turn limits grow over training and differ by environment", async () => {
    const { curve } = await run({ schedule: bothLevels(4), maxTurns: { textcraft: scalingInter([2, 5], 2) } });
    expect(curve.map(({ sources }) => sources["textcraft/hard"].turns)).toEqual([2, 2, 5, 5]);
    const limits = { textcraft: 14, babyai: scalingInter([6, 13, 20], 100) };
    const at = (env: string, step: number) => turnLimitAt(limits, env, step);
    expect([0, 99, 100, 199, 200, 999].map((step) => at("babyai", step))).toEqual([6, 6, 13, 13, 20, 20]);
    expect([at("textcraft", 50), at("webshop", 50)]).toEqual([14, undefined]);
    expect([turnLimitAt(null, "webshop", 3), turnLimitAt(9, "webshop", 3)]).toEqual([undefined, 9]);
  });
});
