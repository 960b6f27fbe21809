/** The same game under other names, so that a learner must read what it sees instead of remembering it. */
import type { RandomSource } from "../../types";
import { KINDS, LAMP, RECEPTACLE_GROUPS, RECEPTACLE_TYPES, THING_TYPES } from "./catalogue";
import type { Expression } from "./pddl";
import type { GameSource } from "./room";

/** Class -> class; what is not in it keeps its name. Must not send two classes to one. */
export type Renaming = ReadonlyMap<string, string>;

/** Gives things and furniture the names of others of their kind or, `invented`, things names that do not exist. */
export function drawRenaming(random: RandomSource, invented: boolean): Renaming {
  const renaming = new Map<string, string>();
  const exchange = (types: readonly string[]): void => {
    const names = random.shuffle(types);
    types.forEach((type, index) => renaming.set(type, names[index]));
  };
  for (const types of Object.values(RECEPTACLE_GROUPS)) exchange(types);
  if (!invented) for (const { types } of KINDS) exchange(types);
  else {
    const taken = new Set([...THING_TYPES, ...RECEPTACLE_TYPES]);
    for (const type of THING_TYPES) if (type !== LAMP) renaming.set(type, inventName(random, taken));
  }
  return renaming;
}

/** The game with every class renamed: in ids, types, goal and task. Everything it says follows from these. */
export function renameGame({ task, wording, problem }: GameSource, renaming: Renaming): GameSource {
  const known = new Map<string, string>();
  const word = (text: string): string => {
    const renamed = known.get(text) ?? renameWord(text, renaming);
    known.set(text, renamed);
    return renamed;
  };
  const all = (expression: Expression): Expression =>
    typeof expression === "string" ? word(expression) : expression.map(all);
  return {
    task: task.replace(/[a-z]+/g, (name) => renaming.get(name) ?? name),
    wording,
    problem: {
      objects: problem.objects.map(([id, type]) => [word(id), type]),
      facts: problem.facts.map((fact) => fact.map(word)),
      goal: all(problem.goal),
    },
  };
}

/** `mug_bar_…`, `mugtype`; basins keep their names because the rules look for the word in the id. */
function renameWord(text: string, renaming: Renaming): string {
  const end = text.indexOf("_bar_");
  if (end >= 0) {
    const name = renaming.get(text.slice(0, end));
    return name && !text.includes("basin") ? name + text.slice(end) : text;
  }
  if (!text.endsWith("type")) return text;
  const name = renaming.get(text.slice(0, -"type".length));
  return name ? `${name}type` : text;
}

/** A word of two or three syllables that is not taken yet. */
function inventName(random: RandomSource, taken: Set<string>): string {
  for (;;) {
    const syllables = Array.from({ length: 2 + random.integer(2) }, () => random.pick(ONSETS) + random.pick(NUCLEI));
    const name = syllables.join("") + random.pick(CODAS);
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

const ONSETS = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z"];
const NUCLEI = ["a", "e", "i", "o", "u"];
const CODAS = ["", "b", "k", "l", "m", "n", "p", "r", "t"];
