/** Evaluates a policy on tasks, several attempts each, to a file that an interrupted run resumes. */
import { RunStopped } from "./errors";
import { attemptsAt, rollout } from "./rollout";
import type { Episode } from "./rollout";
import { appendRows, keepRows, readRows, replaceRows } from "./store";
import type { EnvironmentDefinition, Policy, TaskSpec, Trajectory } from "./types";

export interface EvaluateOptions {
  /** Attempts at each task. Default 8. */
  readonly k?: number;
  /** Key of the randomness; the same key gives every policy the same draws at the same task and attempt. */
  readonly key?: string;
  /** Episodes played side by side, also the unit of resuming. Default 64. A policy with a `concurrency` of its own is
   * played that many at a time instead, each episode kept as soon as it ends. */
  readonly wave?: number;
  readonly maxTurns?: number;
  /** JSON lines file for the trajectories; complete waves found there are not played again, but from the first
   * episode on that ended in an infrastructure error. Where the policy has a `concurrency`: only what is missing or
   * ended in such an error is played. */
  readonly file?: string;
  /** Share of infrastructure errors among the latest 32 episodes above which the run stops. Default 0.25. For policies
   * with a `concurrency`. */
  readonly maxErrorRate?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Trajectories of `k` attempts at each task, ordered by task and attempt, in the file too. Throws {@link RunStopped}
 * where going on makes no sense; what is finished is in the file by then.
 */
export async function evaluate(
  definition: EnvironmentDefinition,
  policy: Policy,
  tasks: readonly TaskSpec[],
  options: EvaluateOptions = {},
): Promise<Trajectory[]> {
  const { k = 8, key = "evaluate", maxTurns } = options;
  const episodes = attemptsAt(definition, tasks, k, key, maxTurns);
  return policy.concurrency === undefined
    ? playWaves(policy, episodes, options)
    : playWindow(policy, policy.concurrency, episodes, options);
}

async function playWaves(
  policy: Policy,
  episodes: readonly Episode[],
  { wave = 64, file, onProgress }: EvaluateOptions,
): Promise<Trajectory[]> {
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

/** Episodes whose errors are counted against `maxErrorRate`. */
const LATEST = 32;

/** A new episode begins whenever one ends. Rows come in the order of ending and are put into order at the end. */
async function playWindow(
  policy: Policy,
  concurrency: number,
  episodes: readonly Episode[],
  { file, maxErrorRate = 0.25, onProgress }: EvaluateOptions,
): Promise<Trajectory[]> {
  const rows = file ? readRows<Trajectory>(file) : [];
  if (file) keepRows(file, rows.length);
  const name = (of: { task: TaskSpec; attempt: number }) => `${of.task.id} ${of.attempt}`;
  const finished = new Map<string, Trajectory>();
  for (const row of rows) if (row.outcome !== "error" && !finished.has(name(row))) finished.set(name(row), row);
  const missing = episodes.filter((episode) => !finished.has(name(episode)));
  const latest: boolean[] = [];
  let done = episodes.length - missing.length;
  let next = 0;
  let stopped: Error | undefined;

  async function play(): Promise<void> {
    while (next < missing.length && !stopped) {
      try {
        const trajectory = await rollout(policy, missing[next++]);
        if (file) appendRows(file, [trajectory]);
        finished.set(name(trajectory), trajectory);
        done++;
        latest.push(trajectory.outcome === "error");
        const errors = latest.slice(-LATEST).filter(Boolean).length;
        if (errors > maxErrorRate * LATEST) {
          const many = `${errors} of the latest ${Math.min(latest.length, LATEST)} episodes ended in an error`;
          stopped ??= new RunStopped(`${many}, the last one: ${trajectory.error}`);
        }
        onProgress?.(done, episodes.length);
      } catch (error) {
        stopped ??= error as Error;
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(concurrency, missing.length) }, play));
  if (stopped instanceof RunStopped) {
    const kept = file ? ` Finished episodes are in ${file}: the same command plays the others.` : "";
    throw new RunStopped(`${stopped.message}. Stopped after ${done} of ${episodes.length} episodes.${kept}`);
  }
  if (stopped) throw stopped;
  const trajectories = episodes.map((episode) => finished.get(name(episode))!);
  if (file) {
    const wanted = new Set(episodes.map(name));
    const others = rows.filter((row) => !wanted.has(name(row)));
    replaceRows(file, [...trajectories, ...others]);
  }
  return trajectories;
}
