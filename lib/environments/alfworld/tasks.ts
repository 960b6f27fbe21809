/** Our own tasks: levels, and rooms in which to play the goals of each split. */
import { fold, generator } from "../../random";
import type { LevelInfo, RandomSource, Split, TaskQuery, TaskSpec } from "../../types";
import { FURNITURE, KINDS, LAMP, ROOM_KINDS, type RoomKind } from "./catalogue";
import { floorPlan } from "./floor-plan";
import { TASK_TYPES, type GoalSummary, type TaskType } from "./goal";
import { goalsOf, SHARES } from "./goal-splits";
import { isPossible, type SceneSettings } from "./scene";

export const levels: { readonly [level: string]: LevelInfo } = {
  easy: {
    description: "put a thing somewhere, or look at it under a lamp",
    reason: "One thing to find and one place to bring it to: 3 to 6 steps for one who knows where everything is.",
  },
  hard: {
    description: "clean, heat or cool a thing and put it somewhere, or put two things in one place",
    reason: "A detour over sink, microwave or fridge, or everything twice: 5 to 11 steps for one who knows the room.",
  },
};

/** Task types of each level, in turn; the level of a task follows from its type. */
const TYPES: { readonly [level: string]: readonly TaskType[] } = {
  easy: ["pick_and_place_simple", "look_at_obj_in_light"],
  hard: [
    "pick_clean_then_place_in_recep",
    "pick_heat_then_place_in_recep",
    "pick_cool_then_place_in_recep",
    "pick_two_obj_and_place",
  ],
};

/** The level of a task type; what is none of the six is hard. */
export function levelOf(taskType: string): string {
  return TYPES.easy.includes(taskType as TaskType) ? "easy" : "hard";
}

/** Tasks per level. */
const SIZES: { readonly [split in Split]: number } = { demonstration: 400, train: 300, test: 240 };

/** Rooms of each kind: the first may be used in every split, the others are kept for half of the test tasks. */
const SEEN_ROOMS = 16;
const UNSEEN_ROOMS = 8;

/** Where a goal can be played: rooms of the kinds in which its thing lies about. */
function roomsFor(goal: GoalSummary, scenes: readonly number[]): readonly (readonly [RoomKind, number])[] {
  const kind = KINDS.find(({ types }) => types.includes(goal.object))!;
  return ROOM_KINDS.filter((room) => kind.rooms.includes(room)).flatMap((room) =>
    goal.target === LAMP || FURNITURE[room].some(([type]) => type === goal.target)
      ? scenes.filter((scene) => isPossible(goal, floorPlan(room, scene))).map((scene) => [room, scene] as const)
      : [],
  );
}

/**
 * Our own tasks, each made when it is first asked for. `accept` may refuse a game, whose place is then taken by another
 * draw. Half of the test tasks are in rooms that no other split uses (`params.layout` "unseen").
 */
export class OwnTasks {
  private readonly made = new Map<string, TaskSpec>();

  constructor(private readonly accept: (task: TaskSpec) => boolean) {}

  /** The tasks that a query asks for, split by split and level by level. */
  select({ split, level }: TaskQuery = {}): readonly TaskSpec[] {
    return PARTS.filter((part) => (split ?? part.split) === part.split && (level ?? part.level) === part.level).flatMap(
      (part) => Array.from({ length: SIZES[part.split] }, (_, index) => this.make(part, index)),
    );
  }

  /**
   * By its place among all tasks, or by id. Ids go on beyond the list: there are as many tasks as anyone may ask for.
   * Throws a RangeError that names what is accepted.
   */
  find(id: number | string): TaskSpec {
    let before = 0;
    for (const part of PARTS) {
      const size = SIZES[part.split];
      if (typeof id === "number") {
        const index = id - before;
        if (Number.isInteger(index) && index >= 0 && index < size) return this.make(part, index);
      } else if (id.startsWith(idOf(part, ""))) {
        const digits = id.slice(idOf(part, "").length);
        if (/^(0|[1-9]\d{0,8})$/.test(digits)) return this.make(part, Number(digits));
      }
      before += size;
    }
    throw new RangeError(
      `unknown AlfWorld task ${JSON.stringify(id)}: give 0 to ${before - 1}, or ${PARTS.map((part) => idOf(part, "<number>")).join(", ")}; ` +
        "ALFWorld's own games need openAlfWorld({ dataDir })",
    );
  }

  private make(part: Part, index: number): TaskSpec {
    const id = idOf(part, index);
    const known = this.made.get(id);
    if (known) return known;
    const random = generator(fold("alfworld task", part.split, part.level, index));
    const types = TYPES[part.level];
    const unseen = part.split === "test" && Math.floor(index / types.length) % 2 === 1;
    for (;;) {
      const task = drawTask(id, part.split, types[index % types.length], unseen, random);
      if (!task || !this.accept(task)) continue;
      this.made.set(id, task);
      return task;
    }
  }
}

interface Part {
  readonly split: Split;
  readonly level: string;
}

const PARTS: readonly Part[] = SHARES.flatMap(([split]) => Object.keys(TYPES).map((level) => ({ split, level })));

function idOf({ split, level }: Part, index: number | string): string {
  return `alfworld_${split}-${level}-${index}`;
}

function drawTask(
  id: string,
  split: Split,
  taskType: TaskType,
  unseen: boolean,
  random: RandomSource,
): TaskSpec | undefined {
  const goal = random.pick(goalsOf(split).get(taskType)!);
  const scenes = Array.from({ length: unseen ? UNSEEN_ROOMS : SEEN_ROOMS }, (_, i) => (unseen ? SEEN_ROOMS + i : i));
  const rooms = roomsFor(goal, scenes);
  if (rooms.length === 0) return undefined;
  const [room, scene] = random.pick(rooms);
  return {
    id,
    env: "alfworld",
    level: levelOf(taskType),
    split,
    seed: random.integer(2 ** 31),
    params: { ...goal, room, scene, layout: unseen ? "unseen" : "seen" },
  };
}

/** The settings that a task of ours stands for; throws a RangeError that names what is missing. */
export function sceneSettings({ params, seed, id }: TaskSpec): SceneSettings {
  const { taskType, object, target, room, scene } = params;
  const known =
    TASK_TYPES.includes(taskType as TaskType) &&
    ROOM_KINDS.includes(room as RoomKind) &&
    typeof object === "string" &&
    typeof target === "string" &&
    Number.isInteger(scene);
  if (!known)
    throw new RangeError(
      `${id}: params must have a "file", or taskType (${TASK_TYPES.join(", ")}), room (${ROOM_KINDS.join(", ")}), ` +
        `scene (an integer), object and target; got ${JSON.stringify(params)}`,
    );
  return {
    taskType: taskType as TaskType,
    room: room as RoomKind,
    scene: scene as number,
    object: object as string,
    target: target as string,
    seed,
  };
}

/** AgentGym's name for a game, which its server tells at a reset as `task_type`; ours are named in the same manner. */
export function gameName({ params, seed }: TaskSpec): string {
  const { folder, taskType, object, target, scene } = params;
  if (typeof folder === "string") return folder;
  return `${[taskType, object, "None", target, scene].map(String).join("-")}/trial_${seed}`;
}
