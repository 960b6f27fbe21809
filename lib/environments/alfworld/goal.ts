/** Goals taken apart, and told in the few words an expert needs. */
import { typedList, type Expression } from "./pddl";

/** ALFRED's names of the six task types. */
export const TASK_TYPES = [
  "pick_and_place_simple",
  "look_at_obj_in_light",
  "pick_clean_then_place_in_recep",
  "pick_heat_then_place_in_recep",
  "pick_cool_then_place_in_recep",
  "pick_two_obj_and_place",
] as const;
export type TaskType = (typeof TASK_TYPES)[number];

/** What must be done to the thing before it is put down. */
export const TREATMENT_OF: { readonly [type in TaskType]?: "clean" | "heat" | "cool" } = {
  pick_clean_then_place_in_recep: "clean",
  pick_heat_then_place_in_recep: "heat",
  pick_cool_then_place_in_recep: "cool",
};

/** `target` is the class of the receptacle, or of the lamp to look under. */
export interface GoalSummary {
  readonly taskType: TaskType;
  readonly object: string;
  readonly target: string;
}

export interface Literal {
  readonly negated: boolean;
  readonly predicate: string;
  readonly args: readonly string[];
}

/** "There are such variables that all literals are true." A goal is a conjunction of these. */
export interface Query {
  readonly variables: readonly (readonly [name: string, type: string])[];
  readonly literals: readonly Literal[];
}

/** Takes a goal apart; throws an Error that names what is neither `and`, `exists`, `not` nor a predicate. */
export function parseGoal(goal: Expression): readonly Query[] {
  if (typeof goal === "string") throw new Error(`the goal is the word "${goal}"`);
  const parts = goal[0] === "and" ? goal.slice(1) : [goal];
  return parts.map((part) => {
    const variables: (readonly [string, string])[] = [];
    const literals: Literal[] = [];
    const collect = (expression: Expression, scope: ReadonlyMap<string, string>, depth: number): void => {
      if (typeof expression === "string") throw new Error(`the word "${expression}" stands in the goal`);
      if (depth > 50) throw new Error("the goal is nested more than 50 deep");
      const [head, ...rest] = expression;
      if (head === "and") for (const inner of rest) collect(inner, scope, depth + 1);
      else if (head === "exists") {
        const [list, body] = rest;
        if (!Array.isArray(list) || body === undefined) throw new Error("an exists without variables or body");
        const inside = new Map(scope);
        for (const [name, type] of typedList(list)) {
          inside.set(name, `${name}#${variables.length}`);
          variables.push([`${name}#${variables.length}`, type]);
        }
        collect(body, inside, depth + 1);
      } else {
        const negated = head === "not";
        const atom = negated ? rest[0] : expression;
        if (!Array.isArray(atom) || atom.some((word) => typeof word !== "string"))
          throw new Error(`the goal has a part "${String(head)}", which is no plain predicate`);
        const [predicate, ...args] = atom as readonly string[];
        literals.push({ negated, predicate, args: args.map((arg) => scope.get(arg) ?? arg) });
      }
    };
    collect(part, new Map(), 0);
    return { variables, literals };
  });
}

/** The goal in the words of ALFWorld's six kinds, or undefined. */
export function describeGoal(queries: readonly Query[]): GoalSummary | undefined {
  const literals = queries.flatMap((query, q) =>
    query.literals.map((literal) => ({ ...literal, args: literal.args.map((arg) => `${q} ${arg}`) })),
  );
  const find = (predicate: string): readonly string[][] =>
    literals.filter((l) => l.predicate === predicate && !l.negated).map(({ args }) => args);
  const typeOf = (variable: string, predicate: string): string | undefined =>
    find(predicate)
      .find(([subject]) => subject === variable)?.[1]
      .replace(/^\d+ (.*)type$/, "$1");
  if (find("inreceptacleobject").length > 0 || find("issliced").length > 0) return undefined;
  const lamp = find("istoggled")[0]?.[0];
  const things = lamp ? find("holds").map(([, thing]) => thing) : find("inreceptacle").map(([thing]) => thing);
  const holder = find("inreceptacle")[0]?.[1];
  const object = things.length > 0 ? typeOf(things[0], "objecttype") : undefined;
  const target = lamp ? typeOf(lamp, "objecttype") : holder && typeOf(holder, "receptacletype");
  if (!object || !target) return undefined;
  const treated = [...STATE_OF].find(([state]) => find(state).length > 0)?.[1];
  const two = new Set(things).size > 1;
  const taskType = lamp
    ? "look_at_obj_in_light"
    : two
      ? "pick_two_obj_and_place"
      : (treated ?? "pick_and_place_simple");
  return { taskType, object, target };
}

/** The state that a goal asks for, and its task type. */
const STATE_OF: ReadonlyMap<string, TaskType> = new Map([
  ["isclean", "pick_clean_then_place_in_recep"],
  ["ishot", "pick_heat_then_place_in_recep"],
  ["iscool", "pick_cool_then_place_in_recep"],
]);
