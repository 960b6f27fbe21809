import { spawn } from "node:child_process";
import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { afterAll, describe, expect, it } from "vitest";
import { evaluationFile, jobFolder } from "../../lib/experiments/jobs";
import type { Job } from "../../lib/experiments/jobs";
import { checkpointFile } from "../../lib/policies";
import { mixture } from "../../lib/schedules";
import { CHECKPOINT, CURVE } from "../../lib/training/trainer";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-resume-"));
const worker = path.resolve(__dirname, "../../lib/dist/cli/worker.js");
const levels = ["easy", "hard"].map((level) => ({ env: "textcraft", level }));

function job(root: string): Job {
  return {
    name: "resume",
    base: checkpointFile("small"),
    root: path.join(scratch, root),
    saveEvery: 2,
    training: { seed: 5, tasksPerStep: 2, groupSize: 4, maxTurns: 4, schedule: mixture(levels, 6).settings },
    evaluations: [
      {
        env: "textcraft",
        tasks: ["textcraft_3", "textcraft_130"],
        k: 40,
        maxTurns: 4,
        temperature: 1,
        maxReplyTokens: 64,
      },
    ],
  };
}

/** Runs a job in a process of its own; kills it (SIGKILL) when it reports `killAt` of a phase. */
function run(job: Job, killAt?: { phase: string; done: number }): Promise<string> {
  const child = spawn(process.execPath, [worker, JSON.stringify(job)], { stdio: ["pipe", "pipe", "inherit"] });
  readline.createInterface({ input: child.stdout }).on("line", (line) => {
    const { phase, done } = JSON.parse(line);
    if (phase === killAt?.phase && done >= killAt!.done) child.kill("SIGKILL");
  });
  return new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? String(code))));
}

function bytes(job: Job): string[] {
  const files = [CURVE, CHECKPOINT].map((file) => path.join(jobFolder(job), file));
  return [...files, evaluationFile(jobFolder(job), job.evaluations[0])].map((f) =>
    fs.readFileSync(f).toString("base64"),
  );
}

afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

describe("a training run", () => {
  const straight = job("straight");

  it("gives the same curve, weights and test episodes, byte for byte, when it is killed again and again and resumed", async () => {
    expect(await run(straight)).toBe("0");
    const broken = job("broken");
    for (const kill of [
      { phase: "train", done: 1 },
      { phase: "train", done: 3 },
      { phase: "train", done: 5 },
      { phase: "test textcraft", done: 64 },
    ]) {
      expect(await run(broken, kill)).toBe("SIGKILL");
    }
    expect(await run(broken)).toBe("0");
    expect(bytes(broken)).toEqual(bytes(straight));
  });

  it("is not played again once it is finished", async () => {
    const before = bytes(straight);
    const changed = fs.statSync(path.join(jobFolder(straight), CHECKPOINT)).mtimeMs;
    expect(await run(straight)).toBe("0");
    expect(bytes(straight)).toEqual(before);
    expect(fs.statSync(path.join(jobFolder(straight), CHECKPOINT)).mtimeMs).toBe(changed);
  });
});
