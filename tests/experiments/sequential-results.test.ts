import { describe, expect, it } from "vitest";
import * as order from "../../lib/experiments/order-results";
import { difference, recordCell } from "../../lib/experiments/record-results";
import * as sequential from "../../lib/experiments/sequential-results";
import { synthetic } from "./synthetic";

// The matrix of the textbook example in tests/metrics/continual.test.ts.
const on = (textcraft: number, webshop: number, searchqa: number) => ({ textcraft, webshop, searchqa });
const scores = {
  base: on(0.1, 0.2, 0.3),
  textcraft: on(0.8, 0.25, 0.35),
  webshop: on(0.1, 0.85, 0.3),
  searchqa: on(0.1, 0.2, 0.9),
  "textcraft > webshop": on(0.75, 0.9, 0.4),
  "textcraft > webshop > searchqa": on(0.7, 0.85, 0.95),
  "searchqa > webshop": on(0.1, 0.8, 0.9),
  "searchqa > webshop > textcraft": on(0.8, 0.7, 0.6),
  "textcraft > webshop (replay 25%)": on(0.8, 0.9, 0.4),
  "textcraft > webshop (replay 25%) > searchqa (replay 25%)": on(0.8, 0.9, 0.95),
  "textcraft+webshop+searchqa": on(0.82, 0.92, 0.93),
};
const records = synthetic(scores, { tasks: 25, k: 4 });
const LONG = "textcraft > webshop > searchqa";

describe("results of sequences", () => {
  it("find pairs and longest sequences, not what is only a beginning", () => {
    const found = sequential.sequencesOf(records);
    expect(found.map(({ name }) => name)).toEqual([
      "textcraft > webshop",
      LONG,
      "searchqa > webshop",
      "searchqa > webshop > textcraft",
      "textcraft > webshop (replay 25%)",
      "textcraft > webshop (replay 25%) > searchqa (replay 25%)",
    ]);
    expect(found[0]).toMatchObject({ order: ["textcraft", "webshop"], heldOut: ["searchqa"], replay: 0 });
    const broken = records.filter(({ name }) => name !== "textcraft > webshop");
    expect(sequential.sequencesOf(broken).map(({ name }) => name)).not.toContain(LONG);
  });

  it("give final average, transfer, forgetting and intransigence of the known matrix", () => {
    const row = sequential.continualRows(records).find(({ name }) => name === LONG)!;
    const golden = {
      acc: 0.833333,
      bwt: -0.075,
      fwt: 0.075,
      forgetting: 0.075,
      intransigence: 0.006667,
      jointGap: 0.056667,
    };
    for (const [key, value] of Object.entries(golden))
      expect(row[key as keyof typeof golden]).toHaveProperty("value", expect.closeTo(value, 5));
    expect(row.acc).toMatchObject({ n: 150, k: 4, method: expect.stringContaining("bootstrap over tasks; 1 seed") });
  });

  it("leave intransigence out where nothing was trained jointly on the same environments", () => {
    const pair = sequential.continualRows(records).find(({ name }) => name === "textcraft > webshop")!;
    expect(pair.intransigence).toEqual({ na: "needs a joint model" });
    expect(pair.heldOutGain).toHaveProperty("value", expect.closeTo(0.1, 9));
  });

  it("use the seeds that all stages have", () => {
    const two = synthetic(scores, { tasks: 5, seeds: [1, 2] });
    const missing = two.filter(({ name, seed }) => name !== LONG || seed === 1);
    const [longest] = sequential.sequencesOf(missing).filter(({ name }) => name === LONG);
    expect(sequential.stageCells(missing, longest).map((row) => row[0].scores.length)).toEqual([1, 1, 1, 1]);
  });

  it("compare a stage with the one that it went on from seed by seed", () => {
    const seeds = [0.3, 0.7].flatMap((rate, i) =>
      synthetic({ webshop: { webshop: rate }, "webshop > textcraft": { webshop: rate } }, { seeds: [i + 1] }),
    );
    const [first, second] = ["webshop", "webshop > textcraft"].map((name) =>
      recordCell(seeds, name, { env: "webshop" })!,
    );
    // The seeds are far apart, but what the second stage changed is the same in both: nothing.
    expect(difference([first], [second]).change).toMatchObject({ value: 0, low: expect.closeTo(-0.09, 2) });
    const other = { ...second, run: "another training" };
    expect(difference([first], [other]).change).toMatchObject({ value: 0, low: expect.closeTo(-0.57, 1) });
  });

  it("draw the longest sequence unless one is named: borders, own stages, held-out environments", () => {
    const figure = sequential.sequenceFigure(records);
    expect(figure.layout.shapes).toHaveLength(3);
    expect(figure.data.map(({ name }) => name)).toEqual(["TextCraft", "WebShop", "SearchQA"]);
    const pair = sequential.sequenceFigure(records, "textcraft > webshop");
    expect(pair.data.map(({ name }) => name)).toContain("SearchQA (held out)");
    expect(() => sequential.sequenceFigure(records, "a > b")).toThrow(
      /got "a > b", in these records: "textcraft > web/,
    );
  });

  it("draw what later stages changed, and nothing before the own stage", () => {
    const [longest] = sequential.sequencesOf(records).filter(({ name }) => name === LONG);
    const matrix = sequential.forgettingMatrix(records, longest);
    expect(matrix[0]).toEqual([expect.objectContaining({ value: expect.closeTo(-0.05, 9) }), null]);
    expect(matrix[1][1]).toHaveProperty("value", expect.closeTo(-0.05, 9));
    expect(sequential.forgettingFigure(records, LONG).layout).toHaveProperty("height");
    expect(sequential.stageFigure(records, LONG).title).toContain("1 seed");
    expect(sequential.continualTable(records).toText()).toContain("backward transfer");
  });
});

describe("results across sequences", () => {
  it("compare orders of the same environments on the final average", () => {
    const [row, ...others] = order.orderRows(records);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ order: "SearchQA > WebShop > TextCraft", against: "TextCraft > WebShop > SearchQA" });
    expect(row.change).toHaveProperty("value", expect.closeTo(0.7 - 2.5 / 3, 9));
    expect(row.p).toBeLessThan(0.05);
    expect(order.orderTable(records).toText()).toContain("80 % power");
    expect(order.orderFigure(records).layout.yaxis).toMatchObject({
      ticktext: ["SQA > WS > TC<br>against TC > WS > SQA"],
    });
  });

  it("compare joint training with sequences and with single environments", () => {
    const rows = order.mixtureRows(records);
    expect(rows.map(({ against }) => against)).toEqual([
      "TextCraft > WebShop > SearchQA",
      "SearchQA > WebShop > TextCraft",
      "TextCraft > WebShop > SearchQA (replay 25 %)",
      "one environment each, mean",
    ]);
    expect(rows[0].change).toHaveProperty("value", expect.closeTo((0.82 + 0.92 + 0.93) / 3 - 2.5 / 3, 9));
    const alone = (0.8 + 0.25 + 0.35 + 0.1 + 0.85 + 0.3 + 0.1 + 0.2 + 0.9) / 9;
    expect(rows[3].change).toHaveProperty("value", expect.closeTo((0.82 + 0.92 + 0.93) / 3 - alone, 9));
    expect(order.mixtureFigure(records).data).toHaveLength(2 + 3 + 1);
    expect(order.mixtureTable(records).toText()).toContain("joint");
  });

  it("tell how evenly a policy does: mean and lowest environment", () => {
    const joint = order.balanceRows(records).find(({ train }) => train === "joint")!;
    expect(joint.lowest).toHaveProperty("value", expect.closeTo(0.82, 9));
    expect(order.balanceTable(records).toText()).toContain("TextCraft alone");
  });

  it("compare replay with the same order without, and say where there is none", () => {
    const rows = order.replayRows(records);
    expect(rows).toHaveLength(2);
    expect(rows[1].change).toHaveProperty("value", expect.closeTo(0.05, 9));
    const none = records.filter(({ name }) => !name.includes("replay"));
    expect(order.replayTable(none).toText()).toContain("No sequence of these records was trained with replay");
  });
});
