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
  /** Weight of the k3 estimate of KL(policy ‖ initial policy). Default 0.01; 0 saves the reference's forward pass. */
  readonly klCoefficient?: number;
  /** The probability ratio is clipped to [1 − clipLow, 1 + clipHigh]. Default 0.2 each. */
  readonly clipLow?: number;
  readonly clipHigh?: number;
  /** See {@link Estimator}. Default "grpo". */
  readonly estimator?: Estimator;
  /** Deviation of "grpo": "sample" (default) or "population". */
  readonly deviation?: "sample" | "population";
  /**
   * How token terms are averaged: "sequence" first within each episode (the GRPO paper; default), "token" over all
   * tokens of the step (verl and DAPO, arXiv:2503.14476), "constant" by a fixed number of tokens per episode (Dr-GRPO,
   * arXiv:2503.20783). Failed episodes are long here: by token they drown the others.
   */
  readonly average?: "token" | "sequence" | "constant";
  /** Updates on each step's episodes. Default 1. */
  readonly updates?: number;
  /** Sampling temperature. Default 1. */
  readonly temperature?: number;
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
  temperature: 1,
  maxReplyTokens: 96,
  maxTurns: null,
} as const;

/** Complete, checked settings; throws on unknown keys and impossible values before any work is done. */
export function trainSettings(base: PocketModel, options: TrainOptions): TrainSettings {
  refuseUnknownKeys("train", options, ["schedule", "seed", ...Object.keys(DEFAULTS)]);
  const { schedule, ...rest } = options;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const settings = { ...DEFAULTS, ...given, schedule: schedule.settings } as TrainSettings;
  const whole = (name: "tasksPerStep" | "groupSize" | "updates", least: number) => {
    if (!Number.isInteger(settings[name]) || settings[name] < least) {
      throw new RangeError(`${name}: got ${settings[name]}, accepted: whole numbers from ${least}`);
    }
  };
  whole("tasksPerStep", 1);
  whole("groupSize", 2);
  whole("updates", 1);
  for (const name of ["learningRate", "temperature"] as const) {
    if (!(settings[name] > 0)) throw new RangeError(`${name}: got ${settings[name]}, accepted: numbers above 0`);
  }
  if (!ESTIMATORS.includes(settings.estimator)) throw notAccepted("estimator", settings.estimator, ESTIMATORS);
  const averages = ["token", "sequence", "constant"];
  if (!averages.includes(settings.average)) throw notAccepted("average", settings.average, averages);
  const versions: { [id: string]: string } = {};
  for (const { env, level } of schedule.settings.flatMap((stage) => stage.sources)) {
    const definition = environment(env);
    const levels = Object.keys(definition.levels);
    if (level !== undefined && !levels.includes(level)) throw notAccepted(`level of ${env}`, level, levels);
    versions[env] = definition.version;
  }
  return { ...settings, kind: "grpo", version, base: modelHash(base), environments: versions };
}
