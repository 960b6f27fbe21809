/** Which mazes are used for what: AgentGym's numbering of tasks, levels of difficulty, and splits. */
import type { LevelInfo, Split, TaskQuery, TaskSpec } from "../../types";
import { LEVELS } from "./levels";

export const DIFFICULTIES = {
  easy: {
    description: "go to, or pick up, one thing in the only room",
    reason: "everything is in one small room: turn until the thing is in view, then one action reaches it",
  },
  medium: {
    description: "one instruction, with doors, other rooms, a very large room, or a thing to move within the room",
    reason: "the thing may be out of view for long, doors must be opened or passed, or a free place be found to drop",
  },
  hard: {
    description: "locked doors and keys, things in the way, things to move between rooms, several instructions",
    reason: "success needs errands in the right order: the key before the door, the first instruction before the next",
  },
} as const satisfies { readonly [level: string]: LevelInfo };

type Difficulty = keyof typeof DIFFICULTIES;

interface Group {
  readonly difficulty: Difficulty;
  /** What the mission asks for; results can be reported by it. */
  readonly family: string;
  readonly levels: readonly number[];
  /** What all of these levels have in common. */
  readonly needs: string;
}

/** The forty levels by what their missions need. */
export const GROUPS: readonly Group[] = [
  { difficulty: "easy", family: "go to", levels: [1, 2, 3, 4, 5, 9], needs: "a walk in one room" },
  { difficulty: "easy", family: "pick up", levels: [19, 20], needs: "a walk in one room and hands" },
  { difficulty: "medium", family: "go to", levels: [6, 10, 11], needs: "doors, or a search through nine rooms" },
  { difficulty: "medium", family: "open", levels: [12, 13, 14], needs: "a door that is not locked" },
  { difficulty: "medium", family: "pick up", levels: [17, 18, 21, 31, 33], needs: "a search through rooms or a hall" },
  { difficulty: "medium", family: "put next", levels: [22], needs: "picking up, and dropping at the right place" },
  { difficulty: "medium", family: "mixed", levels: [30], needs: "one of three verbs, in one room with doors" },
  { difficulty: "hard", family: "unlock", levels: [7, 24, 25, 26, 27, 28, 29, 32], needs: "the key of a locked door" },
  { difficulty: "hard", family: "open", levels: [15, 16], needs: "one or two doors in the right order, no others" },
  { difficulty: "hard", family: "put next", levels: [23, 34], needs: "carrying things from one room to the other" },
  { difficulty: "hard", family: "sequence", levels: [8, 37, 38, 39, 40], needs: "several instructions in order" },
  { difficulty: "hard", family: "mixed", levels: [35, 36], needs: "any verb among eighteen things, half with a lock" },
];

const GROUP_OF_LEVEL = new Map(GROUPS.flatMap((group) => group.levels.map((level) => [level, group] as const)));

/** The last digit of the seed decides: 40, 30 and 30 percent, AgentGym's 900 tasks (seeds 0 to 22) included. */
const SPLIT_OF_DIGIT: readonly Split[] = [
  ...new Array<Split>(4).fill("demonstration"),
  ...new Array<Split>(3).fill("train"),
  ...new Array<Split>(3).fill("test"),
];

/** Seeds 0 to 99 of every level are in the list. */
const SEEDS = 100;

/**
 * Ids whose maze, mission and agent are the same as those of a smaller id in another split; the smallest levels have
 * few mazes. They are left out of the list, so that no split repeats what another has shown.
 */
const REPEATED: ReadonlySet<number> = new Set([
  212, 612, 692, 1332, 1652, 1974, 2012, 2212, 2294, 2332, 2572, 2652, 2682, 2692, 2732, 2812, 2972, 3132, 3212, 3292,
  3372, 3412, 3452, 3494, 3534, 3652, 3692, 3772, 3852, 3854, 3892, 3932, 3972,
]);

/** AgentGym's task n: level n mod 40 + 1, seed n div 40. */
function taskOf(n: number): TaskSpec {
  const level = (n % LEVELS.length) + 1;
  const seed = Math.floor(n / LEVELS.length);
  const { difficulty, family } = GROUP_OF_LEVEL.get(level)!;
  return Object.freeze({
    id: `babyai_${n}`,
    env: "babyai",
    level: difficulty,
    split: SPLIT_OF_DIGIT[seed % 10],
    seed,
    params: Object.freeze({ level, levelName: LEVELS[level - 1].name, family }),
  });
}

let all: readonly TaskSpec[] | undefined;

/** Seed by seed, and for each seed level by level. */
export function tasks({ split, level }: TaskQuery = {}): readonly TaskSpec[] {
  all ??= Array.from({ length: SEEDS * LEVELS.length }, (_, n) => n)
    .filter((n) => !REPEATED.has(n))
    .map(taskOf);
  return all.filter((task) => (!split || task.split === split) && (!level || task.level === level));
}

/** The task for any integer n >= 0 or its id `babyai_<n>`; a RangeError otherwise. */
export function task(id: number | string): TaskSpec {
  const n = typeof id === "number" ? id : /^babyai_\d+$/.test(id) ? Number(id.slice("babyai_".length)) : NaN;
  if (!Number.isSafeInteger(n) || n < 0)
    throw new RangeError(`BabyAI tasks are the integers from 0 on, or "babyai_<n>"; got ${JSON.stringify(id)}`);
  return taskOf(n);
}
