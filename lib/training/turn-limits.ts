/** Turn limits of training episodes: one for all, one per environment, and each may grow over training. */
import { notAccepted } from "../errors";

/** A limit in turns, or one that changes: from training step `from` on (counted from 0) it is `turns`. */
export type TurnLimit = number | readonly { readonly from: number; readonly turns: number }[];

/** One limit for all environments, or limits by environment; an environment that is not named keeps its own. */
export type TurnLimits = TurnLimit | { readonly [env: string]: TurnLimit };

/**
 * A limit that grows in equal stages as AgentGym-RL's ScalingInter-RL does (arXiv:2509.08755): its
 * `rounds=[10,20,30]` with `steps_scaling_inter=100` is `scalingInter([10, 20, 30], 100)`.
 */
export function scalingInter(turns: readonly number[], stepsPerStage: number): TurnLimit {
  return turns.map((limit, stage) => ({ from: stage * stepsPerStage, turns: limit }));
}

/** The limit at a step, or undefined where the environment's own holds. */
export function turnLimitAt(limits: TurnLimits | null, env: string, step: number): number | undefined {
  const limit = limits !== null && isTable(limits) ? limits[env] : limits;
  if (limit === undefined || limit === null || typeof limit === "number") return limit ?? undefined;
  return limit.filter(({ from }) => from <= step).at(-1)?.turns;
}

/** Throws unless every limit is a whole number from 1, grows from step 0 on, and is of one of `environments`. */
export function checkTurnLimits(limits: TurnLimits, environments: readonly string[]): void {
  if (!isTable(limits)) return checkLimit("maxTurns", limits);
  for (const [env, limit] of Object.entries(limits)) {
    if (!environments.includes(env)) throw notAccepted("maxTurns of environment", env, environments);
    checkLimit(`maxTurns of ${env}`, limit);
  }
}

function checkLimit(name: string, limit: TurnLimit): void {
  const stages = Array.isArray(limit) ? limit : [{ from: 0, turns: limit }];
  const last = { from: -1, turns: 0 };
  for (const { from, turns } of stages) {
    if (!Number.isInteger(turns) || turns < 1)
      throw new RangeError(`${name}: got ${turns}, accepted: whole numbers from 1`);
    if (!Number.isInteger(from) || from <= last.from) {
      throw new RangeError(`${name}: got a stage from step ${from}, accepted: whole numbers from ${last.from + 1}`);
    }
    last.from = from;
  }
  if (stages[0]?.from !== 0)
    throw new RangeError(`${name}: got ${JSON.stringify(limit)}, accepted: stages from step 0 on`);
}

function isTable(limits: TurnLimits): limits is { readonly [env: string]: TurnLimit } {
  return typeof limits === "object" && !Array.isArray(limits);
}
