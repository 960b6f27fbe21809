import { spawn } from "node:child_process";
import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { afterAll, describe, expect, it } from "vitest";
import { checkpointIn, curveFile, finishedTraining, jobFolder } from "../../lib/experiments/jobs";
import type { Job } from "../../lib/experiments/jobs";
import { testFile } from "../../lib/experiments/tests";
import { checkpointFile } from "../../lib/policies";
import { mixture } from "../../lib/schedules";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-resume-"));
const worker = path.resolve(__dirname, "../../lib/dist/cli/worker.js");
const levels = ["easy", "hard"].map((level) => ({ env: "textcraft", level }));

function job(root: string): Job {
  return {
    name: "resume",
    base: checkpointFile("small"),
    root: path.join(scratch, root),
    saveEvery: 2,
    stages: [{ seed: 5, tasksPerStep: 2, groupSize: 4, maxTurns: 4, schedule: mixture(levels, 6).settings }],
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
  const child = spawn(process.execPath, [worker], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.on("error", () => {}).write(JSON.stringify(job) + "\n");
  readline.createInterface({ input: child.stdout }).on("line", (line) => {
    const { phase, done } = JSON.parse(line);
    if (phase === killAt?.phase && done >= killAt!.done) child.kill("SIGKILL");
  });
  return new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? String(code))));
}

function files(job: Job): string[] {
  const training = finishedTraining(jobFolder(job))!;
  const outcomes = testFile(jobFolder(job), job.evaluations[0]);
  return [curveFile(training), checkpointIn(training), outcomes, `${outcomes}l.gz`];
}

function bytes(job: Job): string[] {
  return files(job).map((file) => fs.readFileSync(file).toString("base64"));
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
  }, 240_000);

  it("is not played again once it is finished", async () => {
    const before = bytes(straight);
    const changed = files(straight).map((file) => fs.statSync(file).mtimeMs);
    expect(await run(straight)).toBe("0");
    expect(bytes(straight)).toEqual(before);
    expect(files(straight).map((file) => fs.statSync(file).mtimeMs)).toEqual(changed);
  });
});
