import { beforeAll, describe, expect, it } from "vitest";
import { jobFolder } from "../../lib/experiments/jobs";
import { optionsFromEnvironment } from "../../lib/experiments/profiles";
import { cellsOf, planWithin, REGIMES, strata, withinSettings } from "../../lib/experiments/within";
import type { WithinStudy } from "../../lib/experiments/within";
import * as results from "../../lib/experiments/within-results";
import { environment } from "../../lib/environments";
import { generator } from "../../lib/random";
import type { Trajectory } from "../../lib/types";

const settings = withinSettings({ profile: "smoke", seeds: [1, 2], root: "/nowhere" });

/** Made-up episodes: each attempt succeeds with a probability that depends on the policy and the level. */
function episodes(policy: string, chance: { easy: number; hard: number }): Trajectory[] {
  const random = generator(policy);
  const turn = { shown: "s", reply: "r", action: "a", reward: 0, valid: true, tokens: { input: 3, output: 5 } };
  return settings.evaluation.tasks.flatMap((id) => {
    const task = environment("textcraft").task(id);
    return [0, 1].map((attempt) => {
      const success = random.next() < chance[task.level as "easy" | "hard"];
      const outcome = success ? ("success" as const) : ("truncated" as const);
      return { task, attempt, policy, version: "0", turns: [turn, turn], last: "", reward: Number(success), outcome };
    });
  });
}

let study: WithinStudy;

beforeAll(() => {
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
  const runs = Object.keys(REGIMES).flatMap((regime) =>
    [1, 2].map((seed) => ({ regime, seed, curve, test: episodes(`${regime} ${seed}`, { easy: 1, hard: 0.5 }) })),
  );
  study = { settings, base: episodes("base", { easy: 0, hard: 0.5 }), runs };
});

describe("experiment 1", () => {
  it("plans each regime with the same number of steps and episodes, from the same base", () => {
    const { runs } = planWithin(settings);
    expect(runs).toHaveLength(8);
    for (const { job } of runs) {
      expect(job.training!.schedule.reduce((sum, stage) => sum + stage.steps, 0)).toBe(settings.profile.steps);
      expect([job.base, job.training!.tasksPerStep, job.training!.groupSize]).toEqual([settings.base, 2, 4]);
    }
  });

  it("identifies a run by its settings: another seed or regime is another folder, another number of seeds is not", () => {
    const folders = planWithin(settings).runs.map(({ job }) => jobFolder(job));
    expect(new Set(folders).size).toBe(8);
    const one = planWithin(withinSettings({ profile: "smoke", seeds: [2], root: "/nowhere" })).runs;
    expect(folders).toEqual(expect.arrayContaining(one.map(({ job }) => jobFolder(job))));
  });

  it("tests on held-out tasks only, the same for every policy", () => {
    for (const id of settings.evaluation.tasks) expect(environment("textcraft").task(id).split).toBe("test");
  });

  it("reports the change that the episodes hold, with an interval, n, k and the number of seeds", () => {
    const [easy] = strata(study).levels;
    const row = results.withinRows(study, [easy])[0];
    expect(row).toMatchObject({
      train: "easy",
      base: { value: 0 },
      score: { value: 1 },
      change: { value: 1, n: 6, k: 2 },
    });
    expect(row.change.method).toContain("2 seeds");
    expect(cellsOf(study, easy).regimes.mixed.scores).toHaveLength(2);
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
