import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { join, paper, paperIds, paperRows, papersFolder, type PaperRow, type ResultRow } from "../lib/papers";
import { table } from "../lib/table";

const find = (rows: readonly PaperRow[], part: Partial<PaperRow>) =>
  rows.filter((row) => Object.entries(part).every(([key, value]) => row[key as keyof PaperRow] === value));
const study = paper("2603.12011").rows;
const estimate = (value: number, low: number, high: number) => ({ value, low, high, n: 240, k: 8, method: "95 % t" });
const ours = (part: Partial<ResultRow>): ResultRow => ({
  experiment: "cross",
  model: "pocket",
  train: "babyai",
  trainLevel: null,
  test: "webshop",
  testLevel: null,
  reference: "base",
  metric: "avg@k",
  k: 8,
  delta: estimate(-0.1, -0.15, -0.05),
  ...part,
});
const babyaiToWebshop = find(study, { train: "babyai", test: "webshop" });

describe("reported numbers", () => {
  it("are there for the three papers and nothing else", () => {
    expect(paperIds()).toEqual(["2509.08755", "2601.18217", "2603.12011"]);
    expect(paperRows().length).toBe(paperIds().reduce((sum, id) => sum + paper(id).rows.length, 0));
    expect(path.basename(papersFolder())).toBe("papers");
    expect(() => paper("1234.56789")).toThrow(/accepted: 2509.08755, 2601.18217, 2603.12011/);
  });

  it("hold the known values of the study", () => {
    const cell = (part: Partial<PaperRow>) =>
      find(study, part).map(({ before, after, delta }) => [before, after, delta]);
    expect(cell({ train: "webshop", trainLevel: "easy", testLevel: "hard" })).toEqual([[17.4, 77.5, 60.1]]);
    expect(cell({ train: "alfworld", test: "alfworld", model: "Qwen2.5-3B-Instruct" })).toEqual([
      [13.19, 91.81, 78.62],
    ]);
    expect(cell({ train: "babyai", test: "webshop" })).toEqual([[28.59, 10.25, -18.34]]);
    expect(cell({ train: "mean", test: "held-out" })).toEqual([
      [null, null, 3.32],
      [null, null, 3.44],
    ]);
    expect(cell({ train: "webshop > textcraft" })).toEqual([
      [80.88, 82.5, 1.62],
      [86.5, 86.32, -0.18],
    ]);
    expect(cell({ metric: "turns per episode" })).toEqual([[10.76, 4.19, -6.57]]);
  });

  it("mark every number of the study as secondary", () => {
    expect(new Set(study.map((row) => row.trust))).toEqual(new Set(["secondary"]));
  });

  it("agree with themselves: delta is after - before wherever all three are given", () => {
    for (const { before, after, delta } of paperRows())
      if (before !== null && after !== null && delta !== null) expect(after - before).toBeCloseTo(delta, 1);
  });

  it("that are malformed are refused with the place of the fault", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "papers-"));
    const write = (change: object) => {
      const { rows, ...rest } = paper("2603.12011");
      const text = JSON.stringify({ ...rest, paper: "1", rows: [{ ...rows[0], paper: "1", ...change }] });
      writeFileSync(path.join(folder, "1.json"), text);
    };
    write({});
    expect(paper("1", folder).rows).toHaveLength(1);
    write({ after: "77.5" });
    expect(() => paper("1", folder)).toThrow(/rows\[0\]\.after/);
    write({ remark: "x" });
    expect(() => paper("1", folder)).toThrow(/remark/);
    write({ paper: "2" });
    expect(() => paper("1", folder)).toThrow(/names paper "2"; accepted: "1"/);
    rmSync(folder, { recursive: true });
  });
});

describe("paper and ours", () => {
  const verdict = (reported: readonly PaperRow[], delta: ResultRow["delta"], part: Partial<ResultRow> = {}) => {
    const [{ verdict, reason }] = join(reported, [ours({ ...part, delta })]);
    return [verdict, reason];
  };

  it("agree or disagree by our interval", () => {
    expect(verdict(babyaiToWebshop, estimate(-0.1, -0.15, -0.05))).toEqual(["agrees", "ours falls, the paper's falls"]);
    expect(verdict(babyaiToWebshop, estimate(0.1, 0.05, 0.15))).toEqual(["disagrees", "ours rises, the paper's falls"]);
    expect(verdict(babyaiToWebshop, estimate(0.1, -0.05, 0.15))).toEqual(["not decidable", "our interval covers 0"]);
    expect(verdict(babyaiToWebshop, { na: "not run" })).toEqual(["not decidable", "ours is n/a: not run"]);
    expect(verdict(babyaiToWebshop, null)).toEqual(["not decidable", "we have no such number"]);
  });

  it("a sign without a size can be decided", () => {
    const searchqa = find(study, { train: "searchqa", test: "webshop" });
    expect(verdict(searchqa, estimate(0.1, 0.05, 0.15), { train: "searchqa" })[0]).toBe("agrees");
  });

  it("a reported change of almost nothing is confirmed by a narrow interval around 0, not by its sign", () => {
    const kept = find(study, { train: "webshop > textcraft", test: "webshop" });
    const part = { train: "webshop > textcraft", reference: "webshop" };
    expect(verdict(kept, estimate(0.01, -0.02, 0.04), part)[0]).toBe("agrees");
    expect(verdict(kept, estimate(-0.2, -0.3, -0.1), part)[0]).toBe("disagrees");
    expect(verdict(kept, estimate(-0.04, -0.08, -0.01), part)[0]).toBe("not decidable");
  });

  it("turns and tokens are compared in their own unit", () => {
    const turns = find(study, { metric: "turns per episode" });
    const part = { test: "babyai", metric: "turns per episode" };
    expect(verdict(turns, estimate(-2, -3, -1), part)[0]).toBe("agrees");
  });

  it("match by key columns: level, reference and metric must be the same, the model need not", () => {
    for (const part of [{ testLevel: "hard" }, { reference: "webshop" }, { metric: "pass@k" }, { test: "alfworld" }])
      expect(verdict(babyaiToWebshop, ours({}).delta, part)[1]).toBe("we have no such number");
    expect(verdict(babyaiToWebshop, ours({}).delta, { trainLevel: "all" })[0]).toBe("agrees");
    const two = join(babyaiToWebshop, [ours({}), ours({ model: "other" })]);
    expect(two.map((row) => row.ourModel)).toEqual(["pocket", "other"]);
    expect(() => join([], [], { keys: ["model" as never] })).toThrow(/accepted: train, trainLevel/);
  });

  it("a row that no source places matches nothing", () => {
    const unplaced = find(study, { train: null, test: "held-out" });
    expect(unplaced).toHaveLength(1);
    expect(verdict(unplaced, ours({}).delta, { train: null, test: "held-out" })[1]).toBe("we have no such number");
  });

  it("print as a table, also where values are missing", () => {
    const printed = table(join(study, [ours({})]), [
      { key: "train", kind: "label" },
      { key: "test", kind: "label" },
      { key: "delta", title: "paper", kind: "reported", signed: true },
      { key: "ourDelta", title: "ours", signed: true },
      { key: "verdict", title: "same direction?", kind: "label" },
    ]);
    expect(printed.toMarkdown()).toContain("| babyai | webshop | -18.3 | -10.0 [-15.0, -5.0] | agrees |");
    expect(printed.toMarkdown()).toContain("| searchqa | webshop |  |  | not decidable |");
  });
});
