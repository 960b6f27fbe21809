/**
 * Experiment 1: generalization within an environment across task difficulty.
 *
 * One base policy is RFT'd on easy tasks, on hard tasks, on easy tasks and then hard ones, the other way round, and on
 * both at once, with the same number of steps and episodes each; every policy is tested on held-out easy and hard tasks.
 */
import { refuseUnknownKeys } from "../errors";
import { collect } from "./collect";
import type { Job, JobProgress } from "./jobs";
import { evaluationPlan, planOf, runPlan, studySettings, TRAINING } from "./plan";
import type { StudySettings } from "./plan";
import { turnsOf } from "./profiles";
import type { StudyOptions } from "./profiles";
import type { PolicyRecord } from "./records";
import { LEVELS } from "./stages";
import type { Chain } from "./stages";
import type { EvaluationPlan } from "./tests";

/** The training regimes by name, given the names of the two levels: levels in turn, or none for both at once. */
const REGIME_LEVELS: { readonly [regime: string]: (easy: string, hard: string) => readonly string[] | undefined } = {
  easy: (easy) => [easy],
  hard: (_, hard) => [hard],
  "easy then hard": (easy, hard) => [easy, hard],
  "hard then easy": (easy, hard) => [hard, easy],
  mixed: () => undefined,
};

export const REGIMES: readonly string[] = Object.keys(REGIME_LEVELS);

/** The training of a regime; "mixed" is the same as experiment 2's training on the environment. */
export function regimeChain(env: string, regime: string, [easy, hard] = LEVELS): Chain {
  const levels = REGIME_LEVELS[regime](easy, hard);
  return [{ envs: [env], ...(levels && { levels }) }];
}

/** Every regime in every environment. */
export function withinChains(envs: readonly string[], levels = LEVELS): Chain[] {
  return envs.flatMap((env) => REGIMES.map((regime) => regimeChain(env, regime, levels)));
}

export interface WithinOptions extends Omit<StudyOptions, "envs"> {
  /** Default "textcraft". */
  readonly env?: string;
}

export interface WithinSettings extends StudySettings {
  readonly env: string;
  readonly training: typeof TRAINING & { readonly maxTurns: number };
  readonly evaluation: EvaluationPlan;
}

/** The complete settings of experiment 1 in one environment, without doing anything. */
export function withinSettings(options: WithinOptions = {}): WithinSettings {
  refuseUnknownKeys("within", options, ["env", "base", "profile", "seeds", "jobs", "root"]);
  const { env = "textcraft", ...rest } = options;
  const settings = studySettings({ ...rest, envs: [env] });
  const training = { ...TRAINING, maxTurns: turnsOf(env).train };
  return { ...settings, env, training, evaluation: evaluationPlan(settings, env) };
}

export interface WithinStudy {
  readonly settings: WithinSettings;
  /** The base and one policy per regime and seed. */
  readonly records: readonly PolicyRecord[];
}

/** Runs what is missing of experiment 1 and returns all of it; `report` is called for every step of every job. */
export async function runWithin(
  settings: WithinSettings,
  report: (job: Job, progress: JobProgress) => void = () => {},
): Promise<WithinStudy> {
  const plan = planOf(settings, withinChains([settings.env]));
  await runPlan(plan, report);
  return { settings, records: collect(plan) };
}
