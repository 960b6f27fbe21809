/** Speed of BabyAI on one thread, texts and lists of actions included. */
import { babyai } from "../../lib/environments/babyai";
import { BabyAI } from "../../lib/environments/babyai/environment";
import { BabyAIExpert } from "../../lib/environments/babyai/expert";
import { generator } from "../../lib/random";

/** Levels of one room of 8 x 8, and of nine rooms in 22 x 22. */
const SMALL = [1, 2, 5, 19];
const LARGE = [12, 17, 37, 39];

const taskOf = (level: number, seed: number) => babyai.task(seed * 40 + level - 1);

/** Random listed actions; actions and primitive moves per second, resets included. */
function speed(levels: readonly number[], actions: number): { actions: number; moves: number } {
  const random = generator("babyai bench");
  const environment = new BabyAI();
  let moves = 0;
  const start = performance.now();
  for (let k = 0, since = 60, seed = 0; k < actions; k++, since++) {
    if (since === 60) {
      environment.reset(taskOf(levels[seed % levels.length], seed));
      seed++;
      since = 0;
    }
    const [action, path] = random.pick([...environment.running.menu.moves]);
    moves += path.length;
    if (environment.step(action).done) since = 59;
  }
  const seconds = (performance.now() - start) / 1000;
  return { actions: actions / seconds, moves: moves / seconds };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Per second where the name says so, else milliseconds. */
export async function bench(): Promise<Record<string, number>> {
  for (const levels of [SMALL, LARGE]) speed(levels, 20_000);
  const small = speed(SMALL, 100_000);
  const large = speed(LARGE, 50_000);
  const environment = new BabyAI();
  const resets = Array.from({ length: 40 }, (_, i) => {
    const times = Array.from({ length: 50 }, (_, seed) => {
      const start = performance.now();
      environment.reset(taskOf(i + 1, seed));
      return performance.now() - start;
    });
    return median(times);
  });
  const advised = babyai.tasks({ split: "test" }).filter((_, i) => i % 6 === 0);
  let turns = 0;
  const start = performance.now();
  for (const task of advised) {
    environment.reset(task);
    const expert = new BabyAIExpert(environment);
    for (let turn = 0; turn < babyai.maxTurns; turn++, turns++) {
      const advice = expert.next();
      if (!advice || environment.step(advice.action).done) break;
    }
  }
  return {
    "one room, moves per second": small.moves,
    "one room, actions per second": small.actions,
    "22 x 22, moves per second": large.moves,
    "22 x 22, actions per second": large.actions,
    "reset, median over levels": median(resets.slice()),
    "reset, slowest level's median": Math.max(...resets),
    "advice, mean": (performance.now() - start) / turns,
  };
}
