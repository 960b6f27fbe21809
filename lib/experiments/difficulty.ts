/**
 * Difficulty by a model, as the paper splits tasks: by how well the base itself does on them, not by the environment's
 * rule. The attempts that decide are other ones than those of the tests; deciding by the tests' own attempts would make
 * the base look worse on what it happened to fail, and every training look like a gain there.
 */
import { environment } from "../environments";
import { mean } from "../metrics";
import { loadCheckpoint } from "../pocket/checkpoint";
import type { Job } from "./jobs";
import { policyFolder, policyId } from "./jobs";
import type { TaskResult } from "./records";
import { LEVELS } from "./stages";
import type { TaskLevels } from "./stages";
import { sample, testResults } from "./tests";
import type { EvaluationPlan } from "./tests";
import { evaluationPlan } from "./plan";
import type { StudySettings } from "./plan";

/** Names of the levels by model, as LEVELS are those by environment. */
export const MODEL_LEVELS: readonly string[] = ["easier", "harder"];

/** The base's attempts at training and test tasks that decide. */
function deciding(settings: StudySettings, env: string): EvaluationPlan {
  const { trainTasks, k } = settings.profile.difficulty;
  const train = LEVELS.flatMap((level) => sample(environment(env).tasks({ split: "train", level }), trainTasks));
  const test = evaluationPlan(settings, env);
  return { ...test, tasks: [...train.map((task) => task.id), ...test.tasks], k, key: "difficulty" };
}

/** The job that plays them. */
export function difficultyJob(settings: StudySettings): Job {
  const evaluations = settings.envs.map((env) => deciding(settings, env));
  return { name: "base, difficulty of tasks", base: settings.base, root: settings.root, stages: [], evaluations };
}

/** The outcomes of {@link difficultyJob}; undefined while some are missing. */
export function decidingResults(settings: StudySettings): TaskResult[] | undefined {
  const { base, root, evaluations } = difficultyJob(settings);
  const folder = policyFolder(root, policyId(loadCheckpoint(base).model, []));
  const results = evaluations.map((plan) => testResults(folder, plan));
  return results.every((r) => r !== undefined) ? results.flat() : undefined;
}

/**
 * Easier and harder tasks of each environment, training and test tasks together. The border lies between two different
 * rates of success, so that tasks of the same rate are never separated, and where the two parts are most equal in size
 * (of two such places the one with fewer easier tasks). Throws where all rates are the same.
 */
export function splitBySuccess(results: readonly TaskResult[]): TaskLevels {
  const envs = [...new Set(results.map(({ env }) => env))];
  return Object.fromEntries(
    envs.map((env) => {
      const own = results.filter((r) => r.env === env).map((r) => ({ task: r.task, rate: mean(r.success) }));
      const rates = [...new Set(own.map(({ rate }) => rate))].sort((a, b) => b - a);
      if (rates.length === 1)
        throw new RangeError(`difficulty by model: the base solves every task of ${env} at the same rate, ${rates[0]}`);
      const easierFrom = (border: number) => own.filter(({ rate }) => rate >= border).map(({ task }) => task);
      const uneven = (border: number) => Math.abs(2 * easierFrom(border).length - own.length);
      const border = rates.slice(0, -1).reduce((best, rate) => (uneven(rate) < uneven(best) ? rate : best));
      const easier = easierFrom(border);
      const rest = own.map(({ task }) => task).filter((task) => !easier.includes(task));
      return [env, { easier, harder: rest }];
    }),
  );
}

/** The same outcomes with the levels by model in place of the environment's; tasks without one are left out. */
export function relabelled(tests: readonly TaskResult[], levels: TaskLevels): TaskResult[] {
  const levelOf = new Map(
    Object.values(levels).flatMap((byLevel) =>
      Object.entries(byLevel).flatMap(([level, tasks]) => tasks.map((task) => [task, level] as const)),
    ),
  );
  return tests.flatMap((test) => {
    const level = levelOf.get(test.task);
    return level === undefined ? [] : [{ ...test, level }];
  });
}

/** How tasks of one environment are divided by both definitions: `counts[level][model level]`. */
export interface LevelAgreement {
  readonly env: string;
  readonly counts: { readonly [level: string]: { readonly [modelLevel: string]: number } };
  /** Share of the tasks that are easy and easier, or hard and harder. */
  readonly agreement: number;
  /** Cohen's kappa: 0 is what chance gives, 1 is the same split. */
  readonly kappa: number;
}

/** Compares the two definitions, environment by environment, in tasks. */
export function levelAgreement(levels: TaskLevels): LevelAgreement[] {
  return Object.entries(levels).map(([env, byLevel]) => {
    const definition = environment(env);
    const count = (level: string, model: string) =>
      byLevel[model].filter((task) => definition.task(task).level === level).length;
    const counts = Object.fromEntries(
      LEVELS.map((level) => [level, Object.fromEntries(MODEL_LEVELS.map((model) => [model, count(level, model)]))]),
    );
    const [easy, hard] = LEVELS.map((level) => MODEL_LEVELS.map((model) => counts[level][model]));
    const total = easy[0] + easy[1] + hard[0] + hard[1];
    const agreement = (easy[0] + hard[1]) / total;
    const byChance =
      ((easy[0] + easy[1]) * (easy[0] + hard[0]) + (hard[0] + hard[1]) * (easy[1] + hard[1])) / total ** 2;
    return { env, counts, agreement, kappa: byChance === 1 ? 1 : (agreement - byChance) / (1 - byChance) };
  });
}
