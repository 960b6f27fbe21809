/** Runs jobs side by side, each in a Node process of its own: one core each, and a crash takes nothing else along. */
import { spawn } from "node:child_process";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { canonicalJson } from "../store";
import type { Job, JobProgress } from "./jobs";

const WORKER = path.join(__dirname, "..", "cli", "worker.js");

/** What a job trains, as text. */
function product({ base, root, stages }: Job): string {
  return canonicalJson([base, root, stages]);
}

/** What a job starts from, as the product of another job; undefined where that is the base. */
function origin(job: Job): string | undefined {
  return job.stages.length > 1 ? product({ ...job, stages: job.stages.slice(0, -1) }) : undefined;
}

/**
 * Runs all jobs, at most `parallel` at a time (default: one per core), the first in the list first. A job whose start
 * is trained by another job waits for it, and is left out when that fails. Throws after all others have ended.
 */
export async function runJobs(
  jobs: readonly Job[],
  report: (job: Job, progress: JobProgress) => void,
  parallel = os.availableParallelism(),
): Promise<void> {
  if (!(parallel >= 1)) throw new RangeError(`jobs: got ${parallel}, accepted: whole numbers from 1`);
  const waiting = new Set(jobs);
  const running = new Map<Job, Promise<void>>();
  const open = new Set(jobs.map(product));
  const failed = new Set<string>();
  const failures: string[] = [];
  const end = (job: Job, failure: string | undefined) => {
    if (failure !== undefined) failures.push(`${job.name}: ${failure}`);
    if (failure !== undefined) failed.add(product(job));
    open.delete(product(job));
  };
  const start = async (job: Job) => {
    end(job, await runJob(job, report));
    running.delete(job);
  };
  while (waiting.size + running.size > 0) {
    for (const job of waiting) {
      const needed = origin(job) ?? "";
      if (failed.has(needed)) {
        waiting.delete(job);
        end(job, "not started, because training of the policy it starts from failed");
      } else if (running.size < parallel && !open.has(needed)) {
        waiting.delete(job);
        running.set(job, start(job));
      }
    }
    if (running.size > 0) await Promise.race(running.values());
  }
  if (failures.length > 0) throw new Error(`${failures.length} of ${jobs.length} runs failed\n${failures.join("\n")}`);
}

function runJob(job: Job, report: (job: Job, progress: JobProgress) => void): Promise<string | undefined> {
  // Deno's kernel runs this too, and there the executable is not Node.
  const node = path.basename(process.execPath).startsWith("node") ? process.execPath : "node";
  const child = spawn(node, [WORKER], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => {}).write(JSON.stringify(job) + "\n");
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
