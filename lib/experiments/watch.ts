/** Progress bars for a study's jobs. */
import { progressGroup } from "../notebook/progress";
import type { ProgressBar } from "../notebook/progress";
import type { Job, JobProgress } from "./jobs";

/** Calls `run` with a reporter that draws a bar per job and phase, and leaves the bars as they stand at the end. */
export async function watchRuns<T>(run: (report: (job: Job, progress: JobProgress) => void) => Promise<T>): Promise<T> {
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
