/**
 * Experiment 1: generalization within an environment across task difficulty.
 *
 * One base policy is RFT'd on easy tasks, on hard tasks, on easy tasks and then hard ones, and on both at once, with
 * the same number of steps and episodes each, and every policy is tested on held-out easy and hard tasks.
 */
import path from "node:path";
import { dataFile, repositoryRoot } from "../data";
import { environment } from "../environments";
import { refuseUnknownKeys } from "../errors";
import { cell } from "../metrics";
import type { Cell } from "../metrics";
import { fold, generator } from "../random";
import { curriculum, mixture, single } from "../schedules";
import type { Schedule } from "../schedules";
import { readRows } from "../store";
import type { StepRecord } from "../training/step-record";
import { CURVE } from "../training/trainer";
import type { TaskSpec, Trajectory } from "../types";
import { evaluationFile, jobFolder } from "./jobs";
import type { EvaluationPlan, Job, JobProgress } from "./jobs";
import { runJobs } from "./pool";
import { profile } from "./profiles";
import type { Profile, StudyOptions } from "./profiles";

export interface WithinOptions extends StudyOptions {
  /** Default "textcraft". */
  readonly env?: string;
  /** Checkpoint that RFT starts from. Default: the shipped `small` base. */
  readonly base?: string;
}

/** The training regimes, by name, as schedules of the same length. */
export const REGIMES: { readonly [name: string]: (env: string, steps: number) => Schedule } = {
  easy: (env, steps) => single({ env, level: "easy" }, steps),
  hard: (env, steps) => single({ env, level: "hard" }, steps),
  "easy then hard": (env, steps) => curriculum(env, ["easy", "hard"], steps),
  mixed: (env, steps) =>
    mixture(
      ["easy", "hard"].map((level) => ({ env, level })),
      steps,
    ),
};

/**
 * Fixed before the runs and the same for all regimes. Tests have the 20 turns that AgentGym-RL gives TextCraft (App. B);
 * training has fewer, since what has not succeeded by then mostly goes in circles and costs most of the time.
 */
const TRAINING = { learningRate: 4e-4, klCoefficient: 0.01, maxTurns: 14 } as const;
const TESTING = { maxTurns: 20, temperature: 1, maxReplyTokens: 96 } as const;

export interface WithinSettings {
  readonly env: string;
  readonly base: string;
  readonly root: string;
  readonly profile: Profile;
  readonly jobs?: number;
  readonly training: { readonly learningRate: number; readonly klCoefficient: number; readonly maxTurns: number };
  readonly evaluation: EvaluationPlan;
}

/** The complete settings of a study, without doing anything. */
export function withinSettings(options: WithinOptions = {}): WithinSettings {
  refuseUnknownKeys("within", options, ["env", "base", "profile", "seeds", "jobs", "root"]);
  const definition = environment(options.env ?? "textcraft");
  const chosen = profile(options.profile ?? "quick");
  const seeds = options.seeds ?? chosen.seeds;
  if (seeds.length === 0 || new Set(seeds).size < seeds.length) {
    throw new RangeError(`seeds: got [${seeds}], accepted: one or more different whole numbers`);
  }
  const sized = { ...chosen, seeds };
  const test = ["easy", "hard"].flatMap((level) => sample(definition.tasks({ split: "test", level }), sized.testTasks));
  return {
    env: definition.id,
    base: options.base ?? dataFile("base", "small", "model.safetensors"),
    root: options.root ?? path.join(repositoryRoot(), "runs"),
    profile: sized,
    jobs: options.jobs,
    training: { ...TRAINING, maxTurns: Math.min(TRAINING.maxTurns, definition.maxTurns) },
    evaluation: {
      ...TESTING,
      env: definition.id,
      tasks: test.map((task) => task.id),
      k: sized.k,
      maxTurns: Math.min(TESTING.maxTurns, definition.maxTurns),
    },
  };
}

/** A fixed choice of at most `count` tasks, in their own order. */
function sample(tasks: readonly TaskSpec[], count: number): TaskSpec[] {
  if (tasks.length <= count) return [...tasks];
  const chosen = new Set(
    generator(fold("test tasks", tasks[0].id, tasks.length))
      .shuffle(tasks)
      .slice(0, count),
  );
  return tasks.filter((task) => chosen.has(task));
}

/** One finished training run with its tests. */
export interface WithinRun {
  readonly regime: string;
  readonly seed: number;
  readonly curve: readonly StepRecord[];
  readonly test: readonly Trajectory[];
}

export interface WithinStudy {
  readonly settings: WithinSettings;
  /** Tests of the policy before RFT. */
  readonly base: readonly Trajectory[];
  readonly runs: readonly WithinRun[];
}

interface Planned {
  readonly regime: string;
  readonly seed: number;
  readonly job: Job;
}

/** The jobs of a study: the base's test first, then one training run per regime and seed. */
export function planWithin(settings: WithinSettings): { base: Job; runs: Planned[] } {
  const { env, base, root, evaluation } = settings;
  const { steps, tasksPerStep, groupSize, seeds } = settings.profile;
  const common = { base, root, evaluations: [evaluation] };
  const runs = seeds.flatMap((seed) =>
    Object.entries(REGIMES).map(([regime, schedule]) => ({
      regime,
      seed,
      job: {
        ...common,
        name: seeds.length > 1 ? `${regime}, seed ${seed}` : regime,
        training: { ...settings.training, seed, tasksPerStep, groupSize, schedule: schedule(env, steps).settings },
      },
    })),
  );
  return { base: { ...common, name: "base" }, runs };
}

/** Runs what is missing of a study and returns all of it; `report` is called for every step of every job. */
export async function runWithin(
  settings: WithinSettings,
  report: (job: Job, progress: JobProgress) => void = () => {},
): Promise<WithinStudy> {
  const plan = planWithin(settings);
  await runJobs([...plan.runs.map((run) => run.job), plan.base], report, settings.jobs);
  const test = (job: Job) => readRows<Trajectory>(evaluationFile(jobFolder(job), settings.evaluation));
  return {
    settings,
    base: test(plan.base),
    runs: plan.runs.map(({ regime, seed, job }) => ({
      regime,
      seed,
      curve: readRows<StepRecord>(path.join(jobFolder(job), CURVE)),
      test: test(job),
    })),
  };
}

/** A stratum of test tasks: a level, or a value of the environment's breakdown such as "depth 3". */
export interface Stratum {
  readonly name: string;
  readonly has: (task: TaskSpec) => boolean;
}

/** Easy, hard, and every value of the environment's breakdown that the test tasks have. */
export function strata(study: WithinStudy): { levels: Stratum[]; breakdown: Stratum[] } {
  const { breakdown } = environment(study.settings.env);
  const levels = ["easy", "hard"].map((level) => ({ name: level, has: (task: TaskSpec) => task.level === level }));
  if (!breakdown) return { levels, breakdown: [] };
  const tasks = study.base.map(({ task }) => task);
  const values = [...new Set(tasks.map((task) => String(task.params[breakdown])))].sort();
  const parts = values.map((value) => ({
    name: `${breakdown} ${value}`,
    has: (task: TaskSpec) => String(task.params[breakdown]) === value,
  }));
  return { levels, breakdown: parts };
}

export interface Cells {
  readonly base: Cell;
  readonly regimes: { readonly [regime: string]: Cell };
}

/** Task scores of the base policy and of each regime (one row per seed) on the tasks of a stratum. */
export function cellsOf(study: WithinStudy, stratum: Stratum): Cells {
  const on = (trajectories: readonly Trajectory[]) => trajectories.filter(({ task }) => stratum.has(task));
  const name = `${study.settings.env}/${stratum.name}`;
  const regimes = Object.keys(REGIMES).map((regime) => {
    const seeds = study.runs.filter((run) => run.regime === regime).map((run) => on(run.test));
    return [regime, cell(name, regime, seeds)];
  });
  return { base: cell(name, "base", [on(study.base)]), regimes: Object.fromEntries(regimes) };
}

/** The same with pass@k in place of avg@k: 1 for a task that some attempt solved. */
export function solvedOnce({ base, regimes }: Cells): Cells {
  const once = (of: Cell): Cell => ({ ...of, scores: of.scores.map((seed) => seed.map((score) => Number(score > 0))) });
  return { base: once(base), regimes: Object.fromEntries(Object.entries(regimes).map(([name, c]) => [name, once(c)])) };
}
