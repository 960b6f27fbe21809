/** The stratified bootstrap: 10,000 replicates over 5 environments x 3 seeds x 200 tasks. */
import { aggregate } from "../../lib/metrics";
import { generator } from "../../lib/random";
import { secondsPerRun } from "./timing";

export async function bench(): Promise<Record<string, number>> {
  const random = generator("statistics bench");
  const row = () => Array.from({ length: 200 }, () => random.integer(9) / 8);
  const matrices = Array.from({ length: 5 }, () => [row(), row(), row()]);
  const seconds = await secondsPerRun(1, async () => void aggregate(matrices));
  return { bootstrapSeconds: seconds, bootstrapAgainstHalfASecond: 0.5 / seconds };
}
