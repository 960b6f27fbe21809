import { describe, expect, it } from "vitest";
import { environment } from "../../lib/environments";
import { planOf } from "../../lib/experiments/plan";
import { optionsFromEnvironment } from "../../lib/experiments/profiles";
import type { PolicyRecord, TaskResult } from "../../lib/experiments/records";
import { policyName } from "../../lib/experiments/stages";
import { regimeChain, REGIMES, withinChains, withinSettings } from "../../lib/experiments/within";
import type { WithinStudy } from "../../lib/experiments/within";
import * as results from "../../lib/experiments/within-results";
import { generator } from "../../lib/random";
import type { TrainSettings } from "../../lib/training/settings";

const settings = withinSettings({ profile: "smoke", seeds: [1, 2], root: "/nowhere" });

/** Made-up outcomes: each attempt succeeds with a probability that depends on the policy and the level. */
function outcomes(key: string, chance: { easy: number; hard: number }): TaskResult[] {
  const random = generator(key);
  return settings.evaluation.tasks.map((id) => {
    const { env, level, params } = environment("textcraft").task(id);
    const success = [0, 1].map((): 0 | 1 => (random.next() < chance[level as "easy" | "hard"] ? 1 : 0));
    const measured = { reward: success, turns: [2, 2], tokens: [10, 10], invalid: [0, 0] };
    return { env, task: id, level, part: String(params.depth), success, ...measured };
  });
}

const source = {
  episodes: 4,
  reward: 0.5,
  success: 0.5,
  turns: 3,
  tokens: 9,
  invalid: 0,
  truncated: 0,
  noSignal: 0,
  entropy: 0,
  kl: 0,
};
const update = { learningRate: 1, gradientNorm: 1, kl: 0, clipped: 0, groups: [], warnings: [] };
const curve = [0, 1].map((step) => ({ step, stage: 0, ...update, sources: { "textcraft/easy": source } }));
const common = { id: "0", base: { name: "small", hash: "0" } };
const base: PolicyRecord = {
  ...common,
  name: "base",
  seed: null,
  stages: [],
  tests: outcomes("base", { easy: 0, hard: 0.5 }),
};
const trained = REGIMES.flatMap((regime) =>
  [1, 2].map((seed): PolicyRecord => ({
    ...common,
    name: policyName(regimeChain("textcraft", regime)),
    seed,
    stages: [{ settings: {} as TrainSettings, curve }],
    tests: outcomes(`${regime} ${seed}`, { easy: 1, hard: 0.5 }),
  })),
);
const study: WithinStudy = { settings, records: [base, ...trained] };
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

  it("reports the change that the episodes hold, with an interval, n, k and the number of seeds", () => {
    const [easy] = results.strata(study).levels;
    const row = results.withinRows(study, [easy])[0];
    expect(row).toMatchObject({
      train: "easy",
      base: { value: 0 },
      score: { value: 1 },
      change: { value: 1, n: 6, k: 2 },
    });
    expect(row.change.method).toContain("2 seeds");
    expect(results.cellsOf(study, easy).regimes.mixed.scores).toHaveLength(2);
  });

  it("prints all its tables, in text and in LaTeX", () => {
    for (const table of [
      results.withinTable(study),
      results.withinTable(study, "breakdown"),
      results.generalizationTable(study),
      results.effortTable(study),
      results.withinPaperTable(study),
    ]) {
      expect(table.toText()).toContain("TextCraft");
      expect(table.toLatex()).toContain("\\toprule");
    }
  });

  it("draws figures as plain data with a description, n on hover, and the number of seeds in the title", () => {
    for (const draw of [results.difficultyFigure, results.changeFigure, results.learningFigure]) {
      const figure = draw(study);
      expect(JSON.parse(JSON.stringify(figure))).toEqual(draw(study));
      expect(figure.title).toContain("2 seeds");
      expect(figure.alt.length).toBeGreaterThan(40);
    }
    expect(JSON.stringify(results.difficultyFigure(study).data)).toContain("n = 6, k = 2");
  });

  it("refuses unknown options, profiles and environments with what it accepts", () => {
    expect(() => withinSettings({ seed: 1 } as object)).toThrow(/within option: got "seed", accepted: "env", "base"/);
    expect(() => withinSettings({ profile: "fast" })).toThrow(/profile: got "fast", accepted: "smoke", "quick"/);
    expect(() => withinSettings({ env: "nethack" })).toThrow(/unknown environment "nethack"/);
    expect(() => optionsFromEnvironment({ HELDOUT_SEEDS: "1,x" })).toThrow(/HELDOUT_SEEDS: got "x"/);
  });
});
