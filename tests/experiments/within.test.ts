import { describe, expect, it } from "vitest";
import { environment } from "../../lib/environments";
import { planOf } from "../../lib/experiments/plan";
import { optionsFromEnvironment } from "../../lib/experiments/profiles";
import { withinChains, withinSettings } from "../../lib/experiments/within";

const settings = withinSettings({ profile: "smoke", seeds: [1, 2], root: "/nowhere" });

const plan = (of = settings) => planOf(of, withinChains(["textcraft"])).policies.filter(({ seed }) => seed !== null);

describe("experiment 1", () => {
  it("plans each regime with the same number of steps and episodes, from the same base", () => {
    const policies = plan();
    expect(policies).toHaveLength(10);
    for (const { job } of policies) {
      const [{ schedule, tasksPerStep, groupSize }] = job.stages;
      expect(schedule.reduce((sum, stage) => sum + stage.steps, 0)).toBe(settings.profile.steps);
      expect([job.base, tasksPerStep, groupSize]).toEqual([settings.base, 2, 4]);
    }
  });

  it("identifies a run by its settings: another seed or regime is another one, another number of seeds is not", () => {
    const ids = plan().map(({ id }) => id);
    expect(new Set(ids).size).toBe(10);
    const one = plan(withinSettings({ profile: "smoke", seeds: [2], root: "/nowhere" }));
    expect(ids).toEqual(expect.arrayContaining(one.map(({ id }) => id)));
  });

  it("tests on held-out tasks only, the same for every policy", () => {
    for (const id of settings.evaluation.tasks) expect(environment("textcraft").task(id).split).toBe("test");
  });

  it("refuses unknown options, profiles and environments with what it accepts", () => {
    expect(() => withinSettings({ seed: 1 } as object)).toThrow(/within option: got "seed", accepted: "env", "base"/);
    expect(() => withinSettings({ profile: "fast" })).toThrow(/profile: got "fast", accepted: "smoke", "quick"/);
    expect(() => withinSettings({ env: "nethack" })).toThrow(/unknown environment "nethack"/);
    expect(() => optionsFromEnvironment({ HELDOUT_SEEDS: "1,x" })).toThrow(/HELDOUT_SEEDS: got "x"/);
  });
});
