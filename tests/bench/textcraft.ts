/** Environment steps per second, text included, on one thread: the expert's actions of all test tasks, again and again. */
import { textcraft } from "../../lib/environments/textcraft";
import { secondsPerRun } from "./timing";

export async function bench(): Promise<Record<string, number>> {
  const environment = textcraft.create();
  const scripts = textcraft.tasks({ split: "test" }).map((task) => {
    void environment.reset(task);
    const expert = textcraft.expert(environment, task);
    const actions: string[] = [];
    for (let advice = expert.next(); advice; advice = expert.next()) {
      actions.push(advice.action);
      void environment.step(advice.action);
    }
    return { task, actions };
  });
  const steps = scripts.reduce((sum, { actions }) => sum + actions.length, 0);
  const seconds = await secondsPerRun(1, async () => {
    for (const { task, actions } of scripts) {
      void environment.reset(task);
      for (const action of actions) void environment.step(action);
    }
  });
  const resetSeconds = await secondsPerRun(0.5, async () => {
    for (const { task } of scripts) void environment.reset(task);
  });
  return {
    stepsPerSecond: steps / seconds,
    stepsAgainst200k: steps / seconds / 200_000,
    resetMilliseconds: (1000 * resetSeconds) / scripts.length,
  };
}
