/** How fast AlfWorld runs, on one thread and with all its texts and lists of actions. */
import { alfworld } from "../../lib/environments/alfworld";
import { fold, generator } from "../../lib/random";

const STEPS = 200_000;

/** Steps per second of a player that takes any listed action, and the median milliseconds of a reset. */
export async function bench(): Promise<Record<string, number>> {
  const tasks = alfworld.tasks({ split: "train" }).slice(0, 32);
  const environment = alfworld.create();
  const random = generator(fold("alfworld bench"));
  let actions: readonly string[] = [];
  let game = 0;
  let left = 0;
  const start = performance.now();
  for (let step = 0; step < STEPS; step++) {
    if (left-- === 0) {
      actions = (await environment.reset(tasks[game++ % tasks.length])).actions!;
      left = 49;
    }
    const { observation, done } = await environment.step(random.pick(actions));
    actions = observation.actions!;
    if (done) left = 0;
  }
  const seconds = (performance.now() - start) / 1000;
  const resets: number[] = [];
  for (const task of alfworld.tasks({ split: "test" })) {
    const from = performance.now();
    await environment.reset(task);
    resets.push(performance.now() - from);
  }
  resets.sort((a, b) => a - b);
  return {
    "steps per second": STEPS / seconds,
    "median reset in ms, game not seen before": resets[resets.length >> 1],
  };
}
