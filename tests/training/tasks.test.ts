import { describe, expect, it } from "vitest";
import { environment } from "../../lib/environments";
import { fold } from "../../lib/random";
import { single } from "../../lib/schedules";
import { stepTasks } from "../../lib/training/tasks";
import { bothLevels, run } from "./support";

const source = { env: "textcraft", level: "easy" };
const all = environment("textcraft").tasks({ split: "train", level: "easy" });
const key = "tasks";

/** A curve in which every task was played once and solved `successes(index)` of 8 times. */
const history = (successes: (index: number) => number) => [
  { groups: all.map(({ id }, i) => ({ task: id, successes: successes(i), attempts: 8 })) },
];

describe("tasks of a training step", () => {
  it("shuffled: are all played once before one comes again", () => {
    const count = all.length;
    const tasks = stepTasks(single(source, 1), { tasks: "shuffled", tasksPerStep: count }, 0, [], key);
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(count);
  });

  it("by signal: mostly those that sometimes succeed, and none twice in a step", () => {
    const curve = history((i) => (i % 3 === 0 ? 4 : i % 3 === 1 ? 8 : 0));
    const useful = new Set(all.filter((_, i) => i % 3 === 0).map(({ id }) => id));
    const drawn = Array.from({ length: 40 }, (_, step) => {
      const settings = { tasks: "signal", tasksPerStep: 8 } as const;
      const tasks = stepTasks(single(source, 40), settings, step, curve, key);
      expect(new Set(tasks.map(({ id }) => id)).size).toBe(8);
      return tasks;
    }).flat();
    // Weights 1/4 for a third of the tasks, 1/18 · 17/18 for the others: 70 % are expected, 33 % by chance.
    const share = drawn.filter(({ id }) => useful.has(id)).length / drawn.length;
    expect(share).toBeGreaterThan(0.6);
    expect(share).toBeLessThan(0.8);
  });

  it("by signal: a task that was never played is as good as one that succeeds half of the time", () => {
    const settings = { tasks: "signal", tasksPerStep: 8 } as const;
    const at = (curve: ReturnType<typeof history>) => stepTasks(single(source, 1), settings, 0, curve, key);
    expect(at(history(() => 4))).toEqual(at([]));
  });

  it("by signal: more tasks than there are come again", () => {
    const settings = { tasks: "signal", tasksPerStep: all.length + 3 } as const;
    const tasks = stepTasks(single(source, 1), settings, 0, [], key);
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(all.length);
  });

  it("by signal: a run keeps what it needs in its curve", async () => {
    const { curve } = await run({ tasks: "signal", schedule: bothLevels(3) });
    expect(curve.map(({ groups }) => groups.length)).toEqual([2, 2, 2]);
    const schedule = bothLevels(3);
    const settings = { tasks: "signal", tasksPerStep: 2 } as const;
    const trainKey = fold("train", 5);
    const again = curve.map((_, step) => stepTasks(schedule, settings, step, curve.slice(0, step), trainKey));
    expect(again.map((tasks) => tasks.map(({ id }) => id))).toEqual(
      curve.map(({ groups }) => groups.map(({ task }) => task)),
    );
  });
});
