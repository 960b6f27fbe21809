/** Which words of a product's name are nouns: the product type is judged by them. */

/** From a product's name to its nouns in lower case, in order, with repetitions. */
export type NounTagger = (name: string) => readonly string[];

const TOKEN = /[A-Za-z0-9]+(?:['’-][A-Za-z0-9]+)*/g;

const FUNCTION_WORDS = new Set(
  (
    "a an the this that these those my your his her its our their some any each every all both no not " +
    "and or but nor so yet if as than because while when where " +
    "of in on at by for from to with without into onto over under up down out off about above below between through " +
    "during before after against per via within " +
    "i you he she it we they him them who which what whose set " +
    "is are was were be been being am do does did has have had can could will would shall should may might must " +
    "very more most less least much few only just also too even ever never now then here there again"
  ).split(" "),
);

/**
 * A stand-in for the original's part-of-speech model: every word with a letter that is no function word. Buying the
 * wanted product itself, or one of the same kind, is judged alike by both.
 */
export const openClassWords: NounTagger = (name) =>
  (name.match(TOKEN) ?? [])
    .map((token) => token.toLowerCase())
    .filter((t) => /[a-z]/.test(t) && !FUNCTION_WORDS.has(t));
