import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkpointIn, execute, finishedTraining, jobFolder } from "../../lib/experiments/jobs";
import type { Job } from "../../lib/experiments/jobs";
import { loadCheckpoint, modelHash } from "../../lib/pocket/checkpoint";
import { checkpointFile } from "../../lib/policies";
import { single } from "../../lib/schedules";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-jobs-"));
const base = checkpointFile("small");
const easy = { tasksPerStep: 3, groupSize: 4, maxTurns: 4, warmup: 0 };
const stages = [1, 2].map((seed) => ({
  ...easy,
  seed,
  schedule: single({ env: "textcraft", level: "easy" }, 1).settings,
}));
const first: Job = { name: "first", base, root, stages: stages.slice(0, 1), evaluations: [] };
const second: Job = { ...first, name: "second", stages };
const weights = (file: string) => modelHash(loadCheckpoint(file).model);

afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

describe("a stage of training", () => {
  it("does not run before the stage it starts from is finished", async () => {
    await expect(execute(second, () => {})).rejects.toThrow(
      /second starts from a policy whose training is not finished/,
    );
  });

  it("starts from the weights that the stage before ended with, in a folder known before either ran", async () => {
    const known = jobFolder(second);
    await execute(first, () => {});
    await execute(second, () => {});
    const [one, two] = [finishedTraining(jobFolder(first))!, finishedTraining(known)!];
    const { base: start } = JSON.parse(fs.readFileSync(path.join(two, "settings.json"), "utf8"));
    expect(start).toBe(weights(checkpointIn(one)));
    expect(start).not.toBe(weights(base));
  });
});
