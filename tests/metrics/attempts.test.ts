import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attempts,
  avgAt,
  passAt,
  passAtOf,
  passHat,
  passHatOf,
  tokensPerEpisode,
  turnsPerEpisode,
} from "../../lib/metrics/attempts";
import { tQuantile } from "../../lib/metrics/distributions";
import { clusteredStandardError } from "../../lib/metrics/intervals";
import { record, trajectory } from "./support";

const results = fc
  .integer({ min: 2, max: 6 })
  .chain((k) =>
    fc.array(fc.array(fc.constantFrom(0, 1), { minLength: k, maxLength: k }), { minLength: 2, maxLength: 12 }),
  );

describe("pass@k and pass^k", () => {
  it.each([
    [8, 3, 1, 0.375],
    [8, 3, 2, 0.642857],
    [8, 3, 4, 0.928571],
    [8, 3, 8, 1],
    [8, 0, 4, 0],
    [8, 7, 2, 1],
    [10, 1, 5, 0.5],
  ])("pass@k of n=%d, c=%d, k=%d is %d", (n, c, k, value) => expect(passAtOf(n, c, k)).toBeCloseTo(value, 6));

  it("pass^k of n=8, c=3, k=2 is .107142857", () => expect(passHatOf(8, 3, 2)).toBeCloseTo(0.107142857, 9));

  it("both equal the share of attempts for k = 1 and bound it for greater k", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(12), fc.integer({ min: 1, max: 12 }), (n, c, k) => {
        fc.pre(c <= n && k <= n);
        expect(passAtOf(n, c, 1)).toBeCloseTo(c / n, 12);
        expect(passHatOf(n, c, 1)).toBeCloseTo(c / n, 12);
        expect(passHatOf(n, c, k)).toBeLessThanOrEqual(c / n + 1e-12);
        expect(passAtOf(n, c, k)).toBeGreaterThanOrEqual(c / n - 1e-12);
      }),
    );
  });

  it("average over all choices of k attempts", () => {
    const row = [1, 0, 0, 1, 0];
    let [any, all, pairs] = [0, 0, 0];
    for (let i = 0; i < 5; i++)
      for (let j = 0; j < i; j++, pairs++) {
        any += Math.max(row[i], row[j]);
        all += Math.min(row[i], row[j]);
      }
    expect(passAt(2)([row]).value).toBeCloseTo(any / pairs, 12);
    expect(passHat(2)([row]).value).toBeCloseTo(all / pairs, 12);
  });

  it("leave out tasks with too few attempts and say so", () => {
    const estimate = passAt(2)([[1, 0], [0, 0], [1]]);
    expect(estimate).toMatchObject({ value: 0.5, n: 2, k: 2 });
    expect(estimate.method).toContain("1 task with fewer than 2 attempts left out");
    expect(() => passAt(3)([[1, 0]])).toThrow(/a task with 3 attempts; the most among 1 task is 2/);
    expect(() => passAtOf(2, 1, 3)).toThrow(/at least 3 attempts, got 2/);
  });

  it("count a partial reward only if asked to, and label it", () => {
    const partial = [0, 1].map((i) => trajectory("w", i, "failure", { reward: 0.4 }));
    expect(passAt(2)(partial).value).toBe(0);
    const estimate = passAt(2, { score: "reward > 0" })(partial);
    expect(estimate.value).toBe(1);
    expect(estimate.method).toContain("score: reward > 0");
    expect(passAt(2, { score: "reward >= 1" })(partial).value).toBe(0);
    expect(() => passAt(2, { score: "reward" })).toThrow(/accepted: success, reward > 0, reward >= 1/);
  });
});

describe("avg@k", () => {
  it("is the mean over tasks of the mean over attempts, clustered by task", () => {
    const estimate = avgAt(2)(
      record([
        [1, 1],
        [0, 1],
        [0, 0],
        [1, 0],
      ]),
    );
    expect(estimate).toMatchObject({ value: 0.5, n: 4, k: 2, method: "95 % t, clustered by task" });
    const half =
      3.182446 *
      clusteredStandardError([
        [1, 1],
        [0, 1],
        [0, 0],
        [1, 0],
      ]);
    expect(estimate.low).toBeCloseTo(Math.max(0, 0.5 - half), 5);
  });

  it("has the clustered standard error of Miller 2024 for even attempts", () => {
    fc.assert(
      fc.property(results, (rows) => {
        const { value, high, method } = avgAt(rows[0].length)(rows);
        fc.pre(method === "95 % t, clustered by task");
        const half = tQuantile(0.975, rows.length - 1) * clusteredStandardError(rows);
        expect(high).toBeCloseTo(Math.min(1, value + half), 10);
      }),
    );
  });

  it("never scores an infrastructure error 0 and counts it apart", () => {
    const rows = record([
      [1, -1],
      [0, 1],
      [-1, -1],
      [0, 0],
    ]);
    const estimate = avgAt(2)(rows);
    expect(estimate).toMatchObject({ value: 0.5, n: 3 });
    expect(estimate.method).toContain("3 errors left out");
    expect(estimate.method).toContain("1 task with fewer than 2 attempts");
    expect(() => avgAt(1)(record([[-1], [-1]]))).toThrow(/avg@1 needs a task with 1 attempt.*2 errors left out/);
  });

  it("counts the first k attempts by number, whatever the order of the record", () => {
    const rows = record([
      [1, 0, 0],
      [1, 1, 0],
      [0, 1, 1],
    ]);
    expect(avgAt(2)(rows.slice().reverse())).toEqual(avgAt(2)(rows));
    expect(avgAt(1)(rows).value).toBeCloseTo(2 / 3, 12);
  });

  it("refuses to stand for k attempts that nobody made", () => {
    expect(() => avgAt(8)(record([[1, 0]]))).toThrow(/a task with 8 attempts; the most among 1 task is 2/);
    expect(() => avgAt(0)).toThrow(/k of avg@k must be an integer of at least 1, got 0/);
  });

  it("refuses the mixed records of two policies", () => {
    const mixed = [trajectory("a", 0, "success"), trajectory("a", 0, "failure", { policy: "q" })];
    expect(() => avgAt(1)(mixed)).toThrow(/attempt 0 is there twice \(policies p and q\)/);
    expect(avgAt(1)([trajectory("a", 0, "error"), trajectory("a", 0, "success")]).value).toBe(1);
  });

  it("uses Wilson where every task is all or nothing, so that 0 of 20 still has an interval", () => {
    const none = avgAt(8)(Array.from({ length: 20 }, () => Array<number>(8).fill(0)));
    expect(none.low).toBe(0);
    expect(none.high).toBeCloseTo(0.161125, 6);
    expect(none.method).toBe("95 % Wilson over tasks");
  });

  it("takes the raw reward on request and names it", () => {
    const graded = [0.2, 0.4].map((reward, i) => trajectory(`w${i}`, 0, "failure", { reward }));
    const estimate = avgAt(1, { score: "reward" })(graded);
    expect(estimate.value).toBeCloseTo(0.3, 12);
    expect(estimate.method).toContain("score: reward");
    expect(() => attempts(graded, "points" as never)).toThrow(/unknown score "points"; known: success, reward/);
  });

  it("keeps value and interval in [0, 1] for any results", () => {
    fc.assert(
      fc.property(results, (rows) => {
        const { value, low, high } = avgAt(rows[0].length)(rows);
        expect(0 <= low && low <= value && value <= high && high <= 1).toBe(true);
      }),
    );
  });
});

describe("turns and tokens per episode", () => {
  it("are means over tasks and attempts", () => {
    const rows = [
      trajectory("a", 0, "success", { turns: 2, tokens: 7 }),
      trajectory("a", 1, "success", { turns: 4, tokens: 7 }),
      trajectory("b", 0, "failure", { turns: 9, tokens: 1 }),
      trajectory("c", 0, "error", { turns: 50 }),
    ];
    expect(turnsPerEpisode(rows)).toMatchObject({ value: 6, n: 2, low: 0 });
    expect(tokensPerEpisode(rows)).toMatchObject({ value: (21 + 9) / 2, n: 2 });
    expect(turnsPerEpisode(rows).method).toContain("1 error left out");
  });

  it("say when tokens are not known", () => {
    const unknown = trajectory("a", 0, "success", { tokens: undefined });
    expect(tokensPerEpisode([{ ...unknown, turns: unknown.turns.map((t) => ({ ...t, tokens: undefined })) }])).toEqual({
      na: "no episode has token counts",
    });
  });
});
