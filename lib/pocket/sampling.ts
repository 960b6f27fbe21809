/** Draws the next token from the model's two distributions. */
import type { RandomSource } from "../types";

/** p(token) = (1 − share) · vocabulary[token] + share · Σ copied[m] over the places m where `known[m + 1]` is the token. */
export interface NextToken {
  readonly vocabulary: Float32Array;
  /** One entry for each token of the sequence but the first. */
  readonly copied: Float32Array;
  readonly known: readonly number[];
  readonly share: number;
}

/** Probability at temperature 1. */
export function probability({ vocabulary, copied, known, share }: NextToken, token: number): number {
  let sum = 0;
  for (let m = 0; m < copied.length; m++) if (known[m + 1] === token) sum += copied[m];
  return (1 - share) * vocabulary[token] + share * sum;
}

/**
 * A token drawn at a temperature; 0 takes the most probable one. At temperature 1 it first draws which of the two
 * distributions writes, then the token, so the mixture is never added up.
 */
export function drawToken(next: NextToken, temperature: number, random: RandomSource): number {
  const { vocabulary, copied, known, share } = next;
  if (temperature === 1) {
    const copies = random.next() < share && copied.length > 0;
    return copies ? known[drawIndex(copied, random) + 1] : drawIndex(vocabulary, random);
  }
  const mixture = vocabulary.map((p) => (1 - share) * p);
  copied.forEach((p, m) => (mixture[known[m + 1]] += share * p));
  if (temperature === 0) return mixture.reduce((best, p, i) => (p > mixture[best] ? i : best), 0);
  const weights = mixture.map((p) => Math.pow(p, 1 / temperature));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return drawIndex(weights, random, total);
}

function drawIndex(weights: Float32Array, random: RandomSource, total = 1): number {
  let rest = random.next() * total;
  let i = 0;
  while (i < weights.length - 1 && (rest -= weights[i]) >= 0) i++;
  return i;
}
