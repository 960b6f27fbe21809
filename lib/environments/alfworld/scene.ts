/** Games made up from a seed: a furnished room, things lying about, and a goal that can be reached. */
import { fold, generator } from "../../random";
import type { RandomSource } from "../../types";
import {
  CLUTTER,
  DEFAULT_SPACE,
  KINDS,
  LAMP,
  LAMP_PLACES,
  LAMP_ROOMS,
  SPACE,
  TOOLS,
  kindOfThing,
  receptacleGroup,
  type RoomKind,
} from "./catalogue";
import { floorPlan, IdMaker, type Piece } from "./floor-plan";
import { TREATMENT_OF, type GoalSummary } from "./goal";
import { goalExpression, TASK_TEXTS } from "./goal-forms";
import type { Fact } from "./pddl";
import type { Ability, GameSource, Wording } from "./room";

/** A made-up game: `scene` fixes the furniture of the room, `seed` what lies where. */
export interface SceneSettings extends GoalSummary {
  readonly room: RoomKind;
  readonly scene: number;
  readonly seed: number;
}

const AGENT = "agent1";
/** The rules name these, whether there are any or not. */
const KNIVES = ["knife", "butterknife"];
const LOOK = "look_at_obj_in_light";

/** Whether a room with this furniture can have the goal: target, tool, and a place to find the thing. */
export function isPossible({ taskType, object, target }: GoalSummary, plan: readonly Piece[]): boolean {
  const has = (type: string): boolean => plan.some((piece) => piece.type === type);
  const treatment = TREATMENT_OF[taskType];
  if (treatment && !has(TOOLS[treatment])) return false;
  if (taskType === LOOK) return LAMP_PLACES.some(has);
  const homes = kindOfThing(object)?.where ?? [];
  return has(target) && homes.some((type) => type !== target && has(type) && spaceIn(type) > 2);
}

/** Makes the game; throws a RangeError if the room has no place for its goal. */
export function makeScene(settings: SceneSettings, wording: Wording): GameSource {
  const { room, scene, seed, taskType, object, target } = settings;
  const plan = floorPlan(room, scene);
  const kinds = KINDS.filter((kind) => kind.rooms.includes(room));
  if (!kindOfThing(object) || !isPossible(settings, plan))
    throw new RangeError(`${room} ${scene} has no place for ${taskType} with a ${object} and a ${target}`);
  const random = generator(fold("alfworld scene", room, scene, seed, taskType, object, target));
  const clutter = new Clutter(plan, random);
  const wanted = (taskType === "pick_two_obj_and_place" ? 2 : 1) + random.integer(2);
  for (let i = 0; i < wanted; i++) clutter.add(object, taskType === LOOK ? undefined : target);
  if (taskType === LOOK || (LAMP_ROOMS.includes(room) && random.next() < 0.5)) clutter.addLamp();
  const others = kinds.flatMap(({ types }) => types).filter((type) => type !== object);
  const first = random.shuffle(others);
  const second = random.shuffle(others);
  for (const type of [...first, ...second].slice(0, CLUTTER)) clutter.add(type);
  const start = clutter.ids.location(0, 0);
  return {
    task: `Your task is to: ${random.pick(TASK_TEXTS[taskType])(object, target)}.`,
    wording,
    problem: {
      objects: [
        [AGENT, "agent"],
        ...[...new Set([...KNIVES, ...clutter.types])].map((type) => [`${type}type`, "otype"] as const),
        ...[...new Set([...Object.values(TOOLS), ...plan.map(({ type }) => type)])].map(
          (type) => [`${type}type`, "rtype"] as const,
        ),
        ...clutter.things.map((id) => [id, "object"] as const),
        ...plan.map(({ id }) => [id, "receptacle"] as const),
        ...[...new Set([...plan.map(({ location }) => location), start])].map((id) => [id, "location"] as const),
      ],
      facts: [
        ...plan.flatMap(furnitureFacts),
        ...clutter.facts,
        ...containment(plan, clutter.types),
        ["atlocation", AGENT, start],
      ],
      goal: goalExpression(settings),
    },
  };
}

/** Puts things into a room's furniture and keeps the facts about them. */
class Clutter {
  readonly things: string[] = [];
  readonly types = new Set<string>();
  readonly facts: Fact[] = [];
  readonly ids: IdMaker;
  private readonly space = new Map<Piece, number>();

  constructor(
    private readonly plan: readonly Piece[],
    private readonly random: RandomSource,
  ) {
    this.ids = new IdMaker(random, [...plan.map(({ id }) => id), ...plan.map(({ location }) => location)]);
    for (const piece of plan) this.space.set(piece, spaceIn(piece.type));
  }

  /** Adds a thing where its kind usually lies, except in a receptacle of class `notIn`; nothing if there is no room. */
  add(type: string, notIn?: string): void {
    const { where, abilities } = kindOfThing(type)!;
    this.put(
      type,
      where.filter((place) => place !== notIn),
      abilities,
    );
  }

  addLamp(): void {
    this.put(LAMP, LAMP_PLACES, ["toggleable"]);
  }

  private put(type: string, where: readonly string[], abilities: readonly Ability[]): void {
    const free = this.plan.filter((piece) => where.includes(piece.type) && this.space.get(piece)! > 0);
    if (free.length === 0) return;
    const rank = new Map([...new Set(where.map(receptacleGroup))].map((group, index) => [group, index]));
    const best = this.usual([...new Set(free.map((piece) => receptacleGroup(piece.type)))], rank);
    const piece = this.random.pick(free.filter((candidate) => receptacleGroup(candidate.type) === best));
    this.space.set(piece, this.space.get(piece)! - 1);
    const id = this.ids.thing(type, piece.x, piece.z);
    this.things.push(id);
    this.types.add(type);
    this.facts.push(
      ["objecttype", id, `${type}type`],
      ...abilities.map((ability) => [ability, id]),
      ["inreceptacle", id, piece.id],
      ["objectatlocation", id, piece.location],
    );
  }

  /** A group, each twice as likely as the next in rank. */
  private usual(groups: readonly string[], rank: ReadonlyMap<string, number>): string {
    const weight = (group: string): number => 0.5 ** rank.get(group)!;
    let left = this.random.next() * groups.reduce((sum, group) => sum + weight(group), 0);
    return groups.find((group) => (left -= weight(group)) < 0) ?? groups[groups.length - 1];
  }
}

function furnitureFacts({ type, id, location, openable }: Piece): Fact[] {
  const facts = [
    ["receptacletype", id, `${type}type`],
    ["receptacleatlocation", id, location],
  ];
  return openable ? [...facts, ["openable", id]] : facts;
}

/** What may be put where, of the things and the furniture that are there. */
function containment(plan: readonly Piece[], types: ReadonlySet<string>): Fact[] {
  const holders = new Set(plan.map(({ type }) => type));
  return [...types].flatMap((type) =>
    (kindOfThing(type)?.where ?? [])
      .filter((holder) => holders.has(holder))
      .map((holder) => ["cancontain", `${holder}type`, `${type}type`]),
  );
}

function spaceIn(type: string): number {
  return SPACE[type] ?? DEFAULT_SPACE;
}
