/**
 * The study's terms for training: a stage, a chain of stages, and the name of the policy that a chain leads to.
 *
 * Names are compact, sort, and are read back by {@link parsePolicyName}:
 *
 *     base                                 no training
 *     textcraft                            easy and hard tasks of TextCraft at once
 *     textcraft/easy                       easy tasks only
 *     textcraft/easy>hard                  easy tasks for half of the steps, then hard ones: one stage
 *     babyai > textcraft                   two stages, the second from the policy that the first ended with
 *     babyai+textcraft                     both at once, in equal shares
 *     babyai+textcraft (proportional)      both at once, in shares by the number of their training tasks
 *     babyai > textcraft (replay 25%)      a quarter of the second stage's tasks from the stages before
 */
import { environment } from "../environments";
import { mixture, sequence, single } from "../schedules";
import type { Schedule, Source } from "../schedules";

/** The levels that every environment of the study has; BabyAI's third, "medium", is left out. */
export const LEVELS: readonly string[] = ["easy", "hard"];

/** One stage of training. Each environment of a stage adds the profile's number of steps to it. */
export interface Stage {
  /** Environments whose tasks are drawn; several are mixed. */
  readonly envs: readonly string[];
  /** Levels of a single environment, in turn for equal parts of the steps. Default: easy and hard at once. */
  readonly levels?: readonly string[];
  /** How several environments share a step: equally (default) or by the number of their training tasks. */
  readonly weights?: "proportional";
  /** Share of the tasks that come, in equal parts, from environments of earlier stages. Default 0. */
  readonly replay?: number;
}

/** What happened to a policy since the base, in order; empty for the base itself. */
export type Chain = readonly Stage[];

const ARROW = " > ";
const PROPORTIONAL = " (proportional)";

function stageName({ envs, levels, weights, replay }: Stage): string {
  return [
    envs.join("+"),
    levels ? `/${levels.join(">")}` : "",
    weights ? PROPORTIONAL : "",
    replay ? ` (replay ${Math.round(100 * replay)}%)` : "",
  ].join("");
}

/** The name of the policy that a chain leads to. */
export function policyName(chain: Chain): string {
  return chain.length === 0 ? "base" : chain.map(stageName).join(ARROW);
}

/** The chain behind a name of {@link policyName}; throws on anything else. */
export function parsePolicyName(name: string): Chain {
  if (name === "base") return [];
  return name.split(ARROW).map((part) => {
    const match = /^([\w+-]+)(?:\/([\w>-]+))?( \(proportional\))?(?: \(replay (\d+)%\))?$/.exec(part);
    if (!match) throw new RangeError(`policy name: got "${name}", accepted: "base" or stages such as "textcraft/easy"`);
    const [, envs, levels, weights, replay] = match;
    return {
      envs: envs.split("+"),
      ...(levels && { levels: levels.split(">") }),
      ...(weights && { weights: "proportional" as const }),
      ...(replay && { replay: Number(replay) / 100 }),
    };
  });
}

/** The chain and all that it went through on the way: every policy that training it yields. */
export function prefixes(chain: Chain): Chain[] {
  return chain.map((_, i) => chain.slice(0, i + 1));
}

/** The environments that a chain trains on, each once, in order. */
export function environmentsOf(chain: Chain): string[] {
  return [...new Set(chain.flatMap((stage) => stage.envs))];
}

/** Task ids by environment and level, for levels that are no environment's own. */
export interface TaskLevels {
  readonly [env: string]: { readonly [level: string]: readonly string[] };
}

function levelSources(env: string, levels = LEVELS): Source[] {
  return levels.map((level) => ({ env, level }));
}

/** A level of an environment, or the training tasks of a level from a list. */
function levelSource(env: string, level: string, lists: TaskLevels): Source {
  const tasks = lists[env]?.[level]?.filter((id) => environment(env).task(id).split === "train");
  return { env, level, ...(tasks && { tasks }) };
}

function trainingTasks(env: string): number {
  return levelSources(env).reduce(
    (sum, source) => sum + environment(env).tasks({ split: "train", ...source }).length,
    0,
  );
}

/** The schedule of a chain's last stage, `steps` for each of its environments; `lists` has levels of tasks by name. */
export function stageSchedule(chain: Chain, steps: number, lists: TaskLevels = {}): Schedule {
  const { envs, levels, weights, replay = 0 } = chain[chain.length - 1];
  if (levels) {
    const border = (i: number) => Math.round((i * steps) / levels.length);
    const part = (level: string, i: number) => single(levelSource(envs[0], level, lists), border(i + 1) - border(i));
    return sequence(levels.map(part));
  }
  const before = environmentsOf(chain.slice(0, -1)).filter((env) => !envs.includes(env));
  if (replay > 0 && before.length === 0) throw new RangeError("replay needs an earlier stage to draw from");
  const sizes = envs.map((env) => (weights ? trainingTasks(env) : 1));
  const total = sizes.reduce((a, b) => a + b, 0);
  const shares = [
    ...envs.map((env, i) => ({ env, share: ((1 - replay) * sizes[i]) / total })),
    ...(replay > 0 ? before.map((env) => ({ env, share: replay / before.length })) : []),
  ];
  const sources = shares.flatMap(({ env }) => levelSources(env));
  const each = shares.flatMap(({ share }) => LEVELS.map(() => share / LEVELS.length));
  return mixture(sources, steps * envs.length, each);
}
