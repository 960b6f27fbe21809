/** A goal as a check that runs after every step. */
import { ENTITY_TYPES, type EntityType, type FactBase } from "./facts";
import type { Query } from "./goal";
import { ABILITIES, STATES, type Ability, type Room, type State } from "./room";
import type { World } from "./world";

export type GoalCheck = (world: World) => boolean;

/** What a predicate means; arguments are indices, or names of types. `fixed` predicates need no world. */
interface Meaning {
  readonly types: readonly (EntityType | "name")[];
  readonly fixed?: (room: Room, a: number, b: number, name: string) => boolean;
  readonly now?: (world: World, a: number, b: number) => boolean;
}

const MEANINGS: { readonly [predicate: string]: Meaning } = {
  objecttype: { types: ["object", "name"], fixed: (room, o, _, name) => room.things[o].types.includes(name) },
  receptacletype: {
    types: ["receptacle", "name"],
    fixed: (room, r, _, name) => room.receptacles[r].types.includes(name),
  },
  receptacleatlocation: {
    types: ["receptacle", "location"],
    fixed: (room, r, l) => room.receptacles[r].location === l,
  },
  openable: { types: ["receptacle"], fixed: (room, r) => room.receptacles[r].openable },
  inreceptacleobject: { types: ["object", "object"], fixed: (room, o, outer) => room.things[outer].inner.includes(o) },
  ...fromList(ABILITIES, (ability: Ability) => ({
    types: ["object"],
    fixed: (room, o) => room.things[o].abilities.has(ability),
  })),
  ...fromList(STATES, (state: State) => ({ types: ["object"], now: (world, o) => world.is(o, state) })),
  opened: { types: ["receptacle"], now: (world, r) => world.isOpened(r) },
  atlocation: { types: ["agent", "location"], now: (world, _, l) => world.location === l },
  objectatlocation: { types: ["object", "location"], now: (world, o, l) => world.isAt(o, l) },
  inreceptacle: { types: ["object", "receptacle"], now: (world, o, r) => world.contents(r).includes(o) },
  holds: { types: ["agent", "object"], now: (world, _, o) => world.held.includes(o) },
  holdsany: { types: ["agent"], now: (world) => world.handsFull },
};

function fromList<T extends string>(names: readonly T[], make: (name: T) => Meaning): { [predicate: string]: Meaning } {
  return Object.fromEntries(names.map((name) => [name, make(name)]));
}

type Test = (world: World, bound: readonly number[]) => boolean;

/** A check for the whole goal; throws an Error that names a predicate, variable or type that ALFWorld has not. */
export function compileGoal(queries: readonly Query[], room: Room, facts: FactBase): GoalCheck {
  const checks = queries.map((query) => compileQuery(query, room, facts));
  return (world) => checks.every((check) => check(world));
}

function compileQuery({ variables, literals }: Query, room: Room, facts: FactBase): GoalCheck {
  const slots = new Map(variables.map(([name], slot) => [name, slot]));
  const candidates = variables.map(([, type]) => {
    if (!ENTITY_TYPES.includes(type as EntityType)) throw new Error(`the goal has a variable of type "${type}"`);
    return facts.ids(type as EntityType).map((_, index) => index);
  });
  /** Tests by the last slot they need; slot 0 also takes those that need none. */
  const tests: Test[][] = variables.map(() => []);
  const always: Test[] = [];
  for (const { negated, predicate, args } of literals) {
    const used = args.map((arg) => slots.get(arg) ?? -1);
    const last = Math.max(...used, -1);
    if (predicate === "=") {
      const [a, b] = used;
      if (args.length !== 2 || a < 0 || b < 0)
        throw new Error('the goal compares something else than variables by "="');
      const sameType = variables[a][1] === variables[b][1];
      tests[last].push((_, bound) => (sameType && bound[a] === bound[b]) !== negated);
      continue;
    }
    const meaning = MEANINGS[predicate];
    if (!meaning || meaning.types.length !== args.length)
      throw new Error(`the goal uses "${predicate}" with ${args.length} arguments`);
    const constants = args.map((arg, i) => constantIndex(arg, used[i], meaning.types[i], variables, facts));
    const name = meaning.types[1] === "name" ? args[1] : "";
    const { fixed, now } = meaning;
    if (fixed && last >= 0 && used.filter((slot) => slot >= 0).length === 1) {
      const of = used.indexOf(last);
      candidates[last] = candidates[last].filter(
        (index) => fixed(room, of === 0 ? index : constants[0], of === 1 ? index : constants[1], name) !== negated,
      );
      continue;
    }
    const test: Test = (world, bound) => {
      const a = used[0] < 0 ? constants[0] : bound[used[0]];
      const b = used.length < 2 || used[1] < 0 ? constants[1] : bound[used[1]];
      return (fixed ? fixed(room, a, b, name) : now!(world, a, b)) !== negated;
    };
    (last < 0 ? always : tests[last]).push(test);
  }
  const bound = variables.map(() => -1);
  const solve = (world: World, slot: number): boolean => {
    if (slot === variables.length) return true;
    for (const candidate of candidates[slot]) {
      bound[slot] = candidate;
      if (tests[slot].every((test) => test(world, bound)) && solve(world, slot + 1)) return true;
    }
    return false;
  };
  return (world) => always.every((test) => test(world, bound)) && solve(world, 0);
}

function constantIndex(
  arg: string,
  slot: number,
  type: EntityType | "name",
  variables: Query["variables"],
  facts: FactBase,
): number {
  if (type === "name") {
    if (slot >= 0) throw new Error("the goal leaves a type open");
    return -1;
  }
  if (slot >= 0) {
    if (variables[slot][1] !== type) throw new Error(`the goal takes a ${variables[slot][1]} for a ${type}`);
    return -1;
  }
  const index = facts.find(type, arg);
  if (index === undefined) throw new Error(`the goal speaks of "${arg}", which is no ${type} of the game`);
  return index;
}
