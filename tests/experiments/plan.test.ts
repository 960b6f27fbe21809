import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { environment } from "../../lib/environments";
import { longestFirst, wallSeconds } from "../../lib/experiments/costs";
import { difficultyJob } from "../../lib/experiments/difficulty";
import { policyFolder, policyId } from "../../lib/experiments/jobs";
import { planOf, studySettings, workOf } from "../../lib/experiments/plan";
import { easyFirst, inOrder, orderedPairs, sequentialChains } from "../../lib/experiments/sequential";
import { parsePolicyName, policyName, stageSchedule } from "../../lib/experiments/stages";
import { planStudy } from "../../lib/experiments/study";
import { expectation } from "../../lib/experiments/study-text";
import { testFile } from "../../lib/experiments/tests";
import { loadCheckpoint } from "../../lib/pocket/checkpoint";
import { writeAtomically } from "../../lib/store";
import { trainingTasks } from "../../lib/training/tasks";
import { scratchWithBase } from "./support";

const { folder, base } = scratchWithBase();
const FIVE = ["textcraft", "babyai", "alfworld", "webshop", "searchqa"];
const nowhere = { base, root: path.join(folder, "nothing") };
const names = (plan: ReturnType<typeof planStudy>) => plan.policies.map(({ name }) => name);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("names of policies", () => {
  it("are read back as the training they name", () => {
    for (const name of [
      "base",
      "textcraft",
      "textcraft/easy",
      "textcraft/hard>easy",
      "babyai > textcraft",
      "babyai+textcraft",
      "babyai+textcraft (proportional)",
      "babyai > textcraft (replay 25%) > webshop (replay 25%)",
    ])
      expect(policyName(parsePolicyName(name))).toBe(name);
    expect(() => parsePolicyName("textcraft >> babyai")).toThrow(/policy name: got "textcraft >> babyai", accepted/);
  });

  it("tell the shares of a schedule: replay, equal and proportional mixtures, curricula of the same length", () => {
    const shares = (name: string) =>
      stageSchedule(parsePolicyName(name), 8).settings.map(({ steps, sources }) => [
        steps,
        Object.fromEntries(sources.map(({ env, level, share }) => [`${env}/${level}`, Number(share.toFixed(3))])),
      ]);
    expect(shares("textcraft")).toEqual([[8, { "textcraft/easy": 0.5, "textcraft/hard": 0.5 }]]);
    expect(shares("textcraft/hard>easy")).toEqual([
      [4, { "textcraft/hard": 1 }],
      [4, { "textcraft/easy": 1 }],
    ]);
    const replay = { "webshop/easy": 0.375, "webshop/hard": 0.375, "textcraft/easy": 0.125, "textcraft/hard": 0.125 };
    expect(shares("textcraft > webshop (replay 25%)")).toEqual([[8, replay]]);
    expect(shares("textcraft+searchqa")[0][0]).toBe(16);
    // 246 training tasks of TextCraft, 600 of SearchQA.
    expect(shares("textcraft+searchqa (proportional)")[0][1]).toMatchObject({ "textcraft/easy": 0.145 });
  });
});

describe("the plan of a study", () => {
  it("trains each policy once, however many experiments ask for it", () => {
    const count = (...experiments: string[]) =>
      names(planStudy({ ...nowhere, profile: "standard", experiments })).length;
    expect([count("within"), count("cross"), count("sequential")]).toEqual([
      1 + 25,
      1 + 5,
      // Eight pairs, four further stages of each sequence (its first is a single environment), one joint mixture.
      1 + 5 + 8 + 4 + 4 + 1,
    ]);
    const all = planStudy({ ...nowhere, profile: "standard" });
    expect(all.policies).toHaveLength(1 + 25 + 17);
    expect(new Set(all.policies.map(({ id }) => id)).size).toBe(all.policies.length);
    expect(new Set(names(all)).size).toBe(all.policies.length);
  });

  it("lists what a policy starts from before it, and the longest sequences first among the work", () => {
    const plan = planStudy({ ...nowhere, profile: "standard" });
    for (const list of [names(plan), workOf(plan).map(({ policy }) => policy.name)]) {
      for (const name of list) {
        const start = policyName(parsePolicyName(name).slice(0, -1));
        if (name !== "base" && start !== "base") expect(list.indexOf(start), name).toBeLessThan(list.indexOf(name));
      }
    }
    const first = workOf(plan)[0].policy.name;
    expect(names(plan).some((name) => name.startsWith(first) && parsePolicyName(name).length === 5)).toBe(true);
  });

  it("identifies a run by its settings: other seeds, steps or parents are other runs, more seeds are not", () => {
    const ids = (options: object) =>
      planStudy({ ...nowhere, profile: "smoke", ...options }).policies.map(({ id }) => id);
    const one = ids({});
    expect(ids({ seeds: [1, 2] })).toEqual(expect.arrayContaining(one));
    expect(ids({ seeds: [2] }).filter((id) => one.includes(id))).toHaveLength(1);
    expect(ids({ experiments: ["cross"] }).every((id) => one.includes(id))).toBe(true);
    expect(ids({ workers: 1 })).toEqual(one);
    expect(ids({ workers: 2 }).filter((id) => one.includes(id))).toHaveLength(1);
  });

  it("gives all policies the same held-out tests, and the same number of steps per environment", () => {
    const { policies, settings } = planStudy({ ...nowhere, profile: "smoke" });
    const { steps } = settings.profile;
    for (const { chain, job } of policies) {
      expect(job.evaluations).toEqual(policies[0].job.evaluations);
      job.stages.forEach(({ schedule }, i) =>
        expect(schedule.reduce((sum, stage) => sum + stage.steps, 0)).toBe(steps * chain[i].envs.length),
      );
    }
    expect(policies[0].job.evaluations.map(({ env, tasks }) => [env, tasks.length])).toEqual([
      ["textcraft", 12],
      ["searchqa", 12],
    ]);
  });

  it("refuses what it does not know, with what it accepts", () => {
    expect(() => planStudy({ ...nowhere, experiments: ["cros"] })).toThrow(
      /experiment: got "cros", accepted: "within"/,
    );
    expect(() => planStudy({ ...nowhere, seed: 1 } as object)).toThrow(/study option: got "seed", accepted: "profile"/);
    expect(() => planStudy({ ...nowhere, envs: ["nethack"] })).toThrow(/unknown environment "nethack"/);
    expect(() => planStudy({ ...nowhere, seeds: [1, 1] })).toThrow(/seeds: got \[1,1\]/);
    expect(() => planStudy({ ...nowhere, profile: "smoke", difficulty: "model" })).toThrow(/not been measured yet/);
  });
});

describe("experiment 3", () => {
  it("has the paper's pair first, then every ordered pair once", () => {
    const pairs = orderedPairs(FIVE).map((pair) => pair.join(" > "));
    expect(pairs.slice(0, 2)).toEqual(["webshop > textcraft", "textcraft > webshop"]);
    expect([pairs.length, new Set(pairs).size]).toEqual([20, 20]);
    expect(orderedPairs(["babyai", "searchqa"])).toEqual([
      ["searchqa", "babyai"],
      ["babyai", "searchqa"],
    ]);
  });

  it("orders environments by the base's scores; what they do not name counts as 0", () => {
    const scores = ["easy", "hard"].map((level) => ({ env: "webshop", level, avg8: { value: 0.5 } }));
    fs.writeFileSync(path.join(path.dirname(base), "scores.json"), JSON.stringify(scores));
    expect(easyFirst(FIVE, base)).toEqual(["webshop", "textcraft", "babyai", "alfworld", "searchqa"]);
    expect(inOrder("hard first", FIVE, base)).toEqual(easyFirst(FIVE, base).reverse());
    expect([...inOrder("shuffled", FIVE, base)].sort()).toEqual([...FIVE].sort());
  });

  it("makes sequences share their beginnings with pairs and single environments", () => {
    const size = { pairs: 20, orders: ["easy first", "hard first"], replayed: [], joint: [] } as const;
    const plan = planOf(studySettings({ ...nowhere, profile: "standard" }), sequentialChains(FIVE, size, base));
    expect(plan.policies).toHaveLength(1 + 5 + 20 + 2 * 3);
  });
});

describe("difficulty by model", () => {
  it("trains on the tasks that the base solves more often, or less often, as lists in the run's settings", () => {
    const options = { ...nowhere, root: path.join(folder, "by-model"), profile: "smoke", envs: ["textcraft"] };
    const { evaluations, root } = difficultyJob(studySettings(options));
    const [{ tasks, k }] = evaluations;
    const solved = (i: number) => (i % 3 === 0 ? 1 : 0);
    const results = tasks.map((task, i) => ({ env: "textcraft", task, success: Array(k).fill(solved(i)) }));
    const { model } = loadCheckpoint(base);
    writeAtomically(testFile(policyFolder(root, policyId(model, [])), evaluations[0]), JSON.stringify(results));

    const plan = planStudy({ ...options, experiments: ["within"], difficulty: "model" });
    expect(names(plan).slice(1)).toEqual([
      "textcraft/easier",
      "textcraft/harder",
      "textcraft/easier>harder",
      "textcraft/harder>easier",
      "textcraft",
    ]);
    const [easier, harder] = plan.policies.slice(1, 3).map(({ job }) => job.stages[0].schedule[0].sources[0]);
    const isTraining = (task: string) => environment("textcraft").task(task).split === "train";
    expect(easier.tasks).toEqual(tasks.filter((task, i) => solved(i) && isTraining(task)));
    expect(easier.tasks!.length + harder.tasks!.length).toBe(40);
    expect(trainingTasks(easier).map(({ id }) => id)).toEqual(easier.tasks);
    expect(() => trainingTasks({ env: "textcraft", tasks: [tasks.find((task) => !isTraining(task))!] })).toThrow(
      /tasks of textcraft: got textcraft_\d+ of split "test", accepted: training tasks/,
    );
  });
});

describe("expected time", () => {
  const work = [
    { name: "a", seconds: 10 },
    { name: "a > b", seconds: 10 },
    { name: "c", seconds: 15 },
    { name: "d", seconds: 5 },
  ];
  const parent = (of: { name: string }) => (of.name === "a > b" ? work[0] : undefined);

  it("starts first what most waits for", () => {
    expect(longestFirst(work, parent).map(({ name }) => name)).toEqual(["a", "c", "a > b", "d"]);
  });

  it("is the time until the last lane ends, with waiting for what a run starts from", () => {
    const sorted = longestFirst(work, parent);
    expect([1, 2, 4].map((lanes) => wallSeconds(sorted, parent, lanes))).toEqual([40, 20, 20]);
    expect(wallSeconds([], parent, 2)).toBe(0);
  });

  it("falls with workers, which only training gains from, and is said beside the quickest use of the machine", () => {
    const plan = planStudy({ ...nowhere, profile: "smoke" });
    const [one, two] = [1, 2].map((workers) => workOf(plan, undefined, workers));
    const secondsOf = (work: typeof one, name: string) => work.find(({ policy }) => policy.name === name)!.seconds;
    expect(secondsOf(two, "base")).toBe(secondsOf(one, "base"));
    expect(secondsOf(two, "textcraft")).toBeLessThan(secondsOf(one, "textcraft"));
    expect(secondsOf(two, "textcraft")).toBeGreaterThan(secondsOf(one, "textcraft") / 2);
    if (os.availableParallelism() > 1) expect(expectation(plan)).toMatch(/quicker on this machine: --workers \d/);
    expect(expectation(planStudy({ ...nowhere, profile: "smoke", workers: 2 }))).toContain("2 workers each");
  });
});
