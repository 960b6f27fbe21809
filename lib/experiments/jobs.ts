/** Units of work that a study hands to worker processes: one stage of training and its tests, or the base's tests. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { loadCheckpoint, modelHash } from "../pocket/checkpoint";
import type { PocketModel } from "../pocket/model";
import { fromStages } from "../schedules";
import type { StageSettings } from "../schedules";
import { appendRows, settingsHash, withLock, writeAtomically } from "../store";
import { trainSettings } from "../training/settings";
import type { TrainOptions, TrainSettings } from "../training/settings";
import { CHECKPOINT, CURVE, runFolder, train } from "../training/trainer";
import { runTests } from "./tests";
import type { EvaluationPlan } from "./tests";
import { timingFile } from "./timings";
import type { Timing } from "./timings";

export interface TrainingPlan extends Omit<TrainOptions, "schedule"> {
  readonly schedule: readonly StageSettings[];
}

export interface Job {
  readonly name: string;
  /** Checkpoint that the first stage starts from, or that is tested where there is no stage. */
  readonly base: string;
  readonly root: string;
  /** The last is what this job trains; those before are jobs of their own that must have ended. */
  readonly stages: readonly TrainingPlan[];
  /** Steps between two saved states of the training; no part of its identity. */
  readonly saveEvery?: number;
  readonly evaluations: readonly EvaluationPlan[];
}

/** What of a job is still to be done. */
export interface Missing {
  readonly training: boolean;
  readonly tests: readonly EvaluationPlan[];
}

export interface JobProgress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly watched?: { readonly [name: string]: number };
}

/**
 * The complete settings of each stage, known before anything runs: what a stage starts from is named by the hash of the
 * base's weights or by the id of the stage before.
 */
export function stageSettings(
  base: PocketModel,
  stages: readonly TrainingPlan[],
  hash = modelHash(base),
): TrainSettings[] {
  const settings: TrainSettings[] = [];
  for (const plan of stages) {
    const before = settings.length === 0 ? hash : settingsHash(settings[settings.length - 1]);
    settings.push(trainSettings(base, trainOptions(plan), before));
  }
  return settings;
}

/** A policy's identity: the hash of its last stage's settings; for the base the hash of its weights. */
export function policyId(base: PocketModel, stages: readonly TrainingPlan[], hash = modelHash(base)): string {
  return stages.length === 0 ? hash : settingsHash(stageSettings(base, stages, hash).at(-1));
}

/** Where a policy's training and tests are kept. */
export function policyFolder(root: string, id: string): string {
  return path.join(root, id);
}

export function jobFolder({ base, root, stages }: Job): string {
  return policyFolder(root, policyId(loadCheckpoint(base).model, stages));
}

/** What a finished training leaves in the policy's folder. */
interface Finished {
  /** Folder with checkpoint and curve: the hash of the settings with the weights that training really started from. */
  readonly training: string;
}

const FINISHED = "finished.json";

/** The folder of a policy's finished training; undefined while it is not finished. */
export function finishedTraining(folder: string): string | undefined {
  const file = path.join(folder, FINISHED);
  if (!existsSync(file)) return undefined;
  const { training }: Finished = JSON.parse(readFileSync(file, "utf8"));
  return path.join(folder, training);
}

export const curveFile = (training: string) => path.join(training, CURVE);
export const checkpointIn = (training: string) => path.join(training, CHECKPOINT);

function trainOptions(plan: TrainingPlan): TrainOptions {
  return { ...plan, schedule: fromStages(plan.schedule) };
}

/** Does what is not done yet of a job; throws when another process is at it. */
export async function execute(job: Job, report: (progress: JobProgress) => void): Promise<void> {
  const folder = jobFolder(job);
  await withLock(folder, async () => {
    const time = (row: Timing) => appendRows(timingFile(job.root), [row]);
    const checkpoint = await trained(job, folder, report, time);
    for (const plan of job.evaluations) {
      const progress = (done: number, total: number) => report({ phase: `test ${plan.env}`, done, total });
      await runTests(folder, checkpoint, plan, progress, time);
    }
  });
}

/** The checkpoint to test, trained where that is not finished. */
async function trained(
  job: Job,
  folder: string,
  report: (progress: JobProgress) => void,
  time: (row: Timing) => void,
): Promise<string> {
  const plan = job.stages.at(-1);
  if (!plan) return job.base;
  const finished = finishedTraining(folder);
  if (finished) return checkpointIn(finished);
  const { model: base } = loadCheckpoint(job.base);
  writeAtomically(path.join(folder, "settings.json"), JSON.stringify(stageSettings(base, job.stages), null, 2) + "\n");
  const start = startOf(job, base);
  const options = trainOptions(plan);
  const episodes = (plan.tasksPerStep ?? 8) * (plan.groupSize ?? 8);
  let [seconds, steps] = [0, 0];
  for await (const event of train(start, { ...options, root: folder, saveEvery: job.saveEvery })) {
    const sources = Object.values(event.record.sources);
    const success = sources.reduce((sum, s) => sum + s.success * s.episodes, 0) / episodes;
    report({ phase: "train", done: event.record.step + 1, total: event.steps, watched: { success } });
    seconds += event.seconds.play + event.seconds.learn;
    steps++;
  }
  const envs = [...new Set(plan.schedule.flatMap((stage) => stage.sources.map(({ env }) => env)))];
  if (envs.length === 1 && steps > 0 && (plan.workers ?? 1) === 1)
    time({ kind: "train", env: envs[0], episodes: steps * episodes, seconds });
  const training = runFolder(folder, start, options);
  const done: Finished = { training: path.basename(training) };
  writeAtomically(path.join(folder, FINISHED), JSON.stringify(done) + "\n");
  return checkpointIn(training);
}

/** The policy that the last stage starts from. */
function startOf({ name, root, stages }: Job, base: PocketModel): PocketModel {
  const before = stages.slice(0, -1);
  if (before.length === 0) return base;
  const training = finishedTraining(policyFolder(root, policyId(base, before)));
  if (!training) throw new Error(`${name} starts from a policy whose training is not finished; run that first`);
  return loadCheckpoint(checkpointIn(training)).model;
}
