import { describe, expect, it } from "vitest";
import * as paper from "../../lib/experiments/paper-results";
import { synthetic } from "./synthetic";

const records = synthetic(
  {
    base: { textcraft: 0.4, babyai: 0.4, webshop: [0.6, 0.4] },
    textcraft: { textcraft: 0.6, babyai: 0.4, webshop: 0.4 },
    babyai: { textcraft: 0.4, babyai: 0.7, webshop: 0.2 },
    webshop: { textcraft: 0.4, babyai: 0.4, webshop: 0.7 },
    "babyai/easy": { textcraft: 0.4, babyai: 0.5, webshop: 0.4 },
    "babyai/easy>hard": { textcraft: 0.4, babyai: 0.7, webshop: 0.4 },
    "webshop/easy": { textcraft: 0.4, babyai: 0.4, webshop: [0.7, 0.6] },
    "webshop > textcraft": { textcraft: 0.7, babyai: 0.4, webshop: 0.7 },
  },
  { tasks: 20, noise: true },
);
const find = (part: Partial<paper.OurKey>) =>
  paper
    .resultRows(records)
    .filter((row) => Object.entries(part).every(([key, value]) => row[key as keyof typeof row] === value));

describe("our numbers in the papers' columns", () => {
  it("are there once for every cell that a paper could have", () => {
    const keys = paper
      .resultRows(records)
      .map((r) => [r.train, r.trainLevel, r.test, r.testLevel, r.reference, r.metric].join("|"));
    expect(new Set(keys).size).toBe(keys.length);
    expect(find({ train: "webshop", trainLevel: "easy", test: "webshop", testLevel: "hard" })).toHaveLength(1);
    expect(find({ train: "babyai", test: "held-out" })).toHaveLength(1);
    expect(find({ train: "mean", test: "held-out" })).toHaveLength(1);
    expect(find({ train: "babyai", trainLevel: "easy > hard", reference: "babyai/easy" })).toHaveLength(1);
    expect(find({ train: "webshop > textcraft", test: "textcraft", reference: "textcraft" })).toHaveLength(1);
    expect(find({ train: "babyai", trainLevel: null, metric: "turns per episode" })).toHaveLength(1);
  });

  it("stand beside every known number, with a verdict; what we lack stays empty", () => {
    const rows = paper.knownRows(records);
    const webshop = rows.find((r) => r.train === "babyai" && r.test === "webshop")!;
    expect(webshop).toMatchObject({ before: 28.59, after: 10.25, verdict: "agrees" });
    expect(rows.filter((r) => r.train === "alfworld").every((r) => r.ourDelta === null)).toBe(true);
    expect(rows.find((r) => r.metric === "tokens per episode")).toMatchObject({ verdict: "agrees" });
    const text = paper.knownTable(records).toText();
    expect(text).toContain("28.59 to 10.25");
    expect(text).toContain("we have no such number");
  });

  it("stand beside the same cells of other papers", () => {
    const babyai = paper
      .relatedRows(records)
      .find((r) => r.train === "babyai" && r.metric === "avg@k" && r.test === "babyai all");
    const textcraft = paper.relatedRows(records).filter((r) => r.train === "textcraft");
    expect(textcraft.map((r) => r["2509.08755"]).join()).toContain("14 to 75 (3B); 42 to 89 (7B)");
    expect(paper.relatedTable(records).toText()).toContain("arXiv 2601.18217");
    expect(babyai?.["2603.12011"] ?? "").toBe("");
  });

  it("are drawn beside the paper's where both have a number", () => {
    const figure = paper.paperFigure(records);
    expect(figure.data.map(({ name }) => name)).toEqual(["paper", "ours"]);
    expect(figure.data[0].x).toHaveLength((figure.data[1].x as number[]).length);
    expect(paper.withinPaperTable(records, "babyai").toText()).toContain("52.22 to 93.33");
  });
});
