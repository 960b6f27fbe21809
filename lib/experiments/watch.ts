/** Progress bars for a study's jobs. */
import { progress, progressGroup } from "../notebook/progress";
import type { ProgressBar } from "../notebook/progress";
import { costs, testSeconds, trainingSeconds } from "./costs";
import type { Job, JobProgress } from "./jobs";
import { workOf } from "./plan";
import type { StudyPlan } from "./plan";

type Report = (job: Job, progress: JobProgress) => void;

/** Calls `run` with a reporter that draws a bar per job and phase, and leaves the bars as they stand at the end. */
export async function watchRuns<T>(run: (report: Report) => Promise<T>): Promise<T> {
  const group = progressGroup();
  const bars = new Map<string, ProgressBar>();
  try {
    return await run((job, { phase, done, total, watched }) => {
      const title = `${job.name}: ${phase}`;
      let bar = bars.get(title);
      if (!bar) bars.set(title, (bar = group.add(title, total, done - 1)));
      bar.update(done, watched);
      if (done === total) void bar.stop();
    });
  } finally {
    await group.stop();
  }
}

/**
 * Calls `run` with a reporter that draws one bar for a whole plan, however many jobs it has: in expected seconds of one core,
 * so that the time left is told well before the first long run ends.
 */
export async function watchPlan<T>(plan: StudyPlan, run: (report: Report) => Promise<T>): Promise<T> {
  const known = costs(plan.settings.root, plan.settings.envs);
  const work = workOf(plan, known);
  const total = work.reduce((sum, { seconds }) => sum + seconds - known.start, 0);
  const bar = progress(`${work.length} policies`, Math.max(1, Math.round(total)));
  const spent = new Map<string, number>();
  try {
    return await run((job, { phase, done, total: of, watched }) => {
      const test = job.evaluations.find(({ env }) => phase === `test ${env}`);
      const cost = test ? testSeconds(test, known) : trainingSeconds(job, known);
      spent.set(`${job.name}: ${phase}`, (cost * done) / of);
      const sum = [...spent.values()].reduce((a, b) => a + b, 0);
      bar.update(Math.round(sum), { now: `${job.name}: ${phase} ${done}/${of}`, ...watched });
    });
  } finally {
    await bar.stop();
  }
}
