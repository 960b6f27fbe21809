/** A room with all that is in it, as it is when a game starts: everything that stays the same while it is played. */
import { ENTITY_TYPES, FactBase } from "./facts";
import { nameAll } from "./names";
import type { Problem } from "./pddl";

/**
 * The library's words. "put" is alfworld 0.3.3, which AgentGym pins: `put … in/on …`, arrivals at a numbered place.
 * "move" is 0.4 and later: `move … to …`, arrivals at the receptacle's name, and a `help` command.
 */
export type Wording = "put" | "move";

/** A game as data: what a `game.tw-pddl` file says, whoever wrote it. */
export interface GameSource {
  /** The last line of the first observation: `Your task is to: put a hot potato in sinkbasin.` */
  readonly task: string;
  readonly wording: Wording;
  readonly problem: Problem;
}

/** What a thing allows; this never changes. */
export const ABILITIES = [
  "pickupable",
  "cleanable",
  "heatable",
  "coolable",
  "toggleable",
  "sliceable",
  "isreceptacleobject",
] as const;
export type Ability = (typeof ABILITIES)[number];

/** What actions make of a thing. */
export const STATES = ["isclean", "ishot", "iscool", "ison", "istoggled", "issliced"] as const;
export type State = (typeof STATES)[number];

export interface Receptacle {
  readonly id: string;
  readonly name: string;
  readonly types: readonly string[];
  /** The place from which it can be reached, if any. Several may share one. */
  readonly location: number | undefined;
  readonly openable: boolean;
}

/** An "object" of PDDL. */
export interface Thing {
  readonly id: string;
  readonly name: string;
  readonly types: readonly string[];
  readonly abilities: ReadonlySet<Ability>;
  /** The things said to be inside it. */
  readonly inner: readonly number[];
}

export interface Place {
  readonly id: string;
  readonly name: string;
  /** The receptacles that can be reached from here. */
  readonly receptacles: readonly number[];
}

/** Where everything is at the start. */
export interface Start {
  readonly location: number;
  readonly opened: ReadonlySet<number>;
  /** Receptacle -> things in it. A thing may be in two at once. */
  readonly contents: readonly (readonly number[])[];
  /** Thing -> locations where it is said to be. */
  readonly places: readonly (readonly number[])[];
  readonly held: readonly number[];
  readonly handsFull: boolean;
  readonly states: readonly ReadonlySet<State>[];
}

/** Numbers are indices; things, receptacles and places are in ascending order of their ids, as every list tells them. */
export interface Room {
  readonly task: string;
  readonly wording: Wording;
  readonly places: readonly Place[];
  readonly receptacles: readonly Receptacle[];
  readonly things: readonly Thing[];
  readonly receptacleNamed: ReadonlyMap<string, number>;
  readonly thingNamed: ReadonlyMap<string, number>;
  readonly start: Start;
  /** Whether the rules allow to put a thing into a receptacle. */
  fits(thing: number, receptacle: number): boolean;
}

/** Reads the room that the facts describe; throws an Error that names a fact for which the rules have no place. */
export function readRoom(source: GameSource, facts: FactBase): Room {
  const agents = facts.ids("agent").length;
  if (agents !== 1) throw new Error(`exactly one agent must be at a location, got ${agents}`);
  const names = nameAll(ENTITY_TYPES.flatMap((type) => facts.ids(type)));
  const named = (id: string): { id: string; name: string } => ({ id, name: names.get(id)! });
  const receptacles = readReceptacles(facts, named);
  const things = readThings(facts, named);
  const canContain = new Set(facts.of("cancontain").map(([, holder, held]) => `${holder} ${held}`));
  return {
    task: source.task,
    wording: source.wording,
    places: facts.ids("location").map((id, place) => ({
      ...named(id),
      receptacles: receptacles.flatMap(({ location }, r) => (location === place ? [r] : [])),
    })),
    receptacles,
    things,
    receptacleNamed: new Map(receptacles.map(({ name }, index) => [name, index])),
    thingNamed: new Map(things.map(({ name }, index) => [name, index])),
    start: readStart(facts),
    fits: (thing: number, receptacle: number) =>
      receptacles[receptacle].types.some((holder) =>
        things[thing].types.some((held) => canContain.has(`${holder} ${held}`)),
      ),
  };
}

type Named = (id: string) => { id: string; name: string };

function readReceptacles(facts: FactBase, named: Named): readonly Receptacle[] {
  const locations = facts.relation("receptacleatlocation", "receptacle", "location");
  const types = facts.types("receptacletype", "receptacle");
  const openable = facts.members("openable", "receptacle");
  return facts.ids("receptacle").map((id, index) => {
    const [location, ...others] = locations[index];
    if (others.length > 0) throw new Error(`"${id}" is at ${others.length + 1} locations`);
    return { ...named(id), types: types[index], location, openable: openable.has(index) };
  });
}

function readThings(facts: FactBase, named: Named): readonly Thing[] {
  const types = facts.types("objecttype", "object");
  const abilities = labels(facts, ABILITIES);
  const inner: number[][] = types.map(() => []);
  facts.relation("inreceptacleobject", "object", "object").forEach((outers, thing) => {
    for (const outer of outers) inner[outer].push(thing);
  });
  return facts.ids("object").map((id, index) => ({
    ...named(id),
    types: types[index],
    abilities: abilities[index],
    inner: inner[index],
  }));
}

/** For each thing those predicates that are true of it. */
function labels<T extends string>(facts: FactBase, predicates: readonly T[]): readonly ReadonlySet<T>[] {
  const sets = facts.ids("object").map(() => new Set<T>());
  for (const predicate of predicates)
    for (const thing of facts.members(predicate, "object")) sets[thing].add(predicate);
  return sets;
}

function readStart(facts: FactBase): Start {
  const [at, ...elsewhere] = facts.relation("atlocation", "agent", "location")[0];
  if (at === undefined || elsewhere.length > 0)
    throw new Error(`the agent must be at exactly one location, got ${at === undefined ? 0 : elsewhere.length + 1}`);
  const contents: number[][] = facts.ids("receptacle").map(() => []);
  facts.relation("inreceptacle", "object", "receptacle").forEach((holders, thing) => {
    for (const holder of holders) contents[holder].push(thing);
  });
  return {
    location: at,
    opened: facts.members("opened", "receptacle"),
    contents,
    places: facts.relation("objectatlocation", "object", "location"),
    held: facts.relation("holds", "agent", "object")[0],
    handsFull: facts.of("holdsany").length > 0,
    states: labels(facts, STATES),
  };
}
