/** Which goals belong to which split: every goal of our own is dealt to one of them. */
import { fold, generator } from "../../random";
import type { Split } from "../../types";
import { KINDS, LAMP, LAMP_ROOMS, TOOLS } from "./catalogue";
import { TASK_TYPES, TREATMENT_OF, type GoalSummary, type TaskType } from "./goal";

/** Shares of each task type's goals, in the order they are dealt. */
export const SHARES: readonly (readonly [Split, number])[] = [
  ["demonstration", 0.4],
  ["train", 0.3],
  ["test", 0.3],
];

/** The goals of each split: the same goal is never asked for in two of them. */
export function goalsOf(split: Split): ReadonlyMap<TaskType, readonly GoalSummary[]> {
  return dealt()[split];
}

/** The split to which a goal belongs, if it is one of ours. */
export function splitOfGoal(goal: GoalSummary): Split | undefined {
  return SHARES.map(([split]) => split).find((split) =>
    goalsOf(split)
      .get(goal.taskType)
      ?.some(({ object, target }) => object === goal.object && target === goal.target),
  );
}

let deal: { readonly [split in Split]: ReadonlyMap<TaskType, readonly GoalSummary[]> } | undefined;

function dealt(): { readonly [split in Split]: ReadonlyMap<TaskType, readonly GoalSummary[]> } {
  if (deal) return deal;
  const parts = { demonstration: new Map(), train: new Map(), test: new Map() };
  for (const taskType of TASK_TYPES) {
    const goals = generator(fold("alfworld goals", taskType)).shuffle(allGoals(taskType));
    let share = 0;
    let start = 0;
    for (const [split, part] of SHARES) {
      share += part;
      const end = Math.round(share * goals.length);
      parts[split].set(taskType, goals.slice(start, end));
      start = end;
    }
  }
  return (deal = parts);
}

/** Every goal of a type that makes sense: a treated thing does not go where it was treated. */
function allGoals(taskType: TaskType): GoalSummary[] {
  const treatment = TREATMENT_OF[taskType];
  return KINDS.flatMap(({ types, abilities, rooms, where }): GoalSummary[] => {
    if (treatment && !abilities.includes(`${treatment}able`)) return [];
    if (taskType === "look_at_obj_in_light")
      return rooms.some((room) => LAMP_ROOMS.includes(room))
        ? types.map((object) => ({ taskType, object, target: LAMP }))
        : [];
    const targets = where.filter((target) => where.length > 1 && !(treatment && target === TOOLS[treatment]));
    return targets.flatMap((target) => types.map((object) => ({ taskType, object, target })));
  });
}
