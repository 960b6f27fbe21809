/** Whether memory stays flat in a long training: 500 steps of small groups in the environment with the longest texts. */
import { loadCheckpoint } from "../../lib/pocket/checkpoint";
import { checkpointFile } from "../../lib/policies";
import { single } from "../../lib/schedules";
import { train } from "../../lib/training/trainer";

const STEPS = 500;
/** Steps after which everything that is kept for later has been allocated. */
const SETTLED = 100;

export async function bench(): Promise<Record<string, number>> {
  const { model } = loadCheckpoint(checkpointFile("small"));
  const options = { schedule: single({ env: "webshop" }, STEPS), seed: 1, tasksPerStep: 2, groupSize: 4, maxTurns: 6 };
  const megabytes: number[] = [];
  for await (const { record } of train(model, options))
    if (record.step >= SETTLED) megabytes.push(process.memoryUsage().rss / 1e6);
  return {
    steps: STEPS,
    settledMegabytes: megabytes[0],
    lastMegabytes: megabytes[megabytes.length - 1],
    peakMegabytesSteps100To300: Math.max(...megabytes.slice(0, megabytes.length / 2)),
    peakMegabytesSteps300To500: Math.max(...megabytes.slice(megabytes.length / 2)),
    growthMegabytesPer100Steps: 100 * slope(megabytes),
    peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
  };
}

/** Least squares, per step. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const [sum, squares] = values.reduce(
    ([s, q], value, i) => [s + (i - middle) * (value - mean), q + (i - middle) ** 2],
    [0, 0],
  );
  return sum / squares;
}
