/** A goal as a check that runs after every step. */
import { ENTITY_TYPES, type EntityType, type FactBase } from "./facts";
import type { Literal, Query } from "./goal";
import { ABILITIES, STATES, type Room } from "./room";
import type { World } from "./world";

export type GoalCheck = (world: World) => boolean;

/** What a predicate says of its arguments, which are indices. */
interface Meaning {
  readonly types: readonly EntityType[];
  /** For what never changes. */
  readonly fixed?: (room: Room, a: number, b: number) => boolean;
  readonly now?: (world: World, a: number, b: number) => boolean;
}

const MEANINGS = new Map<string, Meaning>([
  [
    "receptacleatlocation",
    { types: ["receptacle", "location"], fixed: (room, r, l) => room.receptacles[r].location === l },
  ],
  ["openable", { types: ["receptacle"], fixed: (room, r) => room.receptacles[r].openable }],
  [
    "inreceptacleobject",
    { types: ["object", "object"], fixed: (room, o, outer) => room.things[outer].inner.includes(o) },
  ],
  ...ABILITIES.map((ability): [string, Meaning] => [
    ability,
    { types: ["object"], fixed: (room, o) => room.things[o].abilities.has(ability) },
  ]),
  ...STATES.map((state): [string, Meaning] => [state, { types: ["object"], now: (world, o) => world.is(o, state) }]),
  ["opened", { types: ["receptacle"], now: (world, r) => world.isOpened(r) }],
  ["atlocation", { types: ["agent", "location"], now: (world, _, l) => world.location === l }],
  ["objectatlocation", { types: ["object", "location"], now: (world, o, l) => world.isAt(o, l) }],
  ["inreceptacle", { types: ["object", "receptacle"], now: (world, o, r) => world.contents(r).includes(o) }],
  ["holds", { types: ["agent", "object"], now: (world, _, o) => world.held.includes(o) }],
  ["holdsany", { types: ["agent"], now: (world) => world.handsFull }],
]);

/** `objecttype` and `receptacletype` have the name of a type for their second argument. */
function typeMeaning(predicate: string, type: string): Meaning | undefined {
  if (predicate === "objecttype") return { types: ["object"], fixed: (room, o) => room.things[o].types.includes(type) };
  if (predicate === "receptacletype")
    return { types: ["receptacle"], fixed: (room, r) => room.receptacles[r].types.includes(type) };
  return undefined;
}

/** A literal as a test of the variables' values; `slots` are those that it needs. */
interface Condition {
  readonly slots: readonly number[];
  readonly fixed?: (bound: readonly number[]) => boolean;
  readonly now?: (bound: readonly number[], world: World) => boolean;
}

/** A check for the whole goal; throws an Error that names a predicate, variable or type that ALFWorld has not. */
export function compileGoal(queries: readonly Query[], room: Room, facts: FactBase): GoalCheck {
  const checks = queries.map((query) => compileQuery(query, room, facts));
  return (world) => checks.every((check) => check(world));
}

/** Tries values for one variable after the other, with every condition as soon as all it needs has a value. */
function compileQuery(query: Query, room: Room, facts: FactBase): GoalCheck {
  const { variables, literals } = query;
  const conditions = literals.map((literal) => compileLiteral(literal, query, room, facts));
  const bound = variables.map(() => -1);
  const candidates = variables.map(([, type], slot) => {
    if (!ENTITY_TYPES.includes(type as EntityType)) throw new Error(`the goal has a variable of type "${type}"`);
    const own = conditions.filter(({ slots, fixed }) => fixed && slots.length === 1 && slots[0] === slot);
    const all = facts.ids(type as EntityType).map((_, index) => index);
    return all.filter((index) => {
      bound[slot] = index;
      return own.every(({ fixed }) => fixed!(bound));
    });
  });
  const holds = (world: World, { fixed, now }: Condition): boolean => (fixed ? fixed(bound) : now!(bound, world));
  /** Conditions by the number of variables that must have values. */
  const due = [...variables, undefined].map((_, count) =>
    conditions.filter(({ slots, fixed }) => Math.max(-1, ...slots) + 1 === count && !(fixed && slots.length === 1)),
  );
  const solve = (world: World, count: number): boolean => {
    if (!due[count].every((condition) => holds(world, condition))) return false;
    if (count === variables.length) return true;
    return candidates[count].some((candidate) => {
      bound[count] = candidate;
      return solve(world, count + 1);
    });
  };
  return (world) => solve(world, 0);
}

function compileLiteral(
  { negated, predicate, args }: Literal,
  { variables }: Query,
  room: Room,
  facts: FactBase,
): Condition {
  const slotOf = (arg: string): number => variables.findIndex(([name]) => name === arg);
  const slots = args.map(slotOf).filter((slot) => slot >= 0);
  if (predicate === "=") {
    const [a, b] = slots;
    if (args.length !== 2 || slots.length !== 2) throw new Error('the goal compares by "=" what are not two variables');
    const sameType = variables[a][1] === variables[b][1];
    return { slots, fixed: (bound) => (sameType && bound[a] === bound[b]) !== negated };
  }
  const meaning = typeMeaning(predicate, args[1]) ?? MEANINGS.get(predicate);
  if (!meaning) throw new Error(`the goal uses the predicate "${predicate}"`);
  const { types, fixed, now } = meaning;
  const [a, b = a] = types.map((type, i): ((bound: readonly number[]) => number) => {
    const slot = slotOf(args[i]);
    if (slot >= 0 && variables[slot][1] === type) return (bound) => bound[slot];
    const index = facts.find(type, args[i]);
    if (index === undefined) throw new Error(`the goal says (${predicate} …) of "${args[i]}", which is no ${type}`);
    return () => index;
  });
  return {
    slots,
    fixed: fixed && ((bound) => fixed(room, a(bound), b(bound)) !== negated),
    now: now && ((bound, world) => now(world, a(bound), b(bound)) !== negated),
  };
}
