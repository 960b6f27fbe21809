/**
 * The Porter stemmer: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, with the two
 * departures of Porter's own later versions that Lucene also has (`bli` for `abli`, and `logi`).
 */

type Rules = readonly (readonly [suffix: string, replacement: string])[];

const STEP_2: Rules = [
  ["ational", "ate"],
  ["tional", "tion"],
  ["enci", "ence"],
  ["anci", "ance"],
  ["izer", "ize"],
  ["bli", "ble"],
  ["alli", "al"],
  ["entli", "ent"],
  ["eli", "e"],
  ["ousli", "ous"],
  ["ization", "ize"],
  ["ation", "ate"],
  ["ator", "ate"],
  ["alism", "al"],
  ["iveness", "ive"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["aliti", "al"],
  ["iviti", "ive"],
  ["biliti", "ble"],
  ["logi", "log"],
];

const STEP_3: Rules = [
  ["icate", "ic"],
  ["ative", ""],
  ["alize", "al"],
  ["iciti", "ic"],
  ["ical", "ic"],
  ["ful", ""],
  ["ness", ""],
];

const STEP_4: Rules = [
  "al ance ence er ic able ible ant ement ment ent sion tion ou ism ate iti ous ive ize".split(" "),
].flatMap((suffixes) => suffixes.map((suffix) => [suffix, /^[st]ion$/.test(suffix) ? suffix[0] : ""] as const));

/** The stem of a lower-case word; words of one or two letters are left alone. */
export function stem(word: string): string {
  if (word.length <= 2) return word;
  let w = plural(word);
  w = pastOrParticiple(w);
  if (w.endsWith("y") && hasVowel(w, w.length - 1)) w = w.slice(0, -1) + "i";
  w = replaceSuffix(w, STEP_2, 0);
  w = replaceSuffix(w, STEP_3, 0);
  w = replaceSuffix(w, STEP_4, 1);
  return tidyEnd(w);
}

function plural(w: string): string {
  if (!w.endsWith("s")) return w;
  if (w.endsWith("sses") || w.endsWith("ies")) return w.slice(0, -2);
  return w.endsWith("ss") ? w : w.slice(0, -1);
}

function pastOrParticiple(w: string): string {
  if (w.endsWith("eed")) return measure(w, w.length - 3) > 0 ? w.slice(0, -1) : w;
  const cut = w.endsWith("ed") ? 2 : w.endsWith("ing") ? 3 : 0;
  if (cut === 0 || !hasVowel(w, w.length - cut)) return w;
  const base = w.slice(0, -cut);
  if (base.endsWith("at") || base.endsWith("bl") || base.endsWith("iz")) return base + "e";
  if (endsInDoubleConsonant(base)) return /[lsz]$/.test(base) ? base : base.slice(0, -1);
  return measure(base, base.length) === 1 && endsInShortSyllable(base, base.length) ? base + "e" : base;
}

/** Replaces the first suffix of `rules` that the word has, if the measure before it exceeds `above`. */
function replaceSuffix(w: string, rules: Rules, above: number): string {
  for (const [suffix, replacement] of rules)
    if (w.endsWith(suffix)) {
      const kept = w.length - suffix.length;
      // The s or t before "ion" counts for the measure, for it stays.
      const counted = suffix === "sion" || suffix === "tion" ? kept + 1 : kept;
      return measure(w, counted) > above ? w.slice(0, kept) + replacement : w;
    }
  return w;
}

function tidyEnd(w: string): string {
  let end = w.length;
  if (w.endsWith("e")) {
    const m = measure(w, end - 1);
    if (m > 1 || (m === 1 && !endsInShortSyllable(w, end - 1))) end--;
  }
  const stemmed = w.slice(0, end);
  return stemmed.endsWith("ll") && measure(stemmed, end) > 1 ? stemmed.slice(0, -1) : stemmed;
}

/** `y` is a consonant at the beginning and after a vowel. */
function isConsonant(w: string, i: number): boolean {
  switch (w.charCodeAt(i)) {
    case 97: // a
    case 101: // e
    case 105: // i
    case 111: // o
    case 117: // u
      return false;
    case 121: // y
      return i === 0 || !isConsonant(w, i - 1);
    default:
      return true;
  }
}

/** Porter's m: the number of vowel-consonant sequences in the first `end` letters. */
function measure(w: string, end: number): number {
  let m = 0;
  let afterVowel = false;
  for (let i = 0; i < end; i++) {
    const consonant = isConsonant(w, i);
    if (consonant && afterVowel) m++;
    afterVowel = !consonant;
  }
  return m;
}

function hasVowel(w: string, end: number): boolean {
  for (let i = 0; i < end; i++) if (!isConsonant(w, i)) return true;
  return false;
}

function endsInDoubleConsonant(w: string): boolean {
  const last = w.length - 1;
  return last >= 1 && w[last] === w[last - 1] && isConsonant(w, last);
}

/** Consonant, vowel, consonant other than w, x, y at the end of the first `end` letters. */
function endsInShortSyllable(w: string, end: number): boolean {
  if (end < 3) return false;
  const i = end - 1;
  return isConsonant(w, i) && !isConsonant(w, i - 1) && isConsonant(w, i - 2) && !/[wxy]/.test(w[i]);
}
