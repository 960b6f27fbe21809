/**
 * From trajectories to numbers: avg@k, pass@k, pass^k, turns and tokens.
 *
 * Rules for uneven records, the same for all: an attempt that ended in an infrastructure error is left out and counted
 * apart, never scored 0; a task is counted once however many attempts it has; a task without any attempt left is left
 * out; the order of the records does not matter.
 */
import type { Estimate, Trajectory } from "../types";
import { count, mean, requireInteger, type NotAvailable } from "./estimates";
import { meanEstimate } from "./intervals";

/**
 * What an attempt counts for. `success`: the task was solved. `reward`: the raw last reward (WebShop's is graded).
 * `reward > 0`: what AgentGym-RL's evaluator calls a pass, also for a partial reward. `reward >= 1`: full reward.
 */
export type Score = "success" | "reward" | "reward > 0" | "reward >= 1";

export const scorers: { readonly [score in Score]: (trajectory: Trajectory) => number } = {
  success: (trajectory) => Number(trajectory.outcome === "success"),
  reward: (trajectory) => trajectory.reward,
  "reward > 0": (trajectory) => Number(trajectory.reward > 0),
  "reward >= 1": (trajectory) => Number(trajectory.reward >= 1),
};

export interface ScoreOptions {
  /** Default "success". */
  readonly score?: Score;
}

/** Scores by task: `scores[i]` lists the attempts of `tasks[i]` in the order of their attempt numbers. */
export interface Attempts {
  readonly tasks: readonly string[];
  readonly scores: readonly (readonly number[])[];
  /** Trajectories that ended in an infrastructure error. */
  readonly errors: number;
}

/** Trajectories of one policy, or the attempts of each task as plain numbers. */
export type Source = readonly Trajectory[] | readonly (readonly number[])[];

/**
 * Groups trajectories by task, tasks sorted by id. Throws if an attempt of a task is there twice, which is what mixing
 * the records of two policies looks like; an error followed by its repetition is fine.
 */
export function attempts(
  trajectories: readonly Trajectory[],
  score: Score | ((trajectory: Trajectory) => number) = "success",
): Attempts {
  const scorer = typeof score === "function" ? score : scorers[score];
  if (!scorer) throw new RangeError(`unknown score "${score}"; known: ${Object.keys(scorers).join(", ")}`);
  const byTask = new Map<string, Map<number, Trajectory>>();
  let errors = 0;
  for (const trajectory of trajectories) {
    if (trajectory.outcome === "error") {
      errors++;
      continue;
    }
    const { task, attempt } = trajectory;
    let seen = byTask.get(task.id);
    if (!seen) byTask.set(task.id, (seen = new Map()));
    const other = seen.get(attempt);
    if (other)
      throw new RangeError(
        `task ${task.id}, attempt ${attempt} is there twice (policies ${other.policy} and ${trajectory.policy}); ` +
          "score the trajectories of one policy at a time",
      );
    seen.set(attempt, trajectory);
  }
  const tasks = [...byTask.keys()].sort();
  const scores = tasks.map((id) =>
    [...byTask.get(id)!].sort(([a], [b]) => a - b).map(([, trajectory]) => scorer(trajectory)),
  );
  return { tasks, scores, errors };
}

/** The attempts of trajectories, or of plain numbers where tasks are known by their position. */
export function attemptsOf(source: Source, score: Score = "success"): Attempts {
  if (!isNumbers(source)) return attempts(source, score);
  const kept = source.map((_, i) => i).filter((i) => source[i].length > 0);
  return { tasks: kept.map(String), scores: kept.map((i) => source[i]), errors: 0 };
}

/**
 * avg@k: the mean over tasks of the mean over a task's first k attempts, with a t interval clustered by task (C - 1
 * degrees of freedom; Wilson if every task is all or nothing). A task that lost attempts to errors counts with those it
 * has; throws if no task has k.
 */
export function avgAt(k: number, { score = "success" }: ScoreOptions = {}): (source: Source) => Estimate {
  requireInteger("k of avg@k", k);
  return (source) => {
    const { scores, errors } = attemptsOf(source, score);
    const short = scores.filter((task) => task.length < k).length;
    if (short === scores.length) throw shortage(`avg@${k}`, k, scores, errors);
    return meanEstimate(taskMeans(scores, k), {
      k,
      range: rangeOf(scores.flat()),
      kind: "t, clustered by task",
      notes: [
        ...scoreNote(score),
        ...errorNote(errors),
        ...(short ? [`${count(short, "task")} with fewer than ${k} attempts`] : []),
      ],
    });
  };
}

/** The mean of each task's first k attempts. */
export function taskMeans(scores: readonly (readonly number[])[], k = Infinity): number[] {
  return scores.map((task) => mean(task.slice(0, k)));
}

/**
 * pass@k: the chance that at least one of k attempts passes, from all n attempts of each task (Chen et al. 2021,
 * arXiv:2107.03374, unbiased), averaged over tasks. Tasks with fewer than k attempts are left out and counted.
 */
export function passAt(k: number, options: ScoreOptions = {}): (source: Source) => Estimate {
  return passEstimate("pass@", k, passAtOf, options);
}

/** pass^k: the chance that all of k attempts pass (tau-bench, arXiv:2406.12045, unbiased); otherwise as pass@k. */
export function passHat(k: number, options: ScoreOptions = {}): (source: Source) => Estimate {
  return passEstimate("pass^", k, passHatOf, options);
}

/** pass@k of one task with c passes in n attempts: 1 - C(n - c, k) / C(n, k), as a product. Throws if n < k. */
export function passAtOf(n: number, c: number, k: number): number {
  checkPass(n, c, k);
  if (n - c < k) return 1;
  let none = 1;
  for (let i = n - c + 1; i <= n; i++) none *= 1 - k / i;
  return 1 - none;
}

/** pass^k of one task with c passes in n attempts: C(c, k) / C(n, k). Throws if n < k. */
export function passHatOf(n: number, c: number, k: number): number {
  checkPass(n, c, k);
  let all = 1;
  for (let i = 0; i < k; i++) all *= Math.max(0, c - i) / (n - i);
  return all;
}

/** Mean turns per episode, over tasks and attempts as avg@k. */
export function turnsPerEpisode(trajectories: readonly Trajectory[]): Estimate {
  return perEpisode("turns", trajectories, (trajectory) => trajectory.turns.length);
}

/** Mean generated (output) tokens per episode; episodes with an unknown count are left out and counted. */
export function tokensPerEpisode(trajectories: readonly Trajectory[]): Estimate | NotAvailable {
  const known = trajectories.filter((t) => t.outcome === "error" || t.turns.every((turn) => turn.tokens));
  if (known.every((t) => t.outcome === "error")) return { na: "no episode has token counts" };
  const unknown = trajectories.length - known.length;
  const notes = unknown ? [`${count(unknown, "episode")} without token counts left out`] : [];
  const tokens = (t: Trajectory) => t.turns.reduce((sum, turn) => sum + (turn.tokens?.output ?? 0), 0);
  return perEpisode("tokens", known, tokens, notes);
}

function perEpisode(
  name: string,
  trajectories: readonly Trajectory[],
  measure: (trajectory: Trajectory) => number,
  notes: readonly string[] = [],
): Estimate {
  const { scores, errors } = attempts(trajectories, measure);
  if (scores.length === 0) throw shortage(name, 1, scores, errors);
  return meanEstimate(taskMeans(scores), {
    k: fewest(scores),
    range: [0, Infinity],
    kind: "t, clustered by task",
    notes: [...errorNote(errors), ...notes],
  });
}

function passEstimate(
  name: string,
  k: number,
  passOf: (n: number, c: number, k: number) => number,
  { score = "success" }: ScoreOptions,
): (source: Source) => Estimate {
  requireInteger(`k of ${name}k`, k);
  if (score === "reward")
    throw new RangeError(
      `${name}k needs a pass or a fail, got score "reward"; accepted: success, reward > 0, reward >= 1`,
    );
  return (source) => {
    const { scores, errors } = attemptsOf(source, score);
    const graded = scores.flat().find((x) => x !== 0 && x !== 1);
    if (graded !== undefined) throw new RangeError(`${name}k needs scores of 0 or 1, got ${graded}`);
    const counted = scores.filter((task) => task.length >= k);
    const left = scores.length - counted.length;
    if (counted.length === 0) throw shortage(`${name}${k}`, k, scores, errors);
    const values = counted.map((task) => passOf(task.length, task.filter((x) => x === 1).length, k));
    return meanEstimate(values, {
      k: fewest(counted),
      range: [0, 1],
      kind: "t, clustered by task",
      notes: [
        ...scoreNote(score),
        ...errorNote(errors),
        ...(left ? [`${count(left, "task")} with fewer than ${k} attempts left out`] : []),
      ],
    });
  };
}

function isNumbers(source: Source): source is readonly (readonly number[])[] {
  return Array.isArray(source[0]);
}

function checkPass(n: number, c: number, k: number): void {
  requireInteger("k", k);
  if (!(c >= 0 && c <= n)) throw new RangeError(`passes must be between 0 and ${n}, got ${c}`);
  if (n < k) throw new RangeError(`k = ${k} needs at least ${k} attempts, got ${n}`);
}

/** [0, 1] for scores that lie there, which is where their interval is cut; otherwise unbounded. */
export function rangeOf(scores: readonly number[]): readonly [number, number] {
  return scores.every((x) => x >= 0 && x <= 1) ? [0, 1] : [-Infinity, Infinity];
}

function fewest(scores: readonly (readonly number[])[]): number {
  return Math.min(...scores.map((task) => task.length));
}

function scoreNote(score: Score): string[] {
  return score === "success" ? [] : [`score: ${score}`];
}

function errorNote(errors: number): string[] {
  return errors ? [`${count(errors, "error")} left out`] : [];
}

function shortage(name: string, k: number, scores: readonly (readonly number[])[], errors: number): RangeError {
  const most = Math.max(0, ...scores.map((task) => task.length));
  return new RangeError(
    `${name} needs a task with ${count(k, "attempt")}; the most among ${count(scores.length, "task")} is ${most} ` +
      `(${count(errors, "error")} left out)`,
  );
}
