/** Which tasks a training step plays: the schedule says from which sources, this file which ones of them. */
import { environment } from "../environments";
import { fold, generator } from "../random";
import { drawsAt } from "../schedules";
import type { Draw, Schedule, Source } from "../schedules";
import type { RandomSource, TaskSpec } from "../types";

/**
 * - `shuffled`: each pass through a source's training tasks is a new shuffle of them.
 * - `signal`: drawn in proportion to p(1 − p), the variance of a success, where p is the task's running success in this
 *   run: tasks that always or never succeed give a group no signal and come up rarely. A task counts as one half
 *   success and one half failure before it is seen; an older group counts half as much as the next one.
 */
export type TaskOrder = "shuffled" | "signal";
export const TASK_ORDERS: readonly TaskOrder[] = ["shuffled", "signal"];

/** How much less a group counts in the running success when the task is played once more. */
const FADING = 0.5;

interface Attempts {
  readonly successes: number;
  readonly attempts: number;
}

/** How often a group solved its task. */
export interface GroupRecord {
  readonly task: string;
  readonly successes: number;
  readonly attempts: number;
}

/** The step's tasks, a function of the groups that were played before it: nothing else has to be saved to resume. */
export function stepTasks(
  schedule: Schedule,
  settings: { readonly tasks: TaskOrder; readonly tasksPerStep: number },
  step: number,
  history: readonly { readonly groups: readonly GroupRecord[] }[],
  key: string,
): TaskSpec[] {
  const draws = drawsAt(schedule, step, settings.tasksPerStep);
  const { index: stage } = schedule.stageAt(step);
  if (settings.tasks === "shuffled") return draws.map((draw) => shuffledTask(draw, stage, key));
  const running = runningSuccess(history.flatMap(({ groups }) => groups));
  const taken = new Set<string>();
  return draws.map(({ source }, place) => {
    const all = trainingTasks(source);
    const free = all.filter(({ id }) => !taken.has(id));
    const random = generator(fold(key, "signal", step, place));
    const task = weightedPick(free.length > 0 ? free : all, ({ id }) => signal(running.get(id)), random);
    taken.add(task.id);
    return task;
  });
}

/** The training tasks of a source; throws where its list names a task of another split. */
export function trainingTasks({ env, level, tasks }: Source): readonly TaskSpec[] {
  const definition = environment(env);
  if (!tasks) return definition.tasks({ split: "train", level });
  return tasks.map((id) => {
    const task = definition.task(id);
    if (task.split !== "train")
      throw new RangeError(`tasks of ${env}: got ${id} of split "${task.split}", accepted: training tasks`);
    return task;
  });
}

function shuffledTask({ source, number }: Draw, stage: number, key: string): TaskSpec {
  const tasks = trainingTasks(source);
  const pass = Math.floor(number / tasks.length);
  const random = generator(fold(key, "pass", stage, source.env, source.level ?? "all", pass));
  return random.shuffle(tasks)[number % tasks.length];
}

function runningSuccess(groups: readonly GroupRecord[]): Map<string, Attempts> {
  const running = new Map<string, Attempts>();
  for (const { task, successes, attempts } of groups) {
    const before = running.get(task) ?? { successes: 0, attempts: 0 };
    running.set(task, {
      successes: FADING * before.successes + successes,
      attempts: FADING * before.attempts + attempts,
    });
  }
  return running;
}

function signal({ successes, attempts }: Attempts = { successes: 0, attempts: 0 }): number {
  const p = (successes + 0.5) / (attempts + 1);
  return p * (1 - p);
}

function weightedPick<T>(items: readonly T[], weight: (item: T) => number, random: RandomSource): T {
  let rest = random.next() * items.reduce((sum, item) => sum + weight(item), 0);
  return items.find((item) => (rest -= weight(item)) < 0) ?? items[items.length - 1];
}
