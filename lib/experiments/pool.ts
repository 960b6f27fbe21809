/** Runs jobs side by side, each in a Node process of its own: one core each, and a crash takes nothing else along. */
import { spawn } from "node:child_process";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import type { Job, JobProgress } from "./jobs";

const WORKER = path.join(__dirname, "..", "cli", "worker.js");

/** Runs all jobs, at most `parallel` at a time (default: one per core); throws after all others have ended. */
export async function runJobs(
  jobs: readonly Job[],
  report: (job: Job, progress: JobProgress) => void,
  parallel = os.availableParallelism(),
): Promise<void> {
  if (!(parallel >= 1)) throw new RangeError(`jobs: got ${parallel}, accepted: whole numbers from 1`);
  const waiting = [...jobs];
  const failures: string[] = [];
  const lane = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const failure = await runJob(job, report);
      if (failure) failures.push(`${job.name}: ${failure}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, jobs.length) }, lane));
  if (failures.length > 0) throw new Error(`${failures.length} of ${jobs.length} runs failed\n${failures.join("\n")}`);
}

function runJob(job: Job, report: (job: Job, progress: JobProgress) => void): Promise<string | undefined> {
  // Deno's kernel runs this too, and there the executable is not Node.
  const node = path.basename(process.execPath).startsWith("node") ? process.execPath : "node";
  const child = spawn(node, [WORKER, JSON.stringify(job)], { stdio: ["pipe", "pipe", "pipe"] });
  readline.createInterface({ input: child.stdout }).on("line", (line) => report(job, JSON.parse(line)));
  let errors = "";
  child.stderr.on("data", (chunk) => (errors = (errors + chunk).slice(-4000)));
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(`cannot start "${node}": ${error.message}`));
    child.on("close", (code, signal) => {
      resolve(code === 0 ? undefined : errors.trim() || `ended with ${signal ?? `code ${code}`}`);
    });
  });
}
