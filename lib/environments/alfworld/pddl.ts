/** The little of PDDL that ALFWorld's games use: nested lists, typed objects, initial facts and a goal. */

/** A word or a list. Everything is lower case, as the original's parser makes it. */
export type Expression = string | readonly Expression[];

/** A predicate with its arguments. */
export type Fact = readonly string[];

export interface Problem {
  /** Declared objects with their types, in the order declared. */
  readonly objects: readonly (readonly [id: string, type: string])[];
  /** What is true at the start; costs and distances are left out. */
  readonly facts: readonly Fact[];
  readonly goal: Expression;
}

/** Reads one PDDL list; throws a SyntaxError that says how the brackets do not match. Comments run from `;` to the line's end. */
export function parseExpression(text: string): readonly Expression[] {
  const lower = text.toLowerCase();
  const open: Expression[][] = [[]];
  let start = 0;
  const endWord = (end: number): void => {
    if (end > start) open[open.length - 1].push(lower.slice(start, end));
    start = end + 1;
  };
  for (let i = 0; i < lower.length; i++) {
    const character = lower[i];
    if (character === "(") {
      endWord(i);
      open.push([]);
    } else if (character === ")") {
      endWord(i);
      const list = open.pop()!;
      if (open.length === 0) throw new SyntaxError('a ")" without "("');
      open[open.length - 1].push(list);
    } else if (character === ";") {
      endWord(i);
      const end = lower.indexOf("\n", i);
      i = end < 0 ? lower.length : end;
      start = i + 1;
    } else if (character <= " ") endWord(i);
  }
  endWord(lower.length);
  if (open.length > 1) throw new SyntaxError(`${open.length - 1} "(" without ")"`);
  const [list, ...rest] = open[0];
  if (!Array.isArray(list) || rest.length > 0) throw new SyntaxError("not one list in brackets");
  return list;
}

/** Reads a `(define (problem …) (:domain alfred) …)`; throws an Error that names what is missing or undeclared. */
export function parseProblem(text: string): Problem {
  const sections = parseExpression(text).filter((part): part is readonly Expression[] => typeof part !== "string");
  const section = (name: string): readonly Expression[] => {
    const found = sections.find(([head]) => head === name);
    if (!found) throw new Error(`the problem has no ${name}`);
    return found.slice(1);
  };
  const [domain] = section(":domain");
  if (domain !== "alfred") throw new Error(`the domain must be "alfred", got ${JSON.stringify(domain)}`);
  const objects = typedList(section(":objects"));
  const declared = new Set(objects.map(([id]) => id));
  const facts = section(":init").map(asFact).filter(isPlain);
  for (const fact of facts)
    for (const id of fact.slice(1))
      if (!declared.has(id)) throw new Error(`${fact[0]} is said of "${id}", which is not declared`);
  const [goal, ...more] = section(":goal");
  if (goal === undefined || more.length > 0) throw new Error("the problem needs exactly one goal");
  return { objects, facts, goal };
}

/** `a b - type c` as pairs; what has no type is an "object", as in PDDL. */
export function typedList(list: readonly Expression[]): (readonly [id: string, type: string])[] {
  const pairs: (readonly [string, string])[] = [];
  let untyped: string[] = [];
  for (let i = 0; i < list.length; i++) {
    const word = list[i];
    if (typeof word !== "string") throw new Error("a list stands where a name is expected");
    if (word !== "-") untyped.push(word);
    else {
      const type = list[++i];
      if (typeof type !== "string") throw new Error(`no type follows "${untyped.join(" ")} -"`);
      for (const id of untyped) pairs.push([id, type]);
      untyped = [];
    }
  }
  return [...pairs, ...untyped.map((id) => [id, "object"] as const)];
}

function asFact(expression: Expression): readonly Expression[] {
  if (typeof expression === "string") throw new Error(`the word "${expression}" stands among the facts`);
  return expression;
}

/** Numeric assignments `(= (total-cost) 0)` steer a planner only. */
function isPlain(fact: readonly Expression[]): fact is Fact {
  if (fact[0] === "=") return false;
  if (fact.length === 0 || fact.some((word) => typeof word !== "string"))
    throw new Error(`"(${String(fact[0] ?? "")} …)" is not a fact`);
  return true;
}
