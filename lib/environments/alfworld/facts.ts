/** The facts of a problem by predicate, with the entities of each type as indices in ascending order of their ids. */
import type { Fact, Problem } from "./pddl";

export const ENTITY_TYPES = ["agent", "location", "receptacle", "object"] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

export class FactBase {
  private readonly byPredicate = new Map<string, Fact[]>();
  private readonly sorted: { readonly [type in EntityType]: readonly string[] };
  private readonly entities: { readonly [type in EntityType]: ReadonlyMap<string, number> };

  /** Entities of which nothing is said do not exist: the original gives them no name and no part in the game. */
  constructor(problem: Problem) {
    const types = new Map(problem.objects);
    const ids: { [type in EntityType]: Set<string> } = {
      agent: new Set(),
      location: new Set(),
      receptacle: new Set(),
      object: new Set(),
    };
    for (const fact of problem.facts) {
      for (let i = 1; i < fact.length; i++) ids[types.get(fact[i]) as EntityType]?.add(fact[i]);
      const group = this.byPredicate.get(fact[0]);
      if (group) group.push(fact);
      else this.byPredicate.set(fact[0], [fact]);
    }
    this.sorted = {
      agent: [...ids.agent].sort(),
      location: [...ids.location].sort(),
      receptacle: [...ids.receptacle].sort(),
      object: [...ids.object].sort(),
    };
    const indexed = (type: EntityType): ReadonlyMap<string, number> =>
      new Map(this.sorted[type].map((id, index) => [id, index]));
    this.entities = {
      agent: indexed("agent"),
      location: indexed("location"),
      receptacle: indexed("receptacle"),
      object: indexed("object"),
    };
  }

  ids(type: EntityType): readonly string[] {
    return this.sorted[type];
  }

  /** The index of an entity, if it is of that type. */
  find(type: EntityType, id: string): number | undefined {
    return this.entities[type].get(id);
  }

  of(predicate: string): readonly Fact[] {
    return this.byPredicate.get(predicate) ?? [];
  }

  /** The entities of which a predicate is true; throws where it is said of something else. */
  members(predicate: string, type: EntityType): ReadonlySet<number> {
    return new Set(this.of(predicate).map((fact) => this.index(type, fact, 1)));
  }

  /** For each entity of the first type the ascending indices of those of the second that it is related to. */
  relation(predicate: string, first: EntityType, second: EntityType): readonly (readonly number[])[] {
    const lists: number[][] = this.ids(first).map(() => []);
    for (const fact of this.of(predicate)) addNew(lists[this.index(first, fact, 1)], this.index(second, fact, 2));
    for (const list of lists) list.sort((a, b) => a - b);
    return lists;
  }

  /** For each entity the names of its types. */
  types(predicate: string, type: EntityType): readonly (readonly string[])[] {
    const lists: string[][] = this.ids(type).map(() => []);
    for (const fact of this.of(predicate)) addNew(lists[this.index(type, fact, 1)], fact[2]);
    return lists;
  }

  private index(type: EntityType, fact: Fact, position: number): number {
    const found = this.find(type, fact[position] ?? "");
    if (found === undefined)
      throw new Error(`(${fact.join(" ")}) needs ${type === "object" ? "an" : "a"} ${type} as argument ${position}`);
    return found;
  }
}

/** A fact may be stated twice. */
function addNew<T>(list: T[], item: T): void {
  if (!list.includes(item)) list.push(item);
}
