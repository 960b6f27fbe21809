/** Uniform integers by the million for resampling, a function of a key like all randomness here. */
import { generator } from "../random";

/** Fills `target` with uniform integers in [0, n). */
export type Draw = (target: Int32Array, n: number) => void;

/** A stream of draws for a key (sfc32 as in `random.ts`, kept in local variables for speed). */
export function draws(key: string): Draw {
  const seed = generator(key);
  let a = seed.integer(2 ** 32) | 0;
  let b = seed.integer(2 ** 32) | 0;
  let c = seed.integer(2 ** 32) | 0;
  let counter = 1;
  return (target, n) => {
    const scale = n / 2 ** 32;
    let [x, y, z, w] = [a, b, c, counter];
    for (let i = 0; i < target.length; i++) {
      const t = (((x + y) | 0) + w) | 0;
      w = (w + 1) | 0;
      x = y ^ (y >>> 9);
      y = (z + (z << 3)) | 0;
      z = (z << 21) | (z >>> 11);
      z = (z + t) | 0;
      target[i] = (t >>> 0) * scale;
    }
    [a, b, c, counter] = [x, y, z, w];
  };
}
