import { spawn } from "node:child_process";
import * as fs from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { collect, manifest } from "../../lib/experiments/collect";
import { finishedTraining, policyFolder } from "../../lib/experiments/jobs";
import { missing, workOf } from "../../lib/experiments/plan";
import { packRecords, saveRecords } from "../../lib/experiments/record-files";
import { loadRecords, planStudy } from "../../lib/experiments/study";
import { missingPolicies, successTable } from "../../lib/experiments/study-text";
import { testTrajectories } from "../../lib/experiments/tests";
import { scratchWithBase } from "./support";

// What starts workers is taken from the built library, where the worker is, too.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { runStudy } = require("../../lib/dist/experiments/study.js") as typeof import("../../lib/experiments/study");
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { verify } = require("../../lib/dist/experiments/verify.js") as typeof import("../../lib/experiments/verify");

const { folder, base } = scratchWithBase();
const envs = ["textcraft", "searchqa"];
const options = (root: string, experiment = "sequential") => ({
  profile: "smoke",
  experiments: [experiment],
  envs,
  base,
  root: path.join(folder, root),
});
const straight = options("straight");
const records = (of: typeof straight) => packRecords(collect(planStudy(of))).toString("base64");

/** The command in a process of its own, killed (SIGKILL) as soon as `finished` trainings are. */
function command(of: typeof straight, finished = Infinity): Promise<string> {
  const cli = path.resolve(__dirname, "../../lib/dist/cli/study.js");
  const arguments_ = ["--profile", of.profile, "--experiment", of.experiments[0], "--base", base, "--root", of.root];
  const child = spawn(process.execPath, [cli, ...arguments_], { stdio: "ignore" });
  const plan = planStudy(of);
  const timer = setInterval(() => {
    const done = plan.policies.filter(({ id }) => finishedTraining(policyFolder(of.root, id)));
    if (done.length >= finished) child.kill("SIGKILL");
  }, 20);
  return new Promise((resolve) =>
    child.on("close", (code, signal) => {
      clearInterval(timer);
      resolve(signal ?? String(code));
    }),
  );
}

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("a study", () => {
  it("trains and tests everything of its plan", async () => {
    const found = await runStudy(straight);
    expect(found.records.map(({ name }) => name)).toEqual([
      "base",
      "searchqa",
      "searchqa > textcraft",
      "textcraft",
      "textcraft > searchqa",
      "textcraft+searchqa",
    ]);
    const pair = found.records[2];
    expect(pair.stages.map(({ curve }) => curve.length)).toEqual([2, 2]);
    expect(pair.stages[1].settings.base).toBe(found.records[1].id);
    expect(pair.tests).toHaveLength(24);
    expect(successTable(found).toText()).toContain("textcraft > searchqa");
    const { policies } = planStudy(straight);
    const { id, job } = policies[0];
    expect(testTrajectories(policyFolder(straight.root, id), job.evaluations[0])).toHaveLength(24);
  }, 300_000);

  it("that is killed again and again and taken up again has the same records, byte for byte", async () => {
    const broken = options("broken");
    for (const finished of [1, 3]) expect(await command(broken, finished)).toBe("SIGKILL");
    const lacking = missingPolicies(planStudy(broken));
    expect(lacking.length).toBeGreaterThan(0);
    expect(lacking.join("\n")).toMatch(/: (training, )?test on textcraft, test on searchqa$/m);
    expect(await command(broken)).toBe("0");
    expect(missingPolicies(planStudy(broken))).toEqual([]);
    expect(records(broken)).toBe(records(straight));
  }, 300_000);

  it("runs only what another seed, environment or experiment adds", () => {
    const open = (of: object) => workOf(planStudy({ ...straight, ...of }));
    expect(open({})).toEqual([]);
    expect(open({ seeds: [1, 2] }).map(({ policy }) => policy.seed)).toEqual([2, 2, 2, 2, 2]);
    expect(open({ experiments: ["within"] }).map(({ policy }) => policy.name)).toHaveLength(8);
    const { policies } = planStudy({ ...straight, envs: ["textcraft", "babyai"], experiments: ["cross"] });
    const textcraft = missing(policies.find(({ name }) => name === "textcraft")!);
    expect([textcraft.training, textcraft.tests.map(({ env }) => env)]).toEqual([false, ["babyai"]]);
  });

  it("is shown from its own runs when all are there, else as shipped, else as far as it is, and says which", () => {
    const shipped = path.join(folder, "shipped");
    const partly = { ...straight, seeds: [1, 2] };
    expect(loadRecords(straight, shipped).source).toMatch(/^6 of 6 policies, straight, profile smoke: version /);
    expect(loadRecords(partly, shipped).source).toMatch(/^6 of 11 policies, straight/);
    const plan = planStudy(straight);
    saveRecords(shipped, { manifest: { ...manifest(plan), date: "2001-01-01" }, records: collect(plan).slice(0, 3) });
    expect(loadRecords(straight, shipped).records).toHaveLength(6);
    expect(loadRecords(partly, shipped)).toMatchObject({ records: { length: 3 }, manifest: { date: "2001-01-01" } });
    expect(loadRecords(partly, shipped).source).toMatch(/^3 policies, shipped records, profile smoke: .* 2001-01-01, /);
    expect(() => loadRecords(options("nothing"), path.join(folder, "none"))).toThrow(/no finished runs in .*nothing/);
  });

  it("can be verified: a recorded policy, run again from nothing, is identical on the same machine", async () => {
    const plan = planStudy(straight);
    const study = { manifest: manifest(plan), records: collect(plan).filter(({ name }) => name.includes(" > t")) };
    const rows = await verify(study, { count: 1, base, root: path.join(folder, "verify") }, () => {});
    expect(rows.map(({ policy, env, identical }) => [policy, env, identical])).toEqual([
      ["searchqa > textcraft", "textcraft", true],
      ["searchqa > textcraft", "searchqa", true],
    ]);
  }, 300_000);
});
