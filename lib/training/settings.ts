/** The settings of a GRPO run: everything that determines its result, and nothing else. */
import { environment } from "../environments";
import { notAccepted, refuseUnknownKeys } from "../errors";
import { modelHash } from "../pocket/checkpoint";
import type { PocketModel } from "../pocket/model";
import type { Schedule, StageSettings } from "../schedules";
import { version } from "../version";
import { ESTIMATORS } from "./advantage";
import type { Estimator } from "./advantage";

export interface TrainOptions {
  readonly schedule: Schedule;
  readonly seed: number;
  /** Tasks per step. Default 8. */
  readonly tasksPerStep?: number;
  /** Attempts per task. Default 8. */
  readonly groupSize?: number;
  /** Peak of the learning rate: warm-up over `warmup` steps, then a cosine to a tenth. Default 4e-4. */
  readonly learningRate?: number;
  /** Default 3. */
  readonly warmup?: number;
  /**
   * Weight of the k3 estimate of KL(policy ‖ initial policy). Default 0.01; 0 saves the reference's forward pass.
   * Episodes with advantage 0 are left out of the objective, of its KL term and of its mean, unlike in the paper's
   * equation 3: their forward and backward pass would be most of the cost. A step with none left still moves by
   * Adam's momentum.
   */
  readonly klCoefficient?: number;
  /** The probability ratio is clipped to [1 − clipLow, 1 + clipHigh]. Default 0.2 each. */
  readonly clipLow?: number;
  readonly clipHigh?: number;
  /** See {@link Estimator}. Default "grpo". */
  readonly estimator?: Estimator;
  /** Deviation of "grpo": "sample" (default) or "population". */
  readonly deviation?: "sample" | "population";
  /**
   * How token terms of the episodes that count are averaged: "sequence" first within each episode (the GRPO paper;
   * default), "token" over all their tokens (verl and DAPO, arXiv:2503.14476), "constant" by the context length per
   * episode (Dr-GRPO, arXiv:2503.20783). Failed episodes are long here: by token they drown the others.
   */
  readonly average?: "token" | "sequence" | "constant";
  /** Updates on each step's episodes. Default 1. */
  readonly updates?: number;
  /** Longest reply in tokens. Default 96. */
  readonly maxReplyTokens?: number;
  /** Turn limit; default: each environment's own. */
  readonly maxTurns?: number;
}

export type TrainSettings = Omit<Required<TrainOptions>, "schedule" | "maxTurns"> & {
  readonly kind: "grpo";
  readonly version: string;
  /** Hash of the model that training starts from. */
  readonly base: string;
  readonly environments: { readonly [id: string]: string };
  readonly schedule: readonly StageSettings[];
  readonly maxTurns: number | null;
};

const DEFAULTS = {
  tasksPerStep: 8,
  groupSize: 8,
  learningRate: 4e-4,
  warmup: 3,
  klCoefficient: 0.01,
  clipLow: 0.2,
  clipHigh: 0.2,
  estimator: "grpo",
  deviation: "sample",
  average: "sequence",
  updates: 1,
  maxReplyTokens: 96,
  maxTurns: null,
} as const;

const WHOLE_NUMBERS = {
  seed: 0,
  tasksPerStep: 1,
  groupSize: 2,
  updates: 1,
  warmup: 0,
  maxReplyTokens: 1,
  maxTurns: 1,
} as const;
const AVERAGES = ["token", "sequence", "constant"];
const DEVIATIONS = ["sample", "population"];

/** Complete, checked settings; throws on unknown keys and impossible values before any work is done. */
export function trainSettings(base: PocketModel, options: TrainOptions): TrainSettings {
  refuseUnknownKeys("train", options, ["schedule", "seed", ...Object.keys(DEFAULTS)]);
  const { schedule, ...rest } = options;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const settings = { ...DEFAULTS, ...given, schedule: schedule.settings } as TrainSettings;
  for (const [name, least] of Object.entries(WHOLE_NUMBERS)) {
    const value = settings[name as keyof typeof WHOLE_NUMBERS];
    if (value === null && name === "maxTurns") continue;
    if (!Number.isInteger(value) || value! < least) {
      throw new RangeError(`${name}: got ${value}, accepted: whole numbers from ${least}`);
    }
  }
  for (const name of ["learningRate", "klCoefficient", "clipLow", "clipHigh"] as const) {
    const value = settings[name];
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`${name}: got ${value}, accepted: numbers from 0`);
  }
  if (!ESTIMATORS.includes(settings.estimator)) throw notAccepted("estimator", settings.estimator, ESTIMATORS);
  if (!AVERAGES.includes(settings.average)) throw notAccepted("average", settings.average, AVERAGES);
  if (!DEVIATIONS.includes(settings.deviation)) throw notAccepted("deviation", settings.deviation, DEVIATIONS);
  const { context } = base.config;
  if (settings.maxReplyTokens >= context)
    throw new RangeError(
      `maxReplyTokens: got ${settings.maxReplyTokens}, accepted: less than the context of ${context}`,
    );
  const versions: { [id: string]: string } = {};
  for (const { env, level } of schedule.settings.flatMap((stage) => stage.sources)) {
    const definition = environment(env);
    const levels = Object.keys(definition.levels);
    if (level !== undefined && !levels.includes(level)) throw notAccepted(`level of ${env}`, level, levels);
    if (definition.tasks({ split: "train", level }).length === 0)
      throw new RangeError(`${env} has no training tasks of level ${level}`);
    versions[env] = definition.version;
  }
  return { ...settings, kind: "grpo", version, base: modelHash(base), environments: versions };
}
