/** Records of made-up policies with known scores. */
import { environment } from "../../lib/environments";
import type { PolicyRecord, StageRecord, TaskResult } from "../../lib/experiments/records";
import type { Mode } from "../../lib/failures/modes";
import { parsePolicyName } from "../../lib/experiments/stages";
import { fold, generator } from "../../lib/random";

/** Success on all tasks of an environment, or on its easy and its hard ones. */
export type Score = number | readonly [easy: number, hard: number];

export interface SyntheticOptions {
  readonly seeds?: readonly number[];
  /** Tasks per level; default 20. */
  readonly tasks?: number;
  /** Attempts per task; default 4. */
  readonly k?: number;
  /** Draw each attempt by chance, instead of spreading successes evenly over tasks so that means are exact. */
  readonly noise?: boolean;
  /** Failure modes of every second failed attempt; the others have none. Default: none. */
  readonly failures?: readonly Mode[];
}

/** One record per policy and seed; a base is made of the scores under "base". */
export function synthetic(
  scores: { readonly [policy: string]: { readonly [env: string]: Score } },
  { seeds = [1], tasks = 20, k = 4, noise = false, failures = [] }: SyntheticOptions = {},
): PolicyRecord[] {
  return Object.entries(scores).flatMap(([name, byEnv]) =>
    (name === "base" ? [null] : seeds).map((seed) => ({
      name,
      id: `${name} ${seed}`,
      base: { name: "made-up", hash: "0" },
      seed,
      stages: parsePolicyName(name).map((stage) => stageOf(stage.envs[0])),
      tests: Object.entries(byEnv).flatMap(([env, score]) =>
        (["easy", "hard"] as const).flatMap((level, i) => {
          const rate = typeof score === "number" ? score : score[i];
          return tests(env, level, rate, { tasks, k, noise, failures, key: fold(name, env, level, seed ?? 0) });
        }),
      ),
    })),
  );
}

function tests(
  env: string,
  level: string,
  rate: number,
  { tasks, k, noise, failures, key }: Required<Omit<SyntheticOptions, "seeds">> & { readonly key: string },
): TaskResult[] {
  const random = generator(key);
  const { breakdown } = environment(env);
  return Array.from({ length: tasks }, (_, t) => {
    const evenly = Math.floor(rate * k * (t + 1) + 1e-9) - Math.floor(rate * k * t + 1e-9);
    const success = Array.from({ length: k }, (_, a): 0 | 1 => ((noise ? random.next() < rate : a < evenly) ? 1 : 0));
    const turns = success.map((s) => (s ? 4 : 10));
    return {
      env,
      task: `${env}_${level}_${t}`,
      level,
      ...(breakdown && { part: level === "easy" ? "1" : String(2 + (t % 2)) }),
      success,
      reward: success.map(Number),
      turns,
      tokens: turns.map((n) => 10 * n),
      invalid: success.map((s) => 1 - s),
      failures: success.map((s, a) => (s === 0 && (t + a) % 2 === 0 ? failures : [])),
    };
  });
}

function stageOf(env: string): StageRecord {
  const source = (step: number) => ({
    [`${env}/easy`]: {
      episodes: 8,
      reward: 0.1 * step,
      success: 0.1 * step,
      turns: 5,
      tokens: 50,
      invalid: 0,
      truncated: 0,
      noSignal: 0,
      entropy: 1,
      kl: 0,
    },
  });
  const curve = Array.from({ length: 6 }, (_, step) => ({
    step,
    stage: 0,
    learningRate: 1e-4,
    gradientNorm: 1,
    kl: 0,
    clipped: 0,
    groups: [],
    warnings: [],
    sources: source(step),
  }));
  return { settings: { kind: "grpo" } as unknown as StageRecord["settings"], curve };
}

const ENVS = ["textcraft", "babyai", "alfworld", "webshop", "searchqa"];

/** A whole study in which the claims that can be measured hold, where `holds` is true, and fail otherwise. */
export function wholeStudy(options: SyntheticOptions & { readonly holds?: boolean } = {}): PolicyRecord[] {
  const { holds = true, ...rest } = options;
  const sign = holds ? 1 : -1;
  const on = (of: (env: string) => Score) => Object.fromEntries(ENVS.map((env) => [env, of(env)]));
  const scores: { [policy: string]: { [env: string]: Score } } = { base: on(() => 0.4) };
  for (const env of ENVS) {
    scores[env] = on((test) => 0.4 + sign * transferOf(env, test));
    scores[`${env}/easy`] = on((test) => (test === env ? [0.6, 0.4 + sign * 0.2] : 0.4));
    scores[`${env}/hard`] = on((test) => (test === env ? [0.5, 0.6] : 0.4));
    scores[`${env}/easy>hard`] = on((test) => (test === env ? 0.6 + sign * 0.2 : 0.4));
    scores[`${env}/hard>easy`] = on((test) => (test === env ? 0.6 + sign * 0.2 : 0.4));
  }
  const orders = [ENVS, [...ENVS].reverse()];
  for (const [nth, order] of orders.entries()) {
    for (let stages = 2; stages <= ENVS.length; stages++) {
      const trained = order.slice(0, stages);
      const last = holds ? 0.7 : 0.5 - 0.1 * nth;
      const earlier = holds ? 0.7 : 0.1 - 0.1 * nth;
      scores[trained.join(" > ")] = on((env) =>
        env === trained[stages - 1] ? last : trained.includes(env) ? earlier : 0.4,
      );
    }
  }
  scores[ENVS.join("+")] = on(() => (holds ? 0.7 : 0));
  return synthetic(scores, { ...rest, failures: holds ? ["confirmation bias"] : [] });
}

/** How much RFT on `train` changes `test` in a study where the claims hold. */
function transferOf(train: string, test: string): number {
  if (train === test) return 0.3;
  if (train === "babyai") return test === "webshop" ? -0.3 : -0.1;
  return train === "searchqa" ? 0.2 : 0.15;
}
