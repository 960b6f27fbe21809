/**
 * Keyed randomness: every random number of a run is a function of a key such as
 * `fold("seed 1", "rollout", step, task, attempt)`, never of what was drawn before. A resumed run therefore
 * draws what an uninterrupted one draws, and runs do not disturb each other.
 */
import type { RandomSource } from "./types";

/** A child key; parts are joined by a separator that no part may contain. */
export function fold(key: string, ...parts: readonly (string | number)[]): string {
  return [key, ...parts.map(String)].join("\u001f");
}

/** A generator (sfc32, seeded by four rounds of a 32-bit string hash) for a key. Same key, same stream. */
export function generator(key: string): RandomSource {
  let a = hash32(key, 0x9e3779b9);
  let b = hash32(key, 0x243f6a88);
  let c = hash32(key, 0xb7e15162);
  let counter = 1;
  function bits(): number {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  }
  for (let round = 0; round < 12; round++) bits();
  let spare: number | undefined;
  const source: RandomSource = {
    next: () => bits() / 4294967296,
    integer(n) {
      if (!Number.isInteger(n) || n < 1) throw new RangeError(`integer(n) needs n >= 1, got ${n}`);
      return Math.floor(source.next() * n);
    },
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - source.next()));
      const angle = 2 * Math.PI * source.next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    pick(items) {
      if (items.length === 0) throw new RangeError("pick needs at least one item");
      return items[source.integer(items.length)];
    },
    shuffle(items) {
      const copy = items.slice();
      for (let i = copy.length - 1; i > 0; i--) {
        const j = source.integer(i + 1);
        [copy[i], copy[j]] = [copy[j], copy[i]];
      }
      return copy;
    },
  };
  return source;
}

/** MurmurHash3 (x86, 32 bit) over the UTF-16 code units of `text`. */
export function hash32(text: string, seed = 0): number {
  let h = seed | 0;
  for (let i = 0; i < text.length; i++) {
    let k = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= Math.imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  h ^= text.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
