/** From records to cells, which is what metrics take. */
import { mean } from "../metrics";
import type { Cell } from "../metrics";
import type { PolicyRecord, TaskResult } from "./records";

/** The success of all seeds of a policy on the tasks that `has` selects; `env` names what the tasks belong to. */
export function recordCell(
  records: readonly PolicyRecord[],
  policy: string,
  env: string,
  has: (task: TaskResult) => boolean,
): Cell {
  const seeds = records.filter(({ name }) => name === policy).map(({ tests }) => tests.filter(has));
  if (seeds.length === 0) throw new RangeError(`there is no record of the policy "${policy}"`);
  const shared = seeds[0].filter(({ task }) => seeds.every((tests) => tests.some((t) => t.task === task)));
  const tasks = shared.map(({ task }) => task).sort();
  if (tasks.length === 0) throw new RangeError(`the policy "${policy}" was not tested on ${env}`);
  const scores = seeds.map((tests) => {
    const byTask = new Map(tests.map((t) => [t.task, mean(t.success)]));
    return tasks.map((task) => byTask.get(task)!);
  });
  return { env, run: policy, tasks, scores, k: Math.min(...seeds.flat().map((t) => t.success.length)) };
}
