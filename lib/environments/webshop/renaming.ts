/**
 * Other names for the things of the embedded shop, so that one who learns from demonstrations reads names instead of
 * remembering them.
 */
import type { RandomSource } from "../../types";
import { KINDS, OPTION_VALUES, QUALITIES } from "./vocabulary";

/** Names that may stand for each other. Lengths, weights and sizes keep their values: their order means something. */
const GROUPS: readonly (readonly string[])[] = [
  KINDS.map(({ query }) => query),
  Object.values(QUALITIES).flatMap(({ is }) => [...is]),
  Object.values(QUALITIES).flatMap(({ has }) => [...has]),
  OPTION_VALUES.color,
  OPTION_VALUES.flavor,
  OPTION_VALUES.scent,
  OPTION_VALUES.finish,
];

const NAMES = new RegExp(`(?<![\\w-])(?:${GROUPS.flat().join("|")})(?![\\w-])`, "g");

/** A permutation of the names inside each group, as a function on text. */
export function drawRenaming(random: RandomSource): (text: string) => string {
  const renamed = new Map<string, string>();
  for (const names of GROUPS) {
    const others = random.shuffle(names);
    names.forEach((name, i) => renamed.set(name, others[i]));
  }
  return (text) => text.replace(NAMES, (name) => renamed.get(name)!);
}
