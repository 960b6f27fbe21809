import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { onPaper, writeResult } from "../../lib/cli/figures";
import { groupedBars } from "../../lib/figures/bars";
import type { Figure } from "../../lib/figures/figure";
import { plotlyJson } from "../../lib/figures/figure";
import { forest } from "../../lib/figures/forest";
import { heatMap } from "../../lib/figures/heat";
import { baseMark, mark } from "../../lib/figures/marks";
import { scatterPanels } from "../../lib/figures/scatter";
import { sequenceLines } from "../../lib/figures/sequence";
import { figureSvg } from "../../lib/notebook/svg";
import { table } from "../../lib/table";

const estimate = (value: number, half = 0.1) => ({
  value,
  low: value - half,
  high: value + half,
  n: 48,
  k: 4,
  method: "95 % t, paired by task; 1 seed",
});
const words = { title: "A figure (1 seed)", alt: "What there is to see, in a sentence." };

const figures: { readonly [name: string]: Figure } = {
  bars: groupedBars(
    [
      { series: "base", group: "easy", estimate: estimate(0.4) },
      { series: "RFT on easy", group: "easy", estimate: estimate(0.7) },
      { series: "base", group: "hard", estimate: estimate(0.2) },
      { series: "RFT on easy", group: "hard", estimate: { na: "not tested" } },
    ],
    { ...words, axis: "success, avg@4", range: [0, 1] },
  ),
  forest: forest(
    [
      { label: "TextCraft", series: "held-in", estimate: estimate(0.3), note: "p = 0.01" },
      { label: "TextCraft", series: "held-out", estimate: estimate(0.02) },
      { label: "BabyAI", series: "held-in", estimate: estimate(-0.2) },
      { label: "BabyAI", series: "held-out", estimate: { na: "no other environment" } },
    ],
    { ...words, axis: "change, points" },
  ),
  heat: heatMap(
    [
      [estimate(0.3), estimate(0.02)],
      [{ na: "not trained there" }, null],
    ],
    {
      ...words,
      rows: ["TextCraft", "BabyAI"],
      columns: ["TextCraft", "BabyAI"],
      rowTitle: "RFT on",
      columnTitle: "tested on",
      unit: "change, points",
      diverging: true,
      framed: [[0, 0]],
      note: () => "p = 0.01",
    },
  ),
  sequence: sequenceLines(
    [
      { name: "TextCraft", results: [0.2, 0.8, 0.7].map((v) => estimate(v)), own: 1 },
      { name: "WebShop", results: [0.3, 0.2, 0.9].map((v) => estimate(v)), own: 2 },
      { name: "BabyAI", results: [0.3, 0.3, 0.3].map((v) => estimate(v)) },
    ],
    { ...words, stages: ["TextCraft", "WebShop"], axis: "success, avg@4" },
  ),
  scatter: scatterPanels(
    [
      {
        axis: "shared action words",
        words: "ρ = 0.30<br>[0.1, 0.4], p = 0.2",
        points: [
          { name: "TextCraft to BabyAI", x: 0.1, y: estimate(0.02) },
          { name: "BabyAI to TextCraft", x: 0.3, y: estimate(0.3) },
          { name: "BabyAI to WebShop", x: 0.3, y: { na: "not tested" } },
        ],
      },
      { axis: "shared words", words: "n/a", points: [] },
    ],
    { ...words, axis: "change, points" },
  ),
};

describe.each(Object.keys(figures))("the figure of kind %s", (name) => {
  it("is the plain data that was agreed on", () => {
    expect(figures[name]).toMatchSnapshot();
    expect(JSON.parse(JSON.stringify(figures[name]))).toEqual(figures[name]);
  });

  it("can be set without a browser, the same bytes twice", async () => {
    const svg = await figureSvg(onPaper(figures[name]));
    expect(svg).toContain('width="648"');
    expect(await figureSvg(onPaper(figures[name]))).toBe(svg);
  });

  it("tells n, k, interval and method of every value under the mouse", () => {
    const hovers = JSON.stringify(figures[name].data.map(({ customdata }) => customdata));
    expect(hovers).toContain("n = 48, k = 4<br>95 % t");
    expect(hovers).toMatch(/\[-?[\d.]+, [\d.]+\]/);
  });
});

describe("figures in grey print", () => {
  it("tell series apart by symbol, dash and pattern", () => {
    for (const key of ["color", "symbol", "dash"] as const)
      expect(new Set([0, 1, 2, 3, 4, 5].map((n) => mark(n)[key])).size).toBe(6);
    expect(new Set([0, 1, 2, 3, 4, 5, 6, 7].map((n) => mark(n).pattern)).size).toBe(8);
    expect(baseMark.color).toMatch(/^#(..)\1\1$/);
  });

  it("tell by open marks and brackets what an interval leaves open", () => {
    const symbols = figures.forest.data.map(({ marker }) => (marker as { symbol: string[] }).symbol);
    expect(symbols).toEqual([["circle", "circle"], ["square-open"]]);
    expect(figures.heat.data[0].text).toEqual([
      ["+30.0", "(+2.0)"],
      ["", ""],
    ]);
  });
});

describe("npm run figures", () => {
  it("writes figure, table and rows as files, the same bytes again", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "heldout-figures-"));
    const result = {
      name: "cross",
      figure: figures.heat,
      table: table([{ change: estimate(0.3) }], [{ key: "change" }]),
      rows: [{ train: "textcraft", change: estimate(0.3) }],
    };
    const files = await writeResult(folder, result);
    expect(files.map((file) => path.basename(file))).toEqual(
      ["json", "svg", "md", "tex", "csv", "rows.json"].map((extension) => `cross.${extension}`),
    );
    const first = files.map((file) => readFileSync(file, "utf8"));
    await writeResult(folder, result);
    expect(files.map((file) => readFileSync(file, "utf8"))).toEqual(first);
    expect(JSON.parse(first[0])).toEqual(JSON.parse(JSON.stringify(plotlyJson(onPaper(figures.heat)))));
    expect(JSON.parse(first[5])[0]).toMatchObject({ train: "textcraft", change: 0.3, "change n": 48 });
    rmSync(folder, { recursive: true });
  });
});
