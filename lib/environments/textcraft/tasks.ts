/** The 544 goals in the original's numbering, their levels and their splits. */
import { fold, generator } from "../../random";
import type { LevelInfo, Split, TaskQuery, TaskSpec } from "../../types";
import type { CraftingTree } from "./crafting-tree";

export const levels: { readonly [level: string]: LevelInfo } = {
  easy: {
    description: "goals of depth 1",
    reason: "Every ingredient of the goal can be got: read one recipe, gather its ingredients, craft once.",
  },
  hard: {
    description: "goals of depth 2 and more",
    reason: "Some ingredient must be crafted first: recipes are to be chained, in order and in the right amounts.",
  },
};

/** The seed that the original sets at every reset. */
const SEED = 42;

/** Shares of each depth's goals, in the order they are dealt. */
const SHARES: readonly (readonly [Split, number])[] = [
  ["demonstration", 0.25],
  ["train", 0.45],
  ["test", 0.3],
];

/** Goals that take more than the 30 turns of an episode however they are made: shown, but never asked for. */
const TOO_LONG = ["anvil", "netherite_block"];

/** All tasks of a crafting tree, numbered as the original numbers them; splits are disjoint by goal, drawn by depth. */
export function textCraftTasks(tree: CraftingTree): readonly TaskSpec[] {
  const goals = tree.goals();
  const splits = new Map<string, Split>();
  for (const depth of new Set(goals.map((goal) => goal.depth))) {
    const names = goals.filter((goal) => goal.depth === depth).map(({ goal }) => goal);
    const shuffled = generator(fold("textcraft splits", depth)).shuffle(names);
    const dealt = shuffled.sort((a, b) => Number(TOO_LONG.includes(b)) - Number(TOO_LONG.includes(a)));
    let end = 0;
    let share = 0;
    for (const [split, part] of SHARES) {
      share += part;
      const start = end;
      end = Math.round(share * dealt.length);
      for (const goal of dealt.slice(start, end)) splits.set(goal, split);
    }
  }
  return goals.map(({ goal, depth }, index) => ({
    id: `textcraft_${index}`,
    env: "textcraft",
    level: depth === 1 ? "easy" : "hard",
    split: splits.get(goal)!,
    seed: SEED,
    params: { index, goal, depth },
  }));
}

/** The tasks that a query asks for, in the order given. */
export function selectTasks(tasks: readonly TaskSpec[], query: TaskQuery = {}): readonly TaskSpec[] {
  const { split, level } = query;
  return tasks.filter((task) => (!split || task.split === split) && (!level || task.level === level));
}

/**
 * The task for the original's `data_idx` (any integer: the original counts round and round) or for one of our ids.
 * Throws a RangeError naming the accepted ids otherwise.
 */
export function findTask(tasks: readonly TaskSpec[], id: number | string): TaskSpec {
  const n = tasks.length;
  const found = typeof id === "number" ? tasks[((id % n) + n) % n] : tasks.find((task) => task.id === id);
  if (!found)
    throw new RangeError(
      `unknown TextCraft task ${JSON.stringify(id)}: give an integer or "textcraft_0" … "textcraft_${n - 1}"`,
    );
  return found;
}
