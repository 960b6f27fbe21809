/** Evaluates a policy on tasks, several attempts each, to an append-only file that an interrupted run resumes. */
import { attemptsAt, rollout } from "./rollout";
import { appendRows, keepRows, readRows } from "./store";
import type { EnvironmentDefinition, Policy, TaskSpec, Trajectory } from "./types";

export interface EvaluateOptions {
  /** Attempts at each task. Default 8. */
  readonly k?: number;
  /** Key of the randomness; the same key gives every policy the same draws at the same task and attempt. */
  readonly key?: string;
  /** Episodes played side by side, also the unit of resuming. Default 64. */
  readonly wave?: number;
  readonly maxTurns?: number;
  /** JSON lines file for the trajectories; complete waves found there are not played again, but from the first
   * episode on that ended in an infrastructure error. */
  readonly file?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Trajectories of `k` attempts at each task, ordered by task and attempt. */
export async function evaluate(
  definition: EnvironmentDefinition,
  policy: Policy,
  tasks: readonly TaskSpec[],
  { k = 8, key = "evaluate", wave = 64, maxTurns, file, onProgress }: EvaluateOptions = {},
): Promise<Trajectory[]> {
  const episodes = attemptsAt(definition, tasks, k, key, maxTurns);
  const rows = file ? readRows<Trajectory>(file) : [];
  const broken = rows.findIndex((t) => t.outcome === "error");
  const done = broken < 0 ? rows : rows.slice(0, broken);
  const whole = done.length >= episodes.length ? episodes.length : done.length - (done.length % wave);
  if (file && whole < episodes.length) keepRows(file, whole);
  const trajectories = done.slice(0, whole);
  for (let start = whole; start < episodes.length; start += wave) {
    const played = await Promise.all(episodes.slice(start, start + wave).map((episode) => rollout(policy, episode)));
    if (file) appendRows(file, played);
    trajectories.push(...played);
    onProgress?.(trajectories.length, episodes.length);
  }
  return trajectories;
}
