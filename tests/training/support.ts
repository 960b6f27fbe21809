import { loadCheckpoint, modelHash } from "../../lib/pocket/checkpoint";
import { checkpointFile } from "../../lib/policies";
import { mixture } from "../../lib/schedules";
import { train } from "../../lib/training/trainer";
import type { TrainRunOptions } from "../../lib/training/trainer";
import type { StepRecord } from "../../lib/training/step-record";

export const base = loadCheckpoint(checkpointFile("small")).model;

/** A schedule over both levels of TextCraft. */
export const bothLevels = (steps: number) =>
  mixture(
    ["easy", "hard"].map((level) => ({ env: "textcraft", level })),
    steps,
  );

/** A whole run of a second or less: its curve and the hash of the model it ends with. */
export async function run(options: Partial<TrainRunOptions> = {}): Promise<{ curve: StepRecord[]; hash: string }> {
  const curve: StepRecord[] = [];
  let hash = "";
  const small = { seed: 5, tasksPerStep: 2, groupSize: 4, maxTurns: 4, schedule: bothLevels(1) };
  for await (const { record, model } of train(base, { ...small, ...options })) {
    curve.push(record);
    hash = modelHash(model);
  }
  return { curve, hash };
}
