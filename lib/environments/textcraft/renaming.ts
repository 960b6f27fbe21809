/**
 * Other names for the same things: whoever learns from renamed demonstrations has to read what is made from what
 * instead of remembering it.
 */
import type { RandomSource } from "../../types";
import { displayName, type CraftingTree } from "./crafting-tree";

/** Rewrites a text of the game; the same name always becomes the same other name. */
export type Renaming = (text: string) => string;

/**
 * A renaming drawn from `random`: names change places with others of their kind, or (`invent`) become new combinations
 * of the words that names are made of, with as many words as before. Items of a tag that recipes ask for keep its word,
 * as in "oak planks", and such tags keep their names, so that the text stays well-formed.
 */
export function drawRenaming(tree: CraftingTree, random: RandomSource, invent: boolean): Renaming {
  const names = vocabularyOf(tree);
  const renamed = invent ? inventedNames(names, random) : exchangedNames(names, random);
  return (text) =>
    text.replace(NAMES_IN_TEXT, (run, id?: string) =>
      id === undefined
        ? renameRun(run, names, renamed)
        : `minecraft:${(names.kindOf.has(displayName(id)) ? renamed(displayName(id)) : id).replaceAll(" ", "_")}`,
    );
}

/** An id with its prefix, or a run of lower-case words that may hold names. */
const NAMES_IN_TEXT = /minecraft:([a-z_]+)|\b(?!minecraft:)[a-z]+(?: (?!minecraft:)[a-z]+)*\b/g;

/** All names of a tree as texts write them. */
interface Vocabulary {
  /** Name -> the tag it belongs to as far as recipes ask for that tag, "" for all other items. */
  readonly kindOf: ReadonlyMap<string, string>;
  readonly fixed: ReadonlySet<string>;
  readonly firstWords: readonly string[];
  readonly lastWords: readonly string[];
  readonly longest: number;
}

const LITTLE_WORDS = new Set(["a", "and", "o", "of", "on", "the"]);
const vocabularies = new WeakMap<CraftingTree, Vocabulary>();

function vocabularyOf(tree: CraftingTree): Vocabulary {
  const known = vocabularies.get(tree);
  if (known) return known;
  const recipes = [...tree.itemRecipes.values()].flat();
  const fixed = new Set(recipes.flatMap((recipe) => recipe.ingredients.filter((i) => i.tag).map((i) => i.name)));
  const kindOf = new Map<string, string>();
  const first = new Set<string>();
  const last = new Set<string>();
  for (const item of tree.items) {
    const tag = tree.tagOf.get(item) ?? "";
    kindOf.set(displayName(item), fixed.has(tag) && item.endsWith(`_${tag}`) ? tag : "");
    const words = item.split("_");
    for (const word of words.slice(0, -1)) if (!LITTLE_WORDS.has(word)) first.add(word);
    if (!fixed.has(words.at(-1)!)) last.add(words.at(-1)!);
  }
  for (const tag of fixed) kindOf.set(displayName(tag), tag);
  const longest = Math.max(...[...kindOf.keys()].map((name) => name.split(" ").length));
  const names = { kindOf, fixed, firstWords: [...first], lastWords: [...last], longest };
  vocabularies.set(tree, names);
  return names;
}

/** Replaces the names in a run of words, the longest that fits first: "dark oak planks" is not "oak planks". */
function renameRun(run: string, names: Vocabulary, renamed: (name: string) => string): string {
  const words = run.split(" ");
  const result: string[] = [];
  for (let start = 0; start < words.length;) {
    let length = Math.min(names.longest, words.length - start);
    while (length > 1 && !names.kindOf.has(words.slice(start, start + length).join(" "))) length--;
    const name = words.slice(start, start + length).join(" ");
    result.push(names.kindOf.has(name) ? renamed(name) : name);
    start += length;
  }
  return result.join(" ");
}

function exchangedNames({ kindOf, fixed }: Vocabulary, random: RandomSource): (name: string) => string {
  const map = new Map<string, string>();
  for (const kind of new Set(kindOf.values())) {
    const alike = [...kindOf.keys()].filter((name) => kindOf.get(name) === kind && !fixed.has(name));
    const others = random.shuffle(alike);
    alike.forEach((name, i) => map.set(name, others[i]));
  }
  return (name) => map.get(name) ?? name;
}

function inventedNames(names: Vocabulary, random: RandomSource): (name: string) => string {
  const map = new Map<string, string>();
  const taken = new Set<string>(names.fixed);
  const invent = (name: string): string => {
    const words = name
      .split(" ")
      .slice(1)
      .map(() => random.pick(names.firstWords));
    return [...words, names.kindOf.get(name) || random.pick(names.lastWords)].join(" ");
  };
  return (name) => {
    if (names.fixed.has(name)) return name;
    let other = map.get(name);
    if (other !== undefined) return other;
    do other = invent(name);
    while (taken.has(other));
    taken.add(other);
    map.set(name, other);
    return other;
  };
}
