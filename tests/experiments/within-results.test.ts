import { describe, expect, it } from "vitest";
import { effortFigure, effortRows, effortTable } from "../../lib/experiments/effort-results";
import { learningFigure } from "../../lib/experiments/learning-results";
import { flatRows, powerLine, seedWords, withHolm } from "../../lib/experiments/record-results";
import * as within from "../../lib/experiments/within-results";
import { synthetic } from "./synthetic";

const scores = {
  base: { textcraft: [0.5, 0.25] },
  textcraft: { textcraft: [0.6, 0.5] },
  "textcraft/easy": { textcraft: [0.75, 0.5] },
  "textcraft/hard": { textcraft: [0.5, 0.75] },
  "textcraft/easy>hard": { textcraft: [0.75, 0.75] },
} as const;
const records = synthetic(scores, { tasks: 25, k: 4 });
const find = (rows: readonly within.WithinRow[], train: string, test: string) =>
  rows.find((row) => row.train === train && row.test === test)!;

describe("results within an environment", () => {
  it("give the change over the base by regime and level, with n, k and tests", () => {
    const rows = within.withinRows(records, "textcraft");
    expect(rows).toHaveLength(4 * 2);
    const row = find(rows, "easy", "hard");
    expect(row.before).toMatchObject({ value: 0.25, n: 25, k: 4 });
    expect(row.after).toMatchObject({ value: 0.5 });
    expect(row.change).toMatchObject({ value: 0.25, n: 25, k: 4 });
    expect(row.p).toBeLessThan(0.01);
    expect(row.holm).toBeGreaterThanOrEqual(row.p);
  });

  it("give them by the environment's breakdown and over all tasks", () => {
    expect(find(within.withinRows(records, "textcraft", "parts"), "hard", "depth 2").change).toHaveProperty("value");
    expect(find(within.withinRows(records, "textcraft", "all"), "mixed", "all").change).toMatchObject({ n: 50 });
  });

  it("answer the question by lift, recovered share and gap", () => {
    const [easy] = within.generalizationRows(records);
    expect(easy).toMatchObject({ env: "textcraft", train: "easy", test: "hard" });
    expect(easy.change).toMatchObject({ value: 0.25 });
    expect(easy.recovery).toMatchObject({ value: 0.5 });
    expect(easy.gap).toMatchObject({ value: 0.25 });
  });

  it("refuse a share where training there has no clear gain", () => {
    const flat = synthetic({ ...scores, "textcraft/hard": { textcraft: [0.5, 0.25] } }, { tasks: 25 });
    expect(within.generalizationRows(flat)[0].recovery).toHaveProperty("na");
  });

  it("compare the curriculum with every other regime that was run", () => {
    const rows = within.curriculumRows(records);
    expect(rows.map(({ reference }) => reference)).toEqual(["easy", "hard", "mixed"]);
    expect(rows[0].change).toMatchObject({ value: 0.125 });
  });

  it("count turns and tokens per episode, also of the solved ones alone", () => {
    const row = effortRows(records).find(({ effort, train }) => effort === "turns" && train === "easy")!;
    // Solved episodes have 4 turns, others 10.
    expect(row.before).toMatchObject({ value: 10 - 6 * 0.375 });
    expect(row.change).toMatchObject({ value: -6 * 0.25 });
    expect(row.solvedAfter).toMatchObject({ value: 4 });
  });

  it("work on levels by model as on those by environment", () => {
    const renamed = records.map((record) => ({
      ...record,
      name: record.name.replace("easy", "easier").replace("hard", "harder"),
      tests: record.tests.map((test) => ({ ...test, level: test.level === "easy" ? "easier" : "harder" })),
    }));
    expect(within.generalizationRows(renamed)[0]).toMatchObject({ train: "easier", test: "harder" });
    expect(within.difficultyFigure(renamed).data).toHaveLength(5);
  });

  it("say in every title how many seeds there are, and resample seeds where there are several", () => {
    const two = synthetic(scores, { tasks: 25, seeds: [1, 2] });
    for (const figure of [
      within.difficultyFigure(two),
      within.changeFigure(two),
      within.liftFigure(two),
      within.curriculumFigure(two),
      effortFigure(two, "turns"),
      learningFigure(two, ["textcraft/easy", "textcraft"]),
    ]) {
      expect(figure.title).toContain("2 seeds");
      expect(figure.alt.length).toBeGreaterThan(40);
    }
    expect(seedWords(records)).toBe("1 seed");
    expect(seedWords([...records, two.find(({ seed }) => seed === 2)!])).toBe("1 to 2 seeds");
    expect(within.withinRows(two, "textcraft")[0].change).toMatchObject({ method: expect.stringContaining("2 seeds") });
  });

  it("print as text, Markdown, LaTeX and CSV with what the study could have seen", () => {
    for (const table of [
      within.withinTable(records),
      within.generalizationTable(records),
      within.curriculumTable(records),
      effortTable(records),
    ]) {
      expect(table.toText()).toMatch(
        /80 % power this study could see differences of [\d.]+|No difference varies over tasks/,
      );
      expect(table.toLatex()).toContain("\\toprule");
      expect(table.toMarkdown()).toContain("| ---");
      expect(table.toCsv()).toContain("method");
    }
  });

  it("become rows of a data frame, one column per field of an estimate", () => {
    const rows = flatRows(within.generalizationRows(records));
    expect(rows[0]).toMatchObject({ env: "textcraft", change: 0.25, "change n": 25, "change k": 4 });
    expect(flatRows([{ x: { na: "why" }, p: NaN }])).toEqual([{ x: null, "x method": "n/a: why", p: null }]);
  });

  it("say plainly where nothing can be compared", () => {
    expect(() => within.difficultyFigure(records, "webshop")).toThrow(/no policy was trained by difficulty on webshop/);
    expect(powerLine([{ visible: NaN }])).toContain("not known");
    expect(withHolm([{ p: NaN }, { p: 0.01 }, { p: 0.04 }]).map(({ holm }) => holm)).toEqual([NaN, 0.02, 0.04]);
  });
});
