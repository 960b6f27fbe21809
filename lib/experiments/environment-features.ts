/**
 * What an environment looks like from the outside, measured by playing it: the words of its actions and observations,
 * whether the action to take stands in the text, how often there is reward. And how much two environments share of it.
 *
 * The expert plays, so that all environments are seen along successful episodes; nothing of it depends on a policy.
 */
import { environment } from "../environments";
import { refuseUnknownKeys } from "../errors";
import { mean } from "../metrics";
import type { PairMatrix } from "../metrics";
import { fold, generator } from "../random";
import type { EnvironmentDefinition, TaskSpec } from "../types";
import { LEVELS } from "./stages";

export interface EnvironmentFeatures {
  readonly env: string;
  /** First words of actions, sorted: the commands. */
  readonly actionWords: readonly string[];
  /** Words of observations in at least two of the episodes, sorted: what names one task only is left out. */
  readonly observationWords: readonly string[];
  /** Share of turns where the action taken stands word for word in the text just shown: lists of actions do that. */
  readonly listed: number;
  /** Share of steps that change the reward. */
  readonly rewardDensity: number;
  /** Mean turns of an episode. */
  readonly turns: number;
  /** Mean characters of a text shown. */
  readonly characters: number;
}

export interface FeatureOptions {
  /** Training tasks that are played, half easy and half hard; default 24. */
  readonly tasks?: number;
}

interface Episode {
  readonly shown: readonly string[];
  readonly actions: readonly string[];
  readonly rewards: readonly number[];
}

/** Plays each environment and measures it; the same numbers every time. */
export async function environmentFeatures(
  envs: readonly string[],
  options: FeatureOptions = {},
): Promise<EnvironmentFeatures[]> {
  refuseUnknownKeys("environmentFeatures", options, ["tasks"]);
  const found: EnvironmentFeatures[] = [];
  for (const env of envs) {
    const definition = environment(env);
    const episodes: Episode[] = [];
    for (const task of sampled(definition, options.tasks ?? 24)) episodes.push(await play(definition, task));
    found.push(featuresOf(env, episodes));
  }
  return found;
}

function sampled(definition: EnvironmentDefinition, count: number): TaskSpec[] {
  return LEVELS.flatMap((level) =>
    generator(fold("features", definition.id, level))
      .shuffle(definition.tasks({ split: "train", level }))
      .slice(0, Math.ceil(count / LEVELS.length)),
  );
}

async function play(definition: EnvironmentDefinition, task: TaskSpec): Promise<Episode> {
  const running = definition.create();
  const [shown, actions, rewards]: [string[], string[], number[]] = [[], [], []];
  let observation = await running.reset(task);
  const expert = definition.expert(running, task);
  for (let turn = 0; turn < definition.maxTurns; turn++) {
    const advice = expert.next();
    if (!advice) break;
    shown.push(definition.render?.(observation, turn) ?? observation.text);
    actions.push(advice.action);
    const step = await running.step(definition.parse(definition.format(advice)).action);
    rewards.push(step.reward);
    if (step.done) break;
    observation = step.observation;
  }
  running.close();
  return { shown, actions, rewards };
}

/** The features of some episodes; throws on none. */
export function featuresOf(env: string, episodes: readonly Episode[]): EnvironmentFeatures {
  const turns = episodes.flatMap(({ shown, actions }) => shown.map((text, i) => ({ text, action: actions[i] })));
  const rewarded = episodes.flatMap(({ rewards }) => rewards.map((r, i) => Number(r !== (rewards[i - 1] ?? 0))));
  const seen = episodes.flatMap(({ shown }) => [...new Set(shown.flatMap(words))]);
  return {
    env,
    actionWords: [...new Set(turns.flatMap(({ action }) => words(action).slice(0, 1)))].sort(),
    observationWords: repeated(seen).sort(),
    listed: mean(turns.map(({ text, action }) => Number(text.includes(action)))),
    rewardDensity: mean(rewarded),
    turns: turns.length / episodes.length,
    characters: mean(turns.map(({ text }) => text.length)),
  };
}

function words(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+/gu) ?? [];
}

/** The values that are there at least twice. */
function repeated(values: readonly string[]): string[] {
  const once = new Set<string>();
  const twice = new Set<string>();
  for (const value of values) (once.has(value) ? twice : once).add(value);
  return [...twice];
}

/** How alike two environments are, from 0 to 1; 1 is the same. */
export interface PairFeature {
  readonly id: "words" | "actions" | "listed" | "rewards" | "interface";
  readonly title: string;
  /** Whether it is about what texts mean or about how the agent acts. */
  readonly kind: "semantics" | "interface";
  readonly of: (a: EnvironmentFeatures, b: EnvironmentFeatures) => number;
}

const actions: PairFeature["of"] = (a, b) => jaccard(a.actionWords, b.actionWords);
const listed: PairFeature["of"] = (a, b) => 1 - Math.abs(a.listed - b.listed);
const rewards: PairFeature["of"] = (a, b) => ratio(a.rewardDensity, b.rewardDensity);

/** The features of pairs, the last being the mean of the three about the interface. */
export const PAIR_FEATURES: readonly PairFeature[] = [
  {
    id: "words",
    title: "shared observation words",
    kind: "semantics",
    of: (a, b) => jaccard(a.observationWords, b.observationWords),
  },
  { id: "actions", title: "shared action words", kind: "interface", of: actions },
  { id: "listed", title: "actions listed alike", kind: "interface", of: listed },
  { id: "rewards", title: "reward density alike", kind: "interface", of: rewards },
  {
    id: "interface",
    title: "interface, mean of three",
    kind: "interface",
    of: (a, b) => mean([actions(a, b), listed(a, b), rewards(a, b)]),
  },
];

/** One feature for all pairs: row and column in the order of `features`. */
export function pairMatrix(features: readonly EnvironmentFeatures[], { of }: PairFeature): PairMatrix {
  return features.map((a) => features.map((b) => of(a, b)));
}

/** Size of the intersection by size of the union (Jaccard); 0 where both are empty. */
export function jaccard(a: readonly string[], b: readonly string[]): number {
  const other = new Set(b);
  const shared = a.filter((x) => other.has(x)).length;
  const union = a.length + other.size - shared;
  return union === 0 ? 0 : shared / union;
}

/** The smaller by the greater; 1 where both are 0. */
function ratio(a: number, b: number): number {
  const greater = Math.max(a, b);
  return greater === 0 ? 1 : Math.min(a, b) / greater;
}
