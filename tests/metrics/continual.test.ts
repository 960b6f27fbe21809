import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cell } from "../../lib/metrics/cells";
import {
  acc,
  bwt,
  continual,
  continualEstimates,
  continualWorldForgetting,
  continualWorldTransfer,
  cora,
  diazRodriguez,
  forgetting,
  fwt,
  heldOutGain,
  intransigence,
  normalisedBwt,
} from "../../lib/metrics/continual";
import { mean } from "../../lib/metrics/estimates";
import { generator } from "../../lib/random";

const R = [
  [0.1, 0.2, 0.3],
  [0.8, 0.25, 0.35],
  [0.75, 0.9, 0.4],
  [0.7, 0.85, 0.95],
];
const joint = [0.82, 0.92, 0.93];
const matrix = fc.integer({ min: 1, max: 4 }).chain((T) =>
  fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: T, maxLength: T }), {
    minLength: T + 1,
    maxLength: T + 1,
  }),
);

describe("metrics of the R matrix", () => {
  it("have the known values", () => {
    expect(acc(R)).toBeCloseTo(0.833333, 6);
    expect(bwt(R)).toBeCloseTo(-0.075, 6);
    expect(fwt(R)).toBeCloseTo(0.075, 6);
    expect(forgetting(R)).toBeCloseTo(0.075, 6);
    [0.02, 0.02, -0.02].forEach((value, j) => expect(intransigence(R, joint)[j]).toBeCloseTo(value, 6));
    expect(mean(intransigence(R, joint))).toBeCloseTo(0.006667, 6);
    const diaz = diazRodriguez(R);
    expect(diaz.accuracy).toBeCloseTo(0.825, 6);
    expect(diaz.bwt).toBeCloseTo(-0.066667, 6);
    expect(diaz.fwt).toBeCloseTo(0.333333, 6);
    expect(diaz.rem).toBeCloseTo(0.933333, 6);
  });

  it("forgetting is never less than -BWT", () => {
    fc.assert(
      fc.property(matrix, (any) => {
        fc.pre(any.length > 2);
        expect(forgetting(any)).toBeGreaterThanOrEqual(-bwt(any) - 1e-12);
      }),
    );
  });

  it("forgetting counts from the best score, not from the own stage", () => {
    const helped = [
      [0, 0, 0],
      [0.5, 0, 0],
      [0.9, 0.5, 0],
      [0.6, 0.5, 0.5],
    ];
    expect(bwt(helped)).toBeCloseTo(0.05, 12);
    expect(forgetting(helped)).toBeCloseTo(0.15, 12);
  });

  it("environments never trained on are left out, except from the held-out gain", () => {
    fc.assert(
      fc.property(matrix, (any) => {
        const wider = any.map((row, i) => [...row, i / 10]);
        const { heldOutGain: gain, ...rest } = continual(wider);
        const { heldOutGain: none, ...same } = continual(any);
        expect(rest).toEqual(same);
        expect(gain).toBeCloseTo((any.length - 1) / 10, 12);
        expect(none).toBeNaN();
      }),
    );
    expect(
      heldOutGain([
        [0, 0.2],
        [1, 0.5],
      ]),
    ).toBeCloseTo(0.3, 12);
  });

  it("one stage has no transfer between stages", () => {
    const { acc: final, bwt: backward, fwt: forward, forgetting: lost } = continual([[0.1], [0.5]]);
    expect(final).toBe(0.5);
    for (const value of [backward, forward, lost]) expect(value).toBeNaN();
  });

  it("normalised BWT is the share lost, and undefined where nothing was learnt", () => {
    expect(normalisedBwt(R)).toBeCloseTo((-0.1 / 0.8 - 0.05 / 0.9) / 2, 12);
    expect(
      normalisedBwt([
        [0, 0],
        [0, 0],
        [0.1, 0.5],
      ]),
    ).toBeNaN();
  });

  it("Continual World compares the end of the own stage with the very end", () => {
    [0.1, 0.05, 0].forEach((value, j) => expect(continualWorldForgetting(R)[j]).toBeCloseTo(value, 12));
    expect(continualWorldTransfer(0.6, 0.5)).toBeCloseTo(0.2, 12);
    expect(continualWorldTransfer(0.5, 1)).toBeNaN();
  });

  it("CORA's cells: loss of what was trained before, gain of what was not yet trained", () => {
    const { forgetting: lost, transfer } = cora(R);
    expect(lost.map((row) => row.map((x) => x === null))).toEqual([
      [true, true, true],
      [false, true, true],
      [false, false, true],
    ]);
    expect(lost[1][0]).toBeCloseTo(0.05 / 0.8, 12);
    expect(transfer[0][2]).toBeCloseTo(0.05 / 0.95, 12);
    expect(transfer[2]).toEqual([null, null, null]);
    expect(
      cora([
        [0, 0],
        [0, 0],
        [0, 0],
      ]).transfer[0][1],
    ).toBeNull();
  });

  it("a matrix without its base row is refused", () => {
    expect(() => acc([[0.5, 0.5]])).toThrow(/a base row.*got 1 rows of 2 columns/);
    expect(() => acc([[0.5], [0.5], [0.5]])).toThrow(/a column per trained environment/);
  });
});

describe("intervals of continual metrics", () => {
  const random = generator("continual");
  const cells = (seeds: number, tasks: number): Cell[][] =>
    R.map((row, stage) =>
      row.map((rate, j) => ({
        env: `e${j}`,
        run: stage === 0 ? "base" : "sequence",
        tasks: Array.from({ length: tasks }, (_, t) => `e${j}_${t}`),
        scores: Array.from({ length: stage === 0 ? 1 : seeds }, () =>
          Array.from({ length: tasks }, () => Number(random.next() < rate)),
        ),
        k: 1,
      })),
    );

  it("their values are those of the matrix of means, inside their intervals", () => {
    const study = cells(3, 100);
    const means = study.map((row) => row.map(({ scores }) => mean(scores.map(mean))));
    const results = continualEstimates(study, undefined, { replicates: 2_000 });
    const { bwt: estimate } = results;
    if ("na" in estimate) throw new Error("bwt is defined");
    expect(estimate.value).toBeCloseTo(bwt(means), 12);
    expect(estimate.low).toBeLessThan(estimate.value);
    expect(estimate.high).toBeGreaterThan(estimate.value);
    expect(estimate.n).toBe(300);
    expect(estimate.method).toBe("95 % bootstrap over tasks and seeds; 1 and 3 seeds (fewer than 10)");
    expect(results.intransigence).toEqual({ na: "needs a joint model" });
    expect(results.heldOutGain).toEqual({ na: "every environment was trained on" });
  });

  it("with one seed the method says so", () => {
    const { acc: estimate } = continualEstimates(cells(1, 30), undefined, { replicates: 100 });
    expect(estimate).toMatchObject({ method: "95 % bootstrap over tasks; 1 seed" });
  });

  it("identical stages forget exactly nothing: the cells of a column are drawn together", () => {
    const [base, first] = cells(2, 50);
    const { bwt: estimate } = continualEstimates([base, first, first, first], undefined, { replicates: 200 });
    expect(estimate).toMatchObject({ value: 0, low: 0, high: 0 });
    expect("method" in estimate && estimate.method).toContain("no variation in the sample");
  });

  it("ragged rows are refused", () => {
    const study = cells(1, 5);
    expect(() => continualEstimates([study[0], study[1].slice(1)])).toThrow(/rows of 3,2/);
  });
});
