import { describe, expect, it } from "vitest";
import { cell, cellEstimate, derive, taskDifferences, type Cell } from "../../lib/metrics/cells";
import { auc, curveEstimates, curveMeasures, timeToThreshold } from "../../lib/metrics/curves";
import type { Result } from "../../lib/metrics/estimates";
import { zeroGradient } from "../../lib/metrics/groups";
import { gap, lift, recovery, transferMatrix, transferSummary, type TransferStudy } from "../../lib/metrics/transfer";
import { generator } from "../../lib/random";
import { record } from "./support";

const random = generator("transfer");
function scored(env: string, run: string, rate: number, seeds = 1, tasks = 60): Cell {
  const names = Array.from({ length: tasks }, (_, t) => `${env}_${t}`);
  const scores = Array.from({ length: seeds }, () => names.map(() => Number(random.next() < rate)));
  return { env, run, tasks: names, scores };
}
const value = (result: Result) => {
  if ("na" in result) throw new Error(result.na);
  return result.value;
};
const options = { replicates: 1_000 };
const envs = ["a", "b", "c"];
const rates = { base: [0.2, 0.3, 0.4], a: [0.9, 0.35, 0.2], b: [0.3, 0.8, 0.4] };
const study: TransferStudy = {
  test: envs,
  base: envs.map((env, j) => scored(env, "base", rates.base[j])),
  rows: (["a", "b"] as const).map((train) => ({
    train,
    cells: envs.map((env, j) => scored(env, train, rates[train][j], 3)),
  })),
};

describe("transfer matrix", () => {
  it("views are consistent with each other", () => {
    const [raw, delta, gaps] = (["raw", "delta", "gap"] as const).map((view) => transferMatrix(study, view, options));
    const base = study.base.map((c) => cellEstimate(c, options).value);
    for (const i of [0, 1])
      for (const j of [0, 1]) {
        expect(value(delta[i][j])).toBeCloseTo(value(raw[i][j]) - base[j], 12);
        expect(value(gaps[i][j])).toBeCloseTo(value(raw[j][j]) - value(raw[i][j]), 12);
      }
  });

  it("the ratio is 1 on the own environment and n/a without training there", () => {
    const ratio = transferMatrix(study, "ratio", options);
    expect(ratio[0][0]).toMatchObject({ value: 1, low: 1, high: 1 });
    expect(ratio[0][2]).toEqual({ na: "no policy was trained on c" });
    expect(() => transferMatrix(study, "percent" as never)).toThrow(/accepted: raw, delta, ratio, gap/);
  });

  it("the ratio is n/a where training there gained nothing", () => {
    const cells = ["poor", "own", "base"].map((run) => scored("a", run, 0.5));
    expect(recovery(cells[0], cells[1], cells[2], options)).toEqual({
      na: "the interval of the gain from training there covers 0",
    });
  });

  it("held-in, held-out and overall are the means of the deltas", () => {
    const delta = transferMatrix(study, "delta", options).map((row) => row.map(value));
    const summary = transferSummary(study, options);
    expect(summary.map((row) => row.train)).toEqual(["a", "b", "mean"]);
    expect(value(summary[0].heldIn)).toBeCloseTo(delta[0][0], 12);
    expect(value(summary[0].heldOut)).toBeCloseTo((delta[0][1] + delta[0][2]) / 2, 12);
    expect(value(summary[1].overall)).toBeCloseTo((delta[1][0] + delta[1][1] + delta[1][2]) / 3, 12);
    expect(value(summary[2].heldOut)).toBeCloseTo((value(summary[0].heldOut) + value(summary[1].heldOut)) / 2, 12);
  });

  it("a row trained on something else has no held-in change", () => {
    const mixture = { train: "mixture", cells: study.rows[0].cells };
    const [row] = transferSummary({ ...study, rows: [mixture] }, options);
    expect(row.heldIn).toEqual({ na: "not trained on one of the test environments" });
  });

  it("an incomplete study is refused", () => {
    expect(() => transferMatrix({ ...study, base: study.base.slice(1) }, "raw")).toThrow(/row base needs 3 cells/);
  });
});

describe("difficulty", () => {
  it("lift, recovery and gap are the plain differences and ratio", () => {
    const [base, easy, hard] = [0.1, 0.5, 0.7].map((rate, i) =>
      scored("w/hard", ["base", "easy", "hard"][i], rate, 1, 200),
    );
    const [b, e, h] = [base, easy, hard].map((c) => cellEstimate(c, options).value);
    expect(lift(easy, base, options).value).toBeCloseTo(e - b, 12);
    expect(value(recovery(easy, hard, base, options))).toBeCloseTo((e - b) / (h - b), 12);
    expect(gap(scored("w/easy", "easy", 1), easy, options).value).toBeCloseTo(1 - e, 12);
  });
});

describe("cells", () => {
  it("are built from trajectories, one list per seed, over shared tasks", () => {
    const built = cell(
      "toy",
      "p",
      [
        record([
          [1, 0],
          [1, 1],
          [0, 0],
        ]),
        record([
          [0, 0],
          [1, 0],
        ]),
      ],
      { k: 2 },
    );
    expect(built).toEqual({
      env: "toy",
      run: "p",
      tasks: ["toy_0", "toy_1"],
      scores: [
        [0.5, 1],
        [0, 0.5],
      ],
      k: 2,
    });
    expect(() => cell("toy", "p", [record([[1]]), record([[1]], "other")])).toThrow(/no task that all of 2 seeds have/);
  });

  it("a difference has the interval of paired tasks, whatever else is in the study", () => {
    const [a, b, other] = [scored("x", "a", 0.6), scored("x", "b", 0.5), scored("y", "b", 0.5)];
    const pair = derive([a, b], ([x, y]) => ({ d: x - y }), options).d;
    const triple = derive([a, b, other], ([x, y]) => ({ d: x - y }), options).d;
    expect({ ...triple, n: 0 }).toEqual({ ...pair, n: 0 });
  });

  it("the same key gives the same interval, another key or another number of replicates another one", () => {
    const of = scored("x", "a", 0.6, 2);
    const [first, again, other, fewer] = ["k", "k", "l", "k"].map(
      (key, i) => derive([{ ...of }], ([x]) => ({ x }), { key, replicates: i === 3 ? 500 : 1000 }).x,
    );
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(fewer).not.toEqual(first);
    const kept = ["k", "l", "k"].map((key) => derive([of], ([x]) => ({ x }), { key, replicates: 1000 }).x);
    expect(kept).toEqual([first, other, first]);
  });

  it("are cut to shared tasks, and refused without any", () => {
    const [a, b] = [scored("x", "a", 0.6), scored("x", "b", 0.5, 1, 40)];
    const { d } = derive([a, b], ([x, y]) => ({ d: x - y }), options);
    expect(d).toMatchObject({ n: 40 });
    expect("method" in d && d.method).toContain("1 cell cut to the tasks shared in the environment");
    expect(() => lift(a, { ...b, tasks: b.tasks.map((t) => `${t}'`) })).toThrow(/cells of x have no task in common/);
    expect(() => lift(a, { ...a, scores: [...a.scores, ...a.scores] })).toThrow(
      /run a need the same seeds, got 1 and 2/,
    );
  });

  it("give the per-task differences that a sign-flip test needs", () => {
    const before = { env: "x", run: "base", tasks: ["1", "2", "3"], scores: [[0, 0, 1]] };
    const after = {
      env: "x",
      run: "a",
      tasks: ["3", "2"],
      scores: [
        [1, 1],
        [1, 0],
      ],
    };
    expect(taskDifferences(before, after)).toEqual([0.5, 0]);
  });

  it("with one seed have the interval of avg@k, also where nothing was solved", () => {
    const none = cellEstimate({ env: "x", run: "a", tasks: ["1", "2"], scores: [[0, 0]], k: 8 });
    expect(none).toMatchObject({ value: 0, low: 0, n: 2, k: 8, method: "95 % Wilson over tasks; 1 seed" });
    expect(none.high).toBeGreaterThan(0.5);
  });

  it("an interval over three seeds and tasks is wider than over tasks alone when seeds differ", () => {
    const tasks = Array.from({ length: 100 }, (_, t) => `t${t}`);
    const seeds = [0.2, 0.5, 0.8].map((rate) => tasks.map((_, t) => Number(((t * 37) % 100) / 100 < rate)));
    const { low, high } = cellEstimate({ env: "x", run: "a", tasks, scores: seeds });
    expect(high - low).toBeGreaterThan(0.4);
  });

  it("two seeds are not taken for more than they are: their drawn variance is that of a mean of two", () => {
    const two = { env: "x", run: "a", tasks: ["1", "2"], scores: [0.4, 0.6].map((x) => [x, x]) };
    // Both seeds, or one of them twice: 0.5 +- 0.1 sqrt(2), a variance of 0.01 where drawing alone gives 0.005.
    const { value, low, high } = cellEstimate(two);
    expect([value, low, high].map((x) => Number(x.toFixed(4)))).toEqual([0.5, 0.3586, 0.6414]);
    const apart = { ...two, scores: [0, 1].map((x) => [x, x]) };
    expect(cellEstimate(apart)).toMatchObject({ low: 0, high: 1 });
  });

  it.each([
    { seeds: 1, share: 0.6 },
    { seeds: 2, share: 0.9 },
    { seeds: 4, share: 0.92 },
  ])(
    "cover the truth in a share of $share of studies with $seeds seeds where trainings differ by 8 points",
    (expected) => {
      const tasks = Array.from({ length: 64 }, (_, t) => `t${t}`);
      let covered = 0;
      for (let study = 0; study < 400; study++) {
        const draw = generator(`coverage ${study}`);
        const rates = tasks.map(() => 0.1 + 0.8 * draw.next());
        const scores = Array.from({ length: expected.seeds }, () => {
          const training = 0.08 * draw.normal();
          return rates.map((rate) => [0, 0, 0, 0].filter(() => draw.next() < rate + training).length / 4);
        });
        const { low, high } = cellEstimate({ env: "x", run: `${study}`, tasks, scores, k: 4 }, { replicates: 500 });
        if (low <= 0.5 && high >= 0.5) covered++;
      }
      expect(Math.abs(covered / 400 - expected.share)).toBeLessThan(0.04);
    },
  );

  it("over several seeds that all fail keep a bound, as with one seed", () => {
    const tasks = Array.from({ length: 32 }, (_, t) => `t${t}`);
    const failed = { env: "x", run: "a", tasks, scores: [tasks.map(() => 0), tasks.map(() => 0)] };
    expect(cellEstimate(failed).high).toBeCloseTo(0.107, 3);
    const base = { ...failed, run: "base", scores: [failed.scores[0]] };
    const change = lift(failed, base);
    expect([change.low, change.high].map((x) => Number(x.toFixed(3)))).toEqual([-0.107, 0.107]);
    expect(change.method).toBe("95 % Wilson bound (all tasks agree); 1 and 2 seeds (fewer than 10)");
  });
});

describe("learning curves", () => {
  const steps = [0, 10, 20];
  it("have the measures of Taylor and Stone", () => {
    const measures = curveMeasures(steps, [0.2, 0.6, 0.8], [0, 0.4, 0.8], { threshold: 0.4 });
    expect(measures.jumpStart).toBeCloseTo(0.2, 12);
    expect(measures.asymptote).toBe(0);
    expect(measures.totalReward).toBeCloseTo(0.15, 12);
    expect(measures.transferRatio).toBeCloseTo(0.375, 12);
    expect(measures.timeToThreshold).toBeCloseTo(5, 12);
    expect(measures.timeSaved).toBeCloseTo(5, 12);
  });

  it("a threshold never reached is undefined, one met at once takes no time", () => {
    expect(timeToThreshold(steps, [0, 0.1, 0.2], 0.5)).toBeNaN();
    expect(timeToThreshold([5, 10], [0.6, 0.1], 0.5)).toBe(5);
    expect(auc([3], [0.7])).toBe(0.7);
    expect(() => auc([0, 1], [1])).toThrow(/got 1 and 2/);
  });

  it("have intervals over seeds, and none with one seed", () => {
    const transfer = [
      [0.2, 0.6, 0.8],
      [0.3, 0.6, 0.7],
    ];
    const scratch = [
      [0, 0.4, 0.8],
      [0.1, 0.4, 0.6],
    ];
    const results = curveEstimates(steps, transfer, scratch, { replicates: 200 });
    expect(results.jumpStart).toMatchObject({ n: 2, method: "95 % bootstrap over seeds; 2 seeds (fewer than 10)" });
    expect(value(results.jumpStart)).toBeCloseTo(0.2, 12);
    expect(results.timeToThreshold).toEqual({ na: "undefined for these curves" });
    expect(curveEstimates(steps, transfer.slice(1), scratch).asymptote).toEqual({
      na: "1 seed: no interval over seeds",
    });
  });
});

describe("GRPO groups", () => {
  it("zero-gradient rate counts equal groups, solved or not", () => {
    const { rate, solveNone, solveAll } = zeroGradient([
      [0, 0],
      [1, 1],
      [0.5, 0.5],
      [0, 1],
    ]);
    expect([rate.value, solveNone.value, solveAll.value]).toEqual([0.75, 0.25, 0.25]);
    expect(rate).toMatchObject({ n: 4, k: 2 });
    expect(() => zeroGradient([])).toThrow(/at least 1, got 0/);
  });
});
