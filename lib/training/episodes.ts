/** The episodes of a training step: groups of attempts, token by token, and what each is worth. */
import { environment } from "../environments";
import type { TokenSequence } from "../pocket/engine";
import type { PocketPolicy, PocketSession } from "../pocket/policy";
import { fold } from "../random";
import { rollout } from "../rollout";
import type { Policy, TaskSpec, Trajectory } from "../types";
import { stepAdvantages } from "./advantage";
import type { TrainSettings } from "./settings";
import { turnLimitAt } from "./turn-limits";

/** A task with its place among the tasks of its step, which is part of its episodes' randomness. */
export interface PlacedTask {
  readonly task: TaskSpec;
  readonly place: number;
}

export interface PlayedEpisode extends TokenSequence {
  readonly trajectory: Trajectory;
  /** Log-probabilities of the agent's tokens when they were sampled. */
  readonly old: Float32Array;
}

export interface TrainingEpisode extends PlayedEpisode {
  readonly advantage: number;
}

/** Plays `groupSize` attempts at each task, group after group; throws when an episode could not be played. */
export async function playGroups(
  policy: PocketPolicy,
  settings: TrainSettings,
  step: number,
  groups: readonly PlacedTask[],
): Promise<PlayedEpisode[]> {
  const key = fold("train", settings.seed);
  const settled = await Promise.allSettled(
    groups.flatMap(({ task, place }) =>
      Array.from({ length: settings.groupSize }, (_, attempt) => {
        const maxTurns = turnLimitAt(settings.maxTurns, task.env, step);
        return play(policy, task, attempt, fold(key, "rollout", step, place, task.id, attempt), maxTurns);
      }),
    ),
  );
  return settled.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}

async function play(
  policy: PocketPolicy,
  task: TaskSpec,
  attempt: number,
  key: string,
  maxTurns: number | undefined,
): Promise<PlayedEpisode> {
  let session: PocketSession | undefined;
  const watched: Policy = { id: policy.id, begin: (context) => (session = policy.begin(context)) };
  const trajectory = await rollout(watched, { definition: environment(task.env), task, attempt, key, maxTurns });
  if (trajectory.outcome === "error") throw new Error(`an episode of ${task.id} failed: ${trajectory.error}`);
  const { tokens, agent, logProbabilities } = session!.sequence;
  return {
    trajectory,
    tokens: Int32Array.from(tokens),
    agent: Uint8Array.from(agent),
    old: Float32Array.from(logProbabilities),
  };
}

/** Gives each episode of a step, group after group, its advantage. */
export function withAdvantages(played: readonly PlayedEpisode[], settings: TrainSettings): TrainingEpisode[] {
  const { groupSize, average } = settings;
  const grouped = <T>(values: readonly T[]) =>
    Array.from({ length: values.length / groupSize }, (_, g) => values.slice(g * groupSize, (g + 1) * groupSize));
  const rewards = grouped(played.map(({ trajectory }) => trajectory.reward));
  const counts = grouped(played.map(({ old }) => (average === "token" ? old.length : 1)));
  const advantages = stepAdvantages(rewards, settings, counts).flat();
  return played.map((episode, i) => ({ ...episode, advantage: advantages[i] }));
}
