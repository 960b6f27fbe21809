import { describe, expect, it } from "vitest";
import { agreement, agreementTable, diagnose, kappa, labelledTrajectories, verdictOf } from "../../lib/failures";
import type { Estimate } from "../../lib/types";

/** A contingency table as two lists of categories. */
function raters(cells: readonly (readonly number[])[]): [string[], string[]] {
  const pairs = cells.flatMap((row, i) => row.flatMap((n, j) => Array.from({ length: n }, () => [`${i}`, `${j}`])));
  return [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
}

describe("Cohen's kappa", () => {
  it("is that of worked examples", () => {
    const [a, b] = raters([
      [20, 5],
      [10, 15],
    ]);
    expect((kappa(a, b) as Estimate).value).toBeCloseTo(0.4, 12);
    const [c, d] = raters([
      [45, 15],
      [25, 15],
    ]);
    expect((kappa(c, d) as Estimate).value).toBeCloseTo(0.1304, 4);
  });

  it("has an interval near the analytic one (Fleiss, Cohen and Everitt 1969)", () => {
    const [a, b] = raters([
      [53, 5, 2],
      [11, 14, 5],
      [1, 6, 3],
    ]);
    const found = kappa(a, b) as Estimate;
    expect(found.value).toBeCloseTo(0.4286, 4);
    // Asymptotic standard error for this table from the formula: about 0.076.
    expect(found.low).toBeCloseTo(0.4286 - 1.96 * 0.076, 1);
    expect(found.high).toBeCloseTo(0.4286 + 1.96 * 0.076, 1);
  });

  it("of raters who always agree keeps a lower end below 1, and is n/a where there is one category", () => {
    const found = kappa(["x", "y", "x", "y"], ["x", "y", "x", "y"]) as Estimate;
    expect(found).toMatchObject({ value: 1, high: 1, n: 4 });
    expect(found.low).toBeLessThan(0.5);
    expect(kappa(["x", "x"], ["x", "x"])).toEqual({ na: 'both raters say "x" of all 2 items' });
    expect(() => kappa(["x"], [])).toThrow("the same items from both raters, got 1 and 0");
  });

  it("is wider where items of one episode are drawn together", () => {
    const [a, b] = raters([
      [20, 5],
      [10, 15],
    ]);
    const width = (perEpisode: number) => {
      const { low, high, n } = kappa(a, b, { perEpisode }) as Estimate;
      expect(n).toBe(50 / perEpisode);
      return high - low;
    };
    expect(width(5)).toBeGreaterThan(width(1));
  });
});

describe("the rules beside the labels by meaning on the held-out part", () => {
  const held = labelledTrajectories("held-out");
  const rules = held.map(({ trajectory }) => verdictOf(diagnose(trajectory)));
  const rows = agreement(held, rules);
  const kappaOf = (label: string) => rows.find((row) => row.label === label)!.kappa as Estimate;

  it("agree as the data's README says", () => {
    const reported = Object.fromEntries(
      rows.map(({ label, kappa: k }) => [label, "na" in k ? k.na : k.value.toFixed(2)]),
    );
    expect(reported).toMatchInlineSnapshot(`
      {
        "all modes pooled": "0.91",
        "confirmation bias": "0.84",
        "faulty logic": "0.53",
        "format": "1.00",
        "guessing": "0.89",
        "invalid action": "0.94",
        "loop": "0.92",
        "out of turns": "1.00",
        "premature end": "0.89",
        "primary label": "0.86",
        "state inconsistency": "1.00",
      }
    `);
    expect(kappaOf("primary label").n).toBe(40);
  });

  it("as a table have counts and intervals", () => {
    const text = agreementTable(rows).toText();
    expect(text).toContain("Cohen's kappa");
    expect(text).toContain("n = 40");
  });
});
