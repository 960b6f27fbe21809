/** How long runs take: constants measured once, replaced by what finished runs of the same root took. */
import { readRows } from "../store";
import type { Job, Missing } from "./jobs";
import type { EvaluationPlan } from "./tests";
import { timingFile } from "./timings";
import type { Timing } from "./timings";

/** Seconds of one core per episode. */
export interface Costs {
  readonly train: { readonly [env: string]: number };
  readonly test: { readonly [env: string]: number };
  /** Seconds that a job takes before it does anything. */
  readonly start: number;
  /** What the numbers rest on, to be printed. */
  readonly source: string;
}

const EPISODES_PER_STEP = 64;

/** Seconds per GRPO step of 8 x 8 episodes with the `small` base, one core of a 2-core AMD EPYC. */
const STEP_SECONDS: { readonly [env: string]: number } = {
  textcraft: 4.1,
  babyai: 4.7,
  alfworld: 3.2,
  webshop: 5,
  searchqa: 3.1,
};

const TEST_EPISODES_PER_SECOND = 28;

/** Costs for these environments, from the root's finished runs where it has some. */
export function costs(root: string, envs: readonly string[]): Costs {
  const rows = readRows<Timing>(timingFile(root));
  const measured = (kind: Timing["kind"], env: string, constant: number) => {
    const own = rows.filter((row) => row.kind === kind && row.env === env);
    const episodes = own.reduce((sum, row) => sum + row.episodes, 0);
    return episodes > 0 ? own.reduce((sum, row) => sum + row.seconds, 0) / episodes : constant;
  };
  const table = (kind: Timing["kind"], constant: (env: string) => number) =>
    Object.fromEntries(envs.map((env) => [env, measured(kind, env, constant(env))]));
  return {
    train: table("train", (env) => (STEP_SECONDS[env] ?? 8) / EPISODES_PER_STEP),
    test: table("test", () => 1 / TEST_EPISODES_PER_SECOND),
    start: 2,
    source: rows.length > 0 ? `${rows.length} finished pieces of work in ${root}` : "constants; nothing has run yet",
  };
}

/** Expected seconds of one core for a job's training. */
export function trainingSeconds({ stages }: Job, { train }: Costs): number {
  const plan = stages.at(-1);
  const perStep = (plan?.tasksPerStep ?? 8) * (plan?.groupSize ?? 8);
  return (plan?.schedule ?? []).reduce((sum, { steps, sources }) => {
    const episode = sources.reduce((cost, { env, share }) => cost + share * train[env], 0);
    return sum + steps * perStep * episode;
  }, 0);
}

/** Expected seconds of one core for an evaluation. */
export function testSeconds({ env, tasks, k }: EvaluationPlan, { test }: Costs): number {
  return tasks.length * k * test[env];
}

/** How much sooner several workers end a training: 1.4 to 1.7 times with two on two cores. */
function speedup(workers: number): number {
  return workers === 1 ? 1 : 0.75 * workers;
}

/** Expected seconds for what a job lacks, when `workers` share its training; tests have one core. */
export function seconds(job: Job, { training, tests }: Missing, costs: Costs, workers: number): number {
  const testing = tests.reduce((sum, plan) => sum + testSeconds(plan, costs), 0);
  return costs.start + (training ? trainingSeconds(job, costs) / speedup(workers) : 0) + testing;
}

interface Timed {
  readonly seconds: number;
}

/** Sorted by the time until the last of what waits for it is done, so that long sequences do not start last. */
export function longestFirst<T extends Timed>(work: readonly T[], parent: (of: T) => T | undefined): T[] {
  const tail = new Map(work.map((w) => [w, w.seconds]));
  for (const w of [...work].reverse()) {
    const before = parent(w);
    if (before) tail.set(before, Math.max(tail.get(before)!, before.seconds + tail.get(w)!));
  }
  return [...work].sort((a, b) => tail.get(b)! - tail.get(a)!);
}

/** Seconds from start to end when `lanes` pieces of work run side by side, each as soon as a lane and its start are free. */
export function wallSeconds<T extends Timed>(
  work: readonly T[],
  parent: (of: T) => T | undefined,
  lanes: number,
): number {
  const free = new Array<number>(Math.max(1, lanes)).fill(0);
  const ended = new Map<T, number>();
  const waiting = new Set(work);
  while (waiting.size > 0) {
    const now = Math.min(...free);
    const ready = (w: T) => {
      const before = parent(w);
      return before && (waiting.has(before) ? Infinity : (ended.get(before) ?? 0));
    };
    const startOf = (w: T) => Math.max(now, ready(w) ?? 0);
    const next = [...waiting].reduce((best, w) => (startOf(w) < startOf(best) ? w : best));
    const end = startOf(next) + next.seconds;
    free[free.indexOf(now)] = end;
    ended.set(next, end);
    waiting.delete(next);
  }
  return Math.max(...ended.values(), 0);
}
