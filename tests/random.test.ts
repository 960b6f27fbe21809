import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { fold, generator, hash32 } from "../lib/random";

describe("keyed randomness", () => {
  it("gives the same stream for the same key and another for another", () => {
    const draw = (key: string) => Array.from({ length: 8 }, generator(key).next);
    fc.assert(
      fc.property(fc.string(), (key) => {
        expect(draw(key)).toEqual(draw(key));
      }),
    );
    expect(draw(fold("run", 1, 23))).not.toEqual(draw(fold("run", 12, 3)));
  });

  it("stays the same over versions: recorded runs depend on it", () => {
    expect(hash32("heldout", 7)).toMatchInlineSnapshot(`2401764353`);
    const random = generator("heldout");
    expect([random.next(), random.integer(1000), random.normal()]).toMatchInlineSnapshot(`
      [
        0.059131403686478734,
        7,
        0.5100008827920357,
      ]
    `);
  });

  it("is uniform: 64 cells, 200 draws each, chi-squared below its 99.9 % point", () => {
    for (const key of ["a", "b", fold("train", 1, 2, 3)]) {
      const random = generator(key);
      const cells = new Array<number>(64).fill(0);
      for (let i = 0; i < 64 * 200; i++) cells[random.integer(64)]++;
      expect(cells.reduce((sum, n) => sum + (n - 200) ** 2 / 200, 0)).toBeLessThan(103.5);
    }
  });

  it("shuffles without losing anything", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.string(), (items, key) => {
        const copy = generator(key).shuffle(items);
        expect([...copy].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b));
      }),
    );
  });
});
