/**
 * From a text to index terms as Lucene's English analyzer with the Porter stemmer makes them (the default of
 * Anserini and Pyserini): words, possessive 's removed, lower case, 33 stop words dropped, stemmed.
 */
import { stem } from "./porter";
import { eachToken } from "./tokenizer";

const STOP_WORDS = new Set(
  (
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they " +
    "this to was will with"
  ).split(" "),
);

/** How many words to remember the term of; more than the words of any natural vocabulary are not worth the memory. */
const REMEMBERED_WORDS = 200_000;
const termOfWord = new Map<string, string>();

/** The terms of `text` in order, with repetitions. */
export function analyze(text: string): string[] {
  const terms: string[] = [];
  eachTerm(text, (term) => terms.push(term));
  return terms;
}

/** Calls `visit` with every term of `text` in order. */
export function eachTerm(text: string, visit: (term: string) => void): void {
  eachToken(text, (token) => {
    let term = termOfWord.get(token);
    if (term === undefined) {
      if (termOfWord.size >= REMEMBERED_WORDS) termOfWord.clear();
      term = detached(toTerm(token));
      termOfWord.set(detached(token), term);
    }
    if (term !== "") visit(term);
  });
}

/** The index term of one word; empty for a stop word. */
function toTerm(token: string): string {
  const word = lowerCase(token.replace(/['\u2019\uFF07][sS]$/, ""));
  return STOP_WORDS.has(word) ? "" : stem(word);
}

/** Letter by letter, as Java does it: no final sigma, and one letter for the Turkish dotted capital I. */
function lowerCase(word: string): string {
  return word
    .replace(/\u0130/g, "i")
    .replace(/\u03A3/g, "\u03C3")
    .toLowerCase();
}

/** A copy that does not keep the whole text it was cut from in memory, as V8's slices do. */
function detached(word: string): string {
  return word.length < 13 ? word : Buffer.from(word, "utf16le").toString("utf16le");
}
