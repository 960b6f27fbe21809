/**
 * numpy's `Generator(PCG64(SeedSequence(seed)))`, as far as Minigrid draws from it, bit for bit: the same seed
 * gives the same maze as the original. Sources: O'Neill's PCG64 (XSL-RR 128/64) and SeedSequence as numpy
 * documents and ships them, Lemire's bounded integers (https://arxiv.org/abs/1805.10941).
 */
import type { Color } from "./world";

const WORD = 4294967296;
/** Minigrid sorts the names before it draws one. */
const SORTED_COLORS: readonly Color[] = ["blue", "green", "grey", "purple", "red", "yellow"];
/** PCG64's multiplier 0x2360ED051FC65DA44385DF649FCCF645 in 16-bit limbs, lowest first. */
const MULTIPLIER = [0xf645, 0x9fcc, 0xdf64, 0x4385, 0x5da4, 0x1fc6, 0xed05, 0x2360];

/** SeedSequence(seed).generate_state(8, uint32) for a seed in [0, 2^53). */
function seedWords(seed: number): Uint32Array {
  const entropy = seed < WORD ? [seed] : [seed % WORD, Math.floor(seed / WORD)];
  const pool = new Uint32Array(4);
  let constant = 0x43b0d7e5;
  const hash = (value: number, multiplier: number): number => {
    value ^= constant;
    constant = Math.imul(constant, multiplier);
    value = Math.imul(value, constant);
    return value ^ (value >>> 16);
  };
  const mix = (x: number, y: number): number => {
    const mixed = (Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)) | 0;
    return mixed ^ (mixed >>> 16);
  };
  for (let i = 0; i < 4; i++) pool[i] = hash(entropy[i] ?? 0, 0x931e8875);
  for (let source = 0; source < 4; source++)
    for (let target = 0; target < 4; target++)
      if (source !== target) pool[target] = mix(pool[target], hash(pool[source], 0x931e8875));
  constant = 0x8b51f9dd;
  return Uint32Array.from({ length: 8 }, (_, i) => hash(pool[i % 4], 0x58f38ded));
}

/** Limbs of two 64-bit numbers, the high one given first, as PCG64 reads its state and its sequence. */
function limbs(words: Uint32Array, high: number, low: number): number[] {
  return [words[2 * low], words[2 * low + 1], words[2 * high], words[2 * high + 1]].flatMap((w) => [
    w & 0xffff,
    w >>> 16,
  ]);
}

export class NumpyRandom {
  private readonly state: number[];
  private readonly increment: number[];
  private high = 0;
  private low = 0;
  /** The unused upper half of a 64-bit draw; numpy keeps it across 64-bit draws. */
  private half = -1;

  /** @param seed an integer in [0, 2^53); a RangeError otherwise, as no such task exists. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`seed must be an integer >= 0, got ${seed}`);
    const words = seedWords(seed);
    const sequence = limbs(words, 2, 3);
    this.increment = sequence.map((limb, i) => ((limb << 1) & 0xffff) | (i === 0 ? 1 : sequence[i - 1] >>> 15));
    this.state = new Array<number>(8).fill(0);
    this.advance();
    let carry = 0;
    limbs(words, 0, 1).forEach((limb, i) => {
      const sum = this.state[i] + limb + carry;
      this.state[i] = sum & 0xffff;
      carry = sum >>> 16;
    });
    this.advance();
  }

  /** state = state * multiplier + increment mod 2^128; sums of nine products of 16-bit limbs stay exact. */
  private advance(): void {
    const { state, increment } = this;
    const next = new Array<number>(8);
    let carry = 0;
    for (let k = 0; k < 8; k++) {
      let sum = carry + increment[k];
      for (let i = 0; i <= k; i++) sum += state[i] * MULTIPLIER[k - i];
      carry = Math.floor(sum / 65536);
      next[k] = sum - carry * 65536;
    }
    for (let k = 0; k < 8; k++) state[k] = next[k];
  }

  /** One 64-bit draw into `high` and `low`. */
  private draw64(): void {
    this.advance();
    const s = this.state;
    let high = ((s[7] ^ s[3]) << 16) | (s[6] ^ s[2]);
    let low = ((s[5] ^ s[1]) << 16) | (s[4] ^ s[0]);
    const rotation = s[7] >>> 10;
    if (rotation & 32) [high, low] = [low, high];
    const r = rotation & 31;
    this.high = (r ? (high >>> r) | (low << (32 - r)) : high) >>> 0;
    this.low = (r ? (low >>> r) | (high << (32 - r)) : low) >>> 0;
  }

  private draw32(): number {
    if (this.half >= 0) {
      const kept = this.half;
      this.half = -1;
      return kept;
    }
    this.draw64();
    this.half = this.high;
    return this.low;
  }

  /** `integers(low, high)`: uniform in [low, high) for spans up to 2^20; a span of one draws nothing. */
  integer(low: number, high: number): number {
    const span = high - low;
    if (span === 1) return low;
    let product = this.draw32() * span;
    let fraction = product % WORD;
    if (fraction < span) {
      const threshold = (WORD - span) % span;
      while (fraction < threshold) {
        product = this.draw32() * span;
        fraction = product % WORD;
      }
    }
    return low + Math.floor(product / WORD);
  }

  /** `uniform(0, 1)`, 53 bits. */
  uniform(): number {
    this.draw64();
    return (this.high * 2097152 + (this.low >>> 11)) / 9007199254740992;
  }

  boolean(): boolean {
    return this.integer(0, 2) === 0;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length)];
  }

  color(): Color {
    return this.pick(SORTED_COLORS);
  }

  /** `n` different items in drawn order. */
  subset<T>(items: readonly T[], n: number): T[] {
    const rest = items.slice();
    return Array.from({ length: n }, () => rest.splice(this.integer(0, rest.length), 1)[0]);
  }
}
