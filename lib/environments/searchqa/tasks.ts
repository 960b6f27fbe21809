/** The embedded tasks: questions about the fictional world, their splits and levels. */
import { fold, generator } from "../../random";
import type { LevelInfo, Split, TaskSpec } from "../../types";
import { multiFactQuestions, singleFactQuestions, type Question } from "./world/questions";
import type { World } from "./world/world";

export const WORLD_SEED = "searchqa world 1";

export const levels: { readonly [level in Level]: LevelInfo } = {
  easy: {
    description: "one fact, one search",
    reason: "The question names the thing to search for, and one passage states the answer.",
  },
  hard: {
    description: "two to four facts, each found with the help of the one before, or a comparison of two things",
    reason:
      "Only the first thing is named: every further search needs a name read in the last result, so errors add up, " +
      "and four hops leave no turn to spare.",
  },
};

export type Level = "easy" | "hard";

/** The level of a question with this many hops. */
export function levelOf(hops: number): Level {
  return hops <= 1 ? "easy" : "hard";
}

/** Questions per level. */
const SIZES: { readonly [split in Split]: number } = { test: 240, train: 300, demonstration: 400 };

/** All embedded tasks; the order (test, train, demonstration) gives the integer ids, as the original puts test first. */
export function worldTasks(world: World): TaskSpec[] {
  const tasks: TaskSpec[] = [];
  for (const split of ["test", "train", "demonstration"] as const) {
    const random = generator(fold(WORLD_SEED, "questions", split));
    const entities = world.entities[split];
    const easy = singleFactQuestions(entities, random, SIZES[split]);
    const hard = multiFactQuestions(entities, random, SIZES[split]);
    for (const question of [...easy, ...hard]) tasks.push(specOf(question, split, tasks.length));
  }
  return tasks;
}

function specOf({ question, answers, hops, chain }: Question, split: Split, number: number): TaskSpec {
  const params = { question, answers, hops, source: "world", chain };
  return { id: `searchqa_world_${number}`, env: "searchqa", level: levelOf(hops), split, seed: number, params };
}
