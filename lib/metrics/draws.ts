/** Uniform integers by the million for resampling, a function of a key like all randomness here. */
import { generator } from "../random";

/** Fills `target` with uniform integers in [0, n). */
export type Draw = (target: Int32Array, n: number) => void;

/**
 * A stream of draws for a key: sfc32 as in `random.ts`, its state in local variables for speed. One 32-bit number gives
 * as many draws as use up at most 16 of its bits.
 */
export function draws(key: string): Draw {
  const seed = generator(key);
  let a = seed.integer(2 ** 32) | 0;
  let b = seed.integer(2 ** 32) | 0;
  let c = seed.integer(2 ** 32) | 0;
  let counter = 1;
  return (target, n) => {
    const perNumber = Math.max(1, Math.floor(16 / Math.max(1, Math.log2(n))));
    let [x, y, z, w] = [a, b, c, counter];
    for (let i = 0; i < target.length;) {
      const t = (((x + y) | 0) + w) | 0;
      w = (w + 1) | 0;
      x = y ^ (y >>> 9);
      y = (z + (z << 3)) | 0;
      z = (z << 21) | (z >>> 11);
      z = (z + t) | 0;
      let u = (t >>> 0) / 2 ** 32;
      const end = Math.min(target.length, i + perNumber);
      while (i < end) {
        u *= n;
        const drawn = u | 0;
        target[i++] = drawn;
        u -= drawn;
      }
    }
    [a, b, c, counter] = [x, y, z, w];
  };
}

/** For each of n items how often it is in each replicate: n arrays as long as there are replicates. */
type Counts = readonly Uint16Array[];

const kept = new Map<string, Counts>();
let keptNumbers = 0;
/** Of two bytes each. */
const MOST_KEPT = 2 ** 26;

/**
 * How often each of `n` items (at most 65535) is in each of `replicates` samples of n items with replacement. What was
 * counted lately is kept: all cells of a table are drawn from the same counts.
 */
export function drawCounts(key: string, n: number, replicates: number): Counts {
  const name = `${n} ${replicates} ${key}`;
  const known = kept.get(name);
  if (known) return known;
  const draw = draws(key);
  const picks = new Int32Array(n);
  const counts = Array.from({ length: n }, () => new Uint16Array(replicates));
  for (let r = 0; r < replicates; r++) {
    draw(picks, n);
    for (let i = 0; i < n; i++) counts[picks[i]][r]++;
  }
  keptNumbers += n * replicates;
  if (keptNumbers > MOST_KEPT) {
    kept.clear();
    keptNumbers = n * replicates;
  }
  kept.set(name, counts);
  return counts;
}
