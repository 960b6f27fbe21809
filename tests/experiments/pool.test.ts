import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Job } from "../../lib/experiments/jobs";
import { checkpointFile } from "../../lib/policies";
import { single } from "../../lib/schedules";

// The pool starts the built worker, so it is taken from the built library too.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { runJobs } = require("../../lib/dist/experiments/pool.js") as typeof import("../../lib/experiments/pool");

describe("the pool of worker processes", () => {
  const root = path.join(os.tmpdir(), "heldout-pool-nothing");
  const job = (name: string, base: string): Job => ({ name, base, root, stages: [], evaluations: [] });

  it("ends with the reason of a job that failed, after the others have ended", async () => {
    const jobs = [job("lost", path.join(root, "no.safetensors")), job("fine", checkpointFile("small"))];
    await expect(runJobs(jobs, () => {}, 1)).rejects.toThrow(
      /1 of 2 runs failed\nlost: error: ENOENT.*no\.safetensors/s,
    );
  }, 30_000);

  it("does not start what would start from a policy that failed, and says so", async () => {
    const stages = [1, 2].map((seed) => ({ seed, schedule: single({ env: "textcraft", level: "easy" }, 1).settings }));
    const lost = { ...job("first", path.join(root, "no.safetensors")), stages: stages.slice(0, 1) };
    await expect(runJobs([{ ...lost, name: "second", stages }, lost], () => {}, 2)).rejects.toThrow(
      /2 of 2 runs failed\nfirst: .*ENOENT.*\nsecond: not started/s,
    );
  }, 30_000);

  it("refuses to run nothing at a time", async () => {
    await expect(runJobs([], () => {}, 0)).rejects.toThrow(/jobs: got 0, accepted: whole numbers from 1/);
  });
});
