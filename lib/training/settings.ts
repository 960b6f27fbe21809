/** The settings of a training run: everything that determines its result, and nothing else. */
import { environment } from "../environments";
import { notAccepted, refuseUnknownKeys } from "../errors";
import { modelHash } from "../pocket/checkpoint";
import type { PocketModel } from "../pocket/model";
import { KL_ESTIMATORS } from "../pocket/training-graph";
import type { KlEstimator } from "../pocket/training-graph";
import { parameterCount } from "../pocket/transformer";
import type { Schedule, StageSettings } from "../schedules";
import { version } from "../version";
import { ESTIMATORS } from "./advantage";
import type { Estimator } from "./advantage";
import { TASK_ORDERS, trainingTasks } from "./tasks";
import type { TaskOrder } from "./tasks";
import { checkTurnLimits } from "./turn-limits";
import type { TurnLimits } from "./turn-limits";

export interface TrainOptions {
  readonly schedule: Schedule;
  readonly seed: number;
  /** Tasks per step. Default 8. */
  readonly tasksPerStep?: number;
  /** See {@link TaskOrder}. Default "shuffled". */
  readonly tasks?: TaskOrder;
  /** Attempts per task. Default 8; only the estimator "reinforce++" can do with 1. */
  readonly groupSize?: number;
  /** Peak of the learning rate: warm-up over `warmup` steps, then a cosine to a tenth. Default 4e-4. */
  readonly learningRate?: number;
  /** Default 3. */
  readonly warmup?: number;
  /**
   * Weight in the loss of the estimate of KL(policy ‖ initial policy), as verl's `kl_loss_coef`. Default 0.01; 0 saves
   * the reference's forward pass.
   * Episodes with advantage 0 are left out of the objective, of its KL term and of its mean, unlike in the paper's
   * equation 3: their forward and backward pass would be most of the cost. A step with none left still moves by
   * Adam's momentum.
   */
  readonly klCoefficient?: number;
  /** See {@link KlEstimator}. Default "k3", as verl's `low_var_kl` and TRL. The curve always shows k3. */
  readonly klEstimator?: KlEstimator;
  /**
   * The probability ratio is clipped to [1 − clipLow, 1 + clipHigh]: verl's `clip_ratio_low` and `clip_ratio_high`.
   * Default 0.2 each, as in PPO; a larger `clipHigh` is DAPO's "clip-higher" (arXiv:2503.14476, there 0.28). With one
   * update per step the ratio is 1 and nothing is clipped.
   */
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
  /**
   * Temperature of the rollouts. Default 1. It is part of the policy that is optimised: ratio, KL and the curve's
   * entropy are of the distribution that was sampled from, for the reference too, as verl and TRL divide logits by it.
   * Log-probabilities at temperature 1 of what another distribution wrote would bias the gradient.
   */
  readonly temperature?: number;
  /**
   * Turn limit: `14`, by environment `{ textcraft: 14, babyai: 20 }`, or growing over training in place of a number:
   * `[{ from: 0, turns: 6 }, { from: 40, turns: 14 }]` (see {@link scalingInter}). Default: each environment's own.
   */
  readonly maxTurns?: TurnLimits;
  /**
   * Processes that share the work of a step, each on one core: they divide its groups, then its episodes by length,
   * and their gradients are added in a fixed order. Default 1, this process itself. The same number gives the same
   * bytes; another number rounds sums differently.
   */
  readonly workers?: number;
}

export type TrainSettings = Omit<Required<TrainOptions>, "schedule" | "maxTurns"> & {
  readonly kind: "grpo";
  readonly version: string;
  /** Hash of the model that training starts from. */
  readonly base: string;
  readonly environments: { readonly [id: string]: string };
  readonly schedule: readonly StageSettings[];
  readonly maxTurns: TurnLimits | null;
};

const DEFAULTS = {
  tasksPerStep: 8,
  tasks: "shuffled",
  groupSize: 8,
  learningRate: 4e-4,
  warmup: 3,
  klCoefficient: 0.01,
  klEstimator: "k3",
  clipLow: 0.2,
  clipHigh: 0.2,
  estimator: "grpo",
  deviation: "sample",
  average: "sequence",
  updates: 1,
  maxReplyTokens: 96,
  temperature: 1,
  maxTurns: null,
  workers: 1,
} as const;

const WHOLE_NUMBERS = {
  seed: 0,
  tasksPerStep: 1,
  groupSize: 1,
  updates: 1,
  warmup: 0,
  maxReplyTokens: 1,
  workers: 1,
} as const;
const NUMBERS = ["learningRate", "klCoefficient", "clipLow", "clipHigh"] as const;
const NAMES = {
  tasks: TASK_ORDERS,
  estimator: ESTIMATORS,
  deviation: ["sample", "population"],
  average: ["token", "sequence", "constant"],
  klEstimator: KL_ESTIMATORS,
} as const;

/**
 * Complete, checked settings; throws on unknown keys and impossible values before any work is done. `hash` is the base's,
 * for callers that have it already.
 */
export function trainSettings(base: PocketModel, options: TrainOptions, hash = modelHash(base)): TrainSettings {
  refuseUnknownKeys("train", options, ["schedule", "seed", ...Object.keys(DEFAULTS)]);
  const { schedule, ...rest } = options;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const settings = { ...DEFAULTS, ...given, schedule: schedule.settings } as TrainSettings;
  for (const [name, least] of Object.entries(WHOLE_NUMBERS)) {
    const value = settings[name as keyof typeof WHOLE_NUMBERS];
    const accepted = name === "groupSize" && settings.estimator !== "reinforce++" ? 2 : least;
    if (!Number.isInteger(value) || value < accepted) {
      throw new RangeError(`${name}: got ${value}, accepted: whole numbers from ${accepted}`);
    }
  }
  for (const name of NUMBERS) {
    const value = settings[name];
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`${name}: got ${value}, accepted: numbers from 0`);
  }
  const { temperature } = settings;
  if (!Number.isFinite(temperature) || temperature <= 0) {
    throw new RangeError(`temperature: got ${temperature}, accepted: numbers above 0`);
  }
  for (const [name, accepted] of Object.entries(NAMES)) {
    const value = settings[name as keyof typeof NAMES];
    if (!(accepted as readonly string[]).includes(value)) throw notAccepted(name, value, accepted);
  }
  const { context, vocabulary } = base.config;
  if (base.tokenizer.size !== vocabulary || base.parameters.length !== parameterCount(base.config)) {
    throw new RangeError(
      `base: got a tokenizer of ${base.tokenizer.size} tokens and ${base.parameters.length} parameters, ` +
        `accepted: the ${vocabulary} and ${parameterCount(base.config)} of its configuration`,
    );
  }
  if (settings.maxReplyTokens >= context)
    throw new RangeError(
      `maxReplyTokens: got ${settings.maxReplyTokens}, accepted: less than the context of ${context}`,
    );
  const versions: { [id: string]: string } = {};
  for (const source of schedule.settings.flatMap((stage) => stage.sources)) {
    const { env, level, tasks } = source;
    const definition = environment(env);
    const levels = Object.keys(definition.levels);
    if (level !== undefined && !tasks && !levels.includes(level)) throw notAccepted(`level of ${env}`, level, levels);
    if (trainingTasks(source).length === 0) throw new RangeError(`${env} has no training tasks of level ${level}`);
    versions[env] = definition.version;
  }
  if (settings.maxTurns !== null) checkTurnLimits(settings.maxTurns, Object.keys(versions));
  return { ...settings, kind: "grpo", version, base: hash, environments: versions };
}
