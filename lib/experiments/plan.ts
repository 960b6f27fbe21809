/**
 * From the policies that experiments ask for to jobs: each policy once, parents before children, with what is missing
 * of it and how long that is expected to take. Nothing here trains or writes.
 */
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { repositoryRoot } from "../data";
import { environment, environments } from "../environments";
import { loadCheckpoint, modelHash } from "../pocket/checkpoint";
import { checkpointFile } from "../policies";
import { costs, longestFirst, seconds } from "./costs";
import type { Costs } from "./costs";
import { finishedTraining, policyFolder, policyId } from "./jobs";
import type { Job, JobProgress, Missing, TrainingPlan } from "./jobs";
import { runJobs } from "./pool";
import { profile, turnsOf } from "./profiles";
import type { Profile, StudyOptions } from "./profiles";
import { LEVELS, policyName, prefixes, stageSchedule } from "./stages";
import type { Chain, TaskLevels } from "./stages";
import { sample, testFile } from "./tests";
import type { EvaluationPlan } from "./tests";

/** Fixed before the runs and the same for all policies. */
export const TRAINING = { learningRate: 4e-4, klCoefficient: 0.01 } as const;
const TESTING = { temperature: 1, maxReplyTokens: 96 } as const;

/** What all experiments of a study share. */
export interface StudySettings {
  /** In the order of the registry. */
  readonly envs: readonly string[];
  /** Checkpoint file. */
  readonly base: string;
  readonly root: string;
  readonly profile: Profile;
  readonly jobs?: number;
  readonly workers: number;
  /** Levels by model, where difficulty is by model. */
  readonly levels?: TaskLevels;
}

/** The complete settings, checked, without doing anything. */
export function studySettings(options: StudyOptions): StudySettings {
  const chosen = profile(options.profile ?? "quick");
  const wanted = options.envs ?? chosen.environments;
  wanted.forEach(environment);
  distinct("environments", wanted);
  const envs = environments.map(({ id }) => id).filter((id) => wanted.includes(id));
  const seeds = options.seeds ?? chosen.seeds;
  distinct("seeds", seeds);
  return {
    envs,
    base: checkpointFile(options.base ?? "small"),
    root: options.root ?? path.join(repositoryRoot(), "runs"),
    profile: { ...chosen, environments: envs, seeds },
    jobs: options.jobs,
    workers: options.workers ?? 1,
  };
}

function distinct(what: string, values: readonly unknown[]): void {
  if (values.length === 0 || new Set(values).size < values.length)
    throw new RangeError(`${what}: got [${values}], accepted: one or more different ones`);
}

/** The held-out tests of every policy on one environment. */
export function evaluationPlan({ profile }: StudySettings, env: string): EvaluationPlan {
  const tasks = LEVELS.flatMap((level) => sample(environment(env).tasks({ split: "test", level }), profile.testTasks));
  return { ...TESTING, env, tasks: tasks.map((task) => task.id), k: profile.k, maxTurns: turnsOf(env).test };
}

export interface PlannedPolicy {
  readonly name: string;
  readonly chain: Chain;
  /** null for the base. */
  readonly seed: number | null;
  readonly id: string;
  readonly job: Job;
}

export interface StudyPlan {
  readonly settings: StudySettings;
  /** Base first, parents before children; each policy once. */
  readonly policies: readonly PlannedPolicy[];
}

/** All policies of these chains and of those that lead to them, for every seed, and the base. */
export function planOf(settings: StudySettings, chains: readonly Chain[]): StudyPlan {
  const { model } = loadCheckpoint(settings.base);
  const hash = modelHash(model);
  const evaluations = settings.envs.map((env) => evaluationPlan(settings, env));
  const common = { base: settings.base, root: settings.root, evaluations };
  const base: PlannedPolicy = {
    name: "base",
    chain: [],
    seed: null,
    id: hash,
    job: { ...common, name: "base", stages: [] },
  };
  const found = new Map([[base.id, base]]);
  for (const seed of settings.profile.seeds) {
    for (const chain of chains.flatMap(prefixes)) {
      const stages = prefixes(chain).map((prefix) => trainingPlan(settings, prefix, seed));
      const id = policyId(model, stages, hash);
      if (found.has(id)) continue;
      const name = policyName(chain);
      const title = settings.profile.seeds.length > 1 ? `${name}, seed ${seed}` : name;
      found.set(id, { name, chain, seed, id, job: { ...common, name: title, stages } });
    }
  }
  return { settings, policies: [...found.values()] };
}

/** How a chain's last stage is trained. */
function trainingPlan({ profile, levels, workers }: StudySettings, chain: Chain, seed: number): TrainingPlan {
  const { steps, tasksPerStep, groupSize } = profile;
  const { settings: schedule } = stageSchedule(chain, steps, levels);
  const envs = new Set(schedule.flatMap(({ sources }) => sources.map(({ env }) => env)));
  const maxTurns = Object.fromEntries([...envs].map((env) => [env, turnsOf(env).train]));
  return { ...TRAINING, maxTurns, seed, tasksPerStep, groupSize, schedule, ...(workers > 1 && { workers }) };
}

/** What is missing of a policy on disk. */
export function missing({ id, chain, job }: PlannedPolicy): Missing {
  const folder = policyFolder(job.root, id);
  return {
    training: chain.length > 0 && finishedTraining(folder) === undefined,
    tests: job.evaluations.filter((plan) => !existsSync(testFile(folder, plan))),
  };
}

/** Runs what is missing of a plan; `report` is called for every step of every job. Throws when something failed. */
export async function runPlan(plan: StudyPlan, report: (job: Job, progress: JobProgress) => void): Promise<void> {
  const jobs = workOf(plan).map(({ policy }) => policy.job);
  await runJobs(jobs, report, lanesOf(plan.settings));
}

/** How many runs go side by side. */
export function lanesOf({ jobs, workers }: Pick<StudySettings, "jobs" | "workers">): number {
  return jobs ?? Math.max(1, Math.floor(os.availableParallelism() / workers));
}

export interface Work {
  readonly policy: PlannedPolicy;
  readonly missing: Missing;
  /** Expected, beside other work. */
  readonly seconds: number;
}

/** What is to be done for a plan, in the order in which it is best done: first what most other work waits for. */
export function workOf({ settings, policies }: StudyPlan, known?: Costs, workers = settings.workers): Work[] {
  const paid = known ?? costs(settings.root, settings.envs);
  const work = policies.map((policy): Work => {
    const lacks = missing(policy);
    return { policy, missing: lacks, seconds: seconds(policy.job, lacks, paid, workers) };
  });
  const open = work.filter(({ missing }) => missing.training || missing.tests.length > 0);
  return longestFirst(open, parentIn(open));
}

/** The work that another work's training waits for. */
export function parentIn(work: readonly Work[]): (of: Work) => Work | undefined {
  const byName = new Map(work.map((w) => [JSON.stringify([w.policy.name, w.policy.seed]), w]));
  return ({ policy: { chain, seed } }) =>
    chain.length > 1 ? byName.get(JSON.stringify([policyName(chain.slice(0, -1)), seed])) : undefined;
}
