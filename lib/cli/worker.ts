/** Runs one job of a study, read as a JSON line; lib/experiments/pool.ts reads a JSON line per progress report. */
import readline from "node:readline";
import { execute } from "../experiments/jobs";
import type { Job } from "../experiments/jobs";
import { main } from "./common";

function run(): Promise<void> {
  const input = readline.createInterface({ input: process.stdin });
  return new Promise((resolve, reject) => {
    // When the parent is gone its end of this pipe closes: stop instead of training on unseen.
    input.once("close", () => process.exit(1));
    input.once("line", (line) => {
      const job: Job = JSON.parse(line);
      execute(job, (progress) => process.stdout.write(JSON.stringify(progress) + "\n"))
        .then(resolve, reject)
        .finally(() => input.removeAllListeners("close").close());
    });
  });
}

if (require.main === module) main(run);
