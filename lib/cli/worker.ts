/** Runs one job of a study; started by lib/experiments/pool.ts, which reads a JSON line per progress report. */
import { execute } from "../experiments/jobs";
import { main } from "./common";

async function run(): Promise<void> {
  // When the parent is gone its end of this pipe closes: stop instead of training on unseen.
  process.stdin.on("end", () => process.exit(1)).resume();
  try {
    await execute(JSON.parse(process.argv[2]), (progress) => process.stdout.write(JSON.stringify(progress) + "\n"));
  } finally {
    process.stdin.pause();
    process.stdin.unref?.();
  }
}

if (require.main === module) main(run);
