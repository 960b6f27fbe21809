/** Names in demonstrations, and other words in their place, so that a policy must read them. */
import type { DemonstrationTurn, RandomSource } from "../types";

/** A word that may be a name. */
export const WORD = /\p{L}{3,}/gu;

/** Where a reply's action begins: thoughts of ReAct stand on the lines before it, those of SearchQA in the first tag. */
export function actionStart(reply: string): number {
  return Math.max(reply.lastIndexOf("\n"), reply.indexOf("</think>")) + 1;
}

/**
 * Words in actions that were shown before and belong to no fixed phrase; if some of them are capitalised, only these
 * (the others are then relations and adjectives, whose meaning matters).
 */
export function namesIn(turns: readonly DemonstrationTurn[], phrases: readonly string[]): string[] {
  const words = (text: string) => text.match(WORD) ?? [];
  const fixed = new Set(phrases.flatMap(words));
  const seen = new Set<string>();
  const names = new Set<string>();
  for (const { shown, reply } of turns) {
    words(shown).forEach((word) => seen.add(word));
    const used = words(reply.slice(actionStart(reply)));
    used.filter((word) => seen.has(word) && !fixed.has(word)).forEach((word) => names.add(word));
  }
  const proper = [...names].filter((name) => /^\p{Lu}/u.test(name));
  return proper.length > 0 ? proper : [...names];
}

/** All text with other words for `names`; a capital stays a capital. */
export function withNames(
  turns: readonly DemonstrationTurn[],
  names: ReadonlyMap<string, string>,
): DemonstrationTurn[] {
  const replace = (text: string) => text.replace(/\p{L}+/gu, (word) => names.get(word) ?? word);
  return turns.map(({ shown, reply }) => ({ shown: replace(shown), reply: replace(reply) }));
}

const CONSONANTS = [..."bcdfghjklmnpqrstvwxz"];
const VOWELS = [..."aeiouy"];

/** A different invented word of three to nine letters for each name. */
export function inventNames(names: readonly string[], random: RandomSource): Map<string, string> {
  const taken = new Set(names);
  return new Map(names.map((name) => [name, inventName(name, taken, random)]));
}

function inventName(name: string, taken: Set<string>, random: RandomSource): string {
  for (;;) {
    const letter = () => random.pick(random.next() < 0.5 ? CONSONANTS : VOWELS);
    const word = Array.from({ length: 3 + random.integer(7) }, letter).join("");
    const invented = /^\p{Lu}/u.test(name) ? word[0].toUpperCase() + word.slice(1) : word;
    if (taken.has(invented)) continue;
    taken.add(invented);
    return invented;
  }
}
