/** Units of work that a study hands to worker processes: train a policy, evaluate it, or both. */
import path from "node:path";
import { environment } from "../environments";
import { evaluate } from "../evaluate";
import { loadCheckpoint, modelHash } from "../pocket/checkpoint";
import { PocketPolicy } from "../pocket/policy";
import { fromStages } from "../schedules";
import type { StageSettings } from "../schedules";
import { settingsHash, withLock } from "../store";
import { CHECKPOINT, runFolder, train } from "../training/trainer";
import type { TrainOptions } from "../training/settings";
import type { EnvironmentDefinition } from "../types";

export interface TrainingPlan extends Omit<TrainOptions, "schedule"> {
  readonly schedule: readonly StageSettings[];
}

export interface EvaluationPlan {
  readonly env: string;
  readonly tasks: readonly string[];
  readonly k: number;
  readonly maxTurns: number;
  readonly temperature: number;
  readonly maxReplyTokens: number;
}

export interface Job {
  readonly name: string;
  /** Checkpoint that training starts from, or that is evaluated where there is no training. */
  readonly base: string;
  readonly root: string;
  readonly training?: TrainingPlan;
  /** Steps between two saved states of the training; no part of its identity. */
  readonly saveEvery?: number;
  readonly evaluations: readonly EvaluationPlan[];
}

export interface JobProgress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly watched?: { readonly [name: string]: number };
}

/** Where a job keeps its files: the folder of its training run, or a folder named by the evaluated model. */
export function jobFolder(job: Job): string {
  const { model } = loadCheckpoint(job.base);
  if (!job.training) return path.join(job.root, `base-${modelHash(model)}`);
  return runFolder(job.root, model, trainOptions(job.training));
}

/** The file of an evaluation's trajectories; its name is a hash of everything that determines them. */
export function evaluationFile(folder: string, plan: EvaluationPlan): string {
  const identity = { ...plan, version: environment(plan.env).version };
  return path.join(folder, `test-${plan.env}-${settingsHash(identity)}.jsonl`);
}

function trainOptions(plan: TrainingPlan): TrainOptions {
  return { ...plan, schedule: fromStages(plan.schedule) };
}

/** Does what is not done yet of a job; throws when another process is at it. */
export async function execute(job: Job, report: (progress: JobProgress) => void): Promise<void> {
  const folder = jobFolder(job);
  await withLock(folder, () => executeIn(folder, job, report));
}

async function executeIn(folder: string, job: Job, report: (progress: JobProgress) => void): Promise<void> {
  const { model: base } = loadCheckpoint(job.base);
  let checkpoint = job.base;
  if (job.training) {
    const options = { ...trainOptions(job.training), root: job.root, saveEvery: job.saveEvery };
    for await (const { record, steps } of train(base, options)) {
      const sources = Object.values(record.sources);
      const episodes = sources.reduce((sum, s) => sum + s.episodes, 0);
      const success = sources.reduce((sum, s) => sum + s.success * s.episodes, 0) / episodes;
      report({ phase: "train", done: record.step + 1, total: steps, watched: { success } });
    }
    checkpoint = path.join(folder, CHECKPOINT);
  }
  for (const plan of job.evaluations) {
    const definition: EnvironmentDefinition = environment(plan.env);
    const { model } = loadCheckpoint(checkpoint);
    const policy = await PocketPolicy.open(modelHash(model), model, plan);
    const played = await evaluate(
      definition,
      policy,
      plan.tasks.map((id) => definition.task(id)),
      {
        k: plan.k,
        maxTurns: plan.maxTurns,
        file: evaluationFile(folder, plan),
        onProgress: (done, total) => report({ phase: `test ${plan.env}`, done, total }),
      },
    );
    await policy.release();
    const broken = played.filter((t) => t.outcome === "error");
    if (broken.length > 0) throw new Error(`${broken.length} test episodes failed, the first: ${broken[0].error}`);
  }
}
