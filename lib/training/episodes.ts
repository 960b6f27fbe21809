/** The episodes of one training step: tasks from the schedule, groups of attempts, token by token. */
import { environment } from "../environments";
import type { TokenSequence } from "../pocket/engine";
import type { PocketPolicy, PocketSession } from "../pocket/policy";
import { fold, generator } from "../random";
import { rollout } from "../rollout";
import { drawsAt } from "../schedules";
import type { Draw, Schedule } from "../schedules";
import type { Policy, TaskSpec, Trajectory } from "../types";
import { stepAdvantages } from "./advantage";
import type { TrainSettings } from "./settings";
import { turnLimitAt } from "./turn-limits";

export interface TrainingEpisode extends TokenSequence {
  readonly trajectory: Trajectory;
  readonly advantage: number;
  /** Log-probabilities of the agent's tokens when they were sampled. */
  readonly old: Float32Array;
}

/** The task of a draw: each pass through a source's training tasks is a new shuffle of them. */
export function drawnTask({ source, number }: Draw, stage: number, key: string): TaskSpec {
  const tasks = environment(source.env).tasks({ split: "train", level: source.level });
  const pass = Math.floor(number / tasks.length);
  const random = generator(fold(key, "pass", stage, source.env, source.level ?? "all", pass));
  return random.shuffle(tasks)[number % tasks.length];
}

/** Plays `groupSize` attempts at each of the step's tasks and gives each its advantage within its group. */
export async function playStep(
  policy: PocketPolicy,
  schedule: Schedule,
  settings: TrainSettings,
  step: number,
  key: string,
): Promise<TrainingEpisode[]> {
  const stage = schedule.stageAt(step).index;
  const groups = drawsAt(schedule, step, settings.tasksPerStep).map((draw) => drawnTask(draw, stage, key));
  const limit = (task: TaskSpec) => turnLimitAt(settings.maxTurns, task.env, step);
  const settled = await Promise.allSettled(
    groups.flatMap((task, place) =>
      Array.from({ length: settings.groupSize }, (_, attempt) =>
        play(policy, task, attempt, fold(key, "rollout", step, place, task.id, attempt), limit(task)),
      ),
    ),
  );
  const played = settled.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
  return withAdvantages(played, settings);
}

function withAdvantages(played: readonly Omit<TrainingEpisode, "advantage">[], settings: TrainSettings) {
  const { groupSize, average } = settings;
  const grouped = <T>(values: readonly T[]) =>
    Array.from({ length: values.length / groupSize }, (_, g) => values.slice(g * groupSize, (g + 1) * groupSize));
  const rewards = grouped(played.map(({ trajectory }) => trajectory.reward));
  const counts = grouped(played.map(({ old }) => (average === "token" ? old.length : 1)));
  const advantages = stepAdvantages(rewards, settings, counts).flat();
  return played.map((episode, i) => ({ ...episode, advantage: advantages[i] }));
}

async function play(policy: PocketPolicy, task: TaskSpec, attempt: number, key: string, maxTurns?: number) {
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
