/**
 * Fuzzy equality of two phrases, 0 to 100, as the original takes it from the package thefuzz (0.19, with
 * python-Levenshtein): the two are compared as sets of words, each difference beside the common words.
 */

/**
 * The best ratio among: common words against each phrase (common words first, words in order), and the two phrases
 * against each other. 0 if either has no words.
 */
export function tokenSetRatio(a: string, b: string): number {
  const left = words(a);
  const right = words(b);
  if (left.size === 0 || right.size === 0) return 0;
  const common = [...left].filter((word) => right.has(word)).sort();
  const shared = common.join(" ");
  const first = [...common, ...[...left].filter((word) => !right.has(word)).sort()].join(" ");
  const second = [...common, ...[...right].filter((word) => !left.has(word)).sort()].join(" ");
  return Math.max(ratio(shared, first), ratio(shared, second), ratio(first, second));
}

/**
 * 100 times the share of characters that need no insertion or deletion, 2 · LCS / (lengths), rounded half to even.
 * Equal texts have 100, an empty one has 0 with any other.
 */
export function ratio(a: string, b: string): number {
  if (a === b) return 100;
  const [left, right] = [Array.from(a), Array.from(b)];
  if (left.length === 0 || right.length === 0) return 0;
  return roundHalfEven(100 * ((2 * longestCommonSubsequence(left, right)) / (left.length + right.length)));
}

/** The words that count: Latin-1 signs and letters beyond ASCII vanish, other signs separate, case is ignored. */
function words(text: string): ReadonlySet<string> {
  const plain = text
    .replace(/[\u0080-\u00ff]/g, "")
    .replace(/[^\p{L}\p{N}_]/gu, " ")
    .toLowerCase();
  return new Set(plain.split(" ").filter(Boolean));
}

function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  const row = new Uint32Array(b.length + 1);
  for (const char of a) {
    let diagonal = 0;
    for (let j = 0; j < b.length; j++) {
      const above = row[j + 1];
      row[j + 1] = char === b[j] ? diagonal + 1 : Math.max(above, row[j]);
      diagonal = above;
    }
  }
  return row[b.length];
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
