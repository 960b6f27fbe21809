import { describe, expect, it } from "vitest";
import * as cross from "../../lib/experiments/cross-results";
import {
  featuresOf,
  jaccard,
  PAIR_FEATURES,
  pairMatrix,
  environmentFeatures,
} from "../../lib/experiments/environment-features";
import { featureTable, pairRows, shiftFigure, shiftRows, shiftTable } from "../../lib/experiments/shift-results";
import { transferViews } from "../../lib/metrics";
import { synthetic } from "./synthetic";

const records = synthetic(
  {
    base: { textcraft: 0.2, webshop: 0.4, searchqa: 0.5 },
    textcraft: { textcraft: 0.6, webshop: 0.3, searchqa: 0.5 },
    webshop: { textcraft: 0.3, webshop: 0.8, searchqa: 0.7 },
    searchqa: { textcraft: 0.2, webshop: 0.6, searchqa: 0.9 },
  },
  { tasks: 25, k: 4 },
);

describe("results across environments", () => {
  it("give every pair in four views, with tests of the change", () => {
    const rows = cross.transferRows(records);
    expect(rows).toHaveLength(9);
    const row = rows.find(({ train, test }) => train === "searchqa" && test === "webshop")!;
    expect(row).toMatchObject({ held: "out", before: { value: 0.4 }, after: { value: 0.6 } });
    expect(row.change).toHaveProperty("value", expect.closeTo(0.2, 9));
    expect(row.ratio).toHaveProperty("value", expect.closeTo(0.5, 9));
    expect(row.gap).toHaveProperty("value", expect.closeTo(0.2, 9));
  });

  it("sum up to held-in, held-out and overall change, per environment and on average", () => {
    const [textcraft, , , mean] = cross.heldRows(records);
    expect(textcraft.heldIn).toHaveProperty("value", expect.closeTo(0.4, 9));
    expect(textcraft.heldOut).toHaveProperty("value", expect.closeTo(-0.05, 9));
    expect(textcraft.overall).toHaveProperty("value", expect.closeTo(0.1, 9));
    expect(mean).toMatchObject({ train: "mean" });
  });

  it("draw a heat map per view: centred at 0, framed where held in, in brackets where the interval covers 0", () => {
    for (const view of transferViews) {
      const figure = cross.transferFigure(records, view);
      expect(figure.title).toContain("1 seed");
      expect(figure.layout.shapes).toHaveLength(3);
    }
    const [{ text, zmin, zmax }] = cross.transferFigure(records).data as unknown as [
      { text: string[][]; zmin: number; zmax: number },
    ];
    expect(zmin).toBe(-zmax);
    expect(text[0]).toEqual(["+40.0", "-10.0", "(0.0)"]);
  });

  it("print as tables and as a forest plot", () => {
    expect(cross.transferTable(records).toText()).toContain("80 % power");
    expect(cross.heldTable(records).toText()).toContain("mean");
    expect(cross.heldFigure(records).data.map(({ name }) => name)).toEqual(["held-in", "held-out", "overall"]);
  });

  it("need a policy trained on one environment", () => {
    expect(() => cross.transferStudy(records.slice(0, 1))).toThrow(/no policy was trained on a single environment/);
  });
});

describe("features of environments", () => {
  const features = featuresOf("textcraft", [
    { shown: ["You may: go north", "a red door"], actions: ["go north", "open door"], rewards: [0, 1] },
    { shown: ["You may: go south", "a blue door"], actions: ["go south", "open door"], rewards: [0, 1] },
  ]);

  it("come from episodes: commands, words met again, actions that stand in the text, reward density", () => {
    expect(features.actionWords).toEqual(["go", "open"]);
    expect(features.observationWords).toEqual(["a", "door", "go", "may", "you"]);
    expect(features).toMatchObject({ listed: 0.5, rewardDensity: 0.5, turns: 2 });
  });

  it("make pairs alike from 0 to 1", () => {
    expect(jaccard(["a", "b"], ["b", "c"])).toBeCloseTo(1 / 3);
    const other = { ...features, env: "x", actionWords: ["go"], listed: 1, rewardDensity: 0.25 };
    const alike = Object.fromEntries(PAIR_FEATURES.map((f) => [f.id, pairMatrix([features, other], f)[0][1]]));
    expect(alike).toMatchObject({ words: 1, actions: 0.5, listed: 0.5, rewards: 0.5, interface: 0.5 });
  });

  it("tell the five environments as the originals are: BabyAI lists actions, WebShop and SearchQA share a command", async () => {
    const all = await environmentFeatures(["babyai", "webshop", "searchqa"], { tasks: 6 });
    expect(all.map(({ listed }) => listed)).toEqual([1, 0, 0]);
    expect(all[1].actionWords).toContain("search");
    expect(all[2].actionWords).toEqual(["answer", "search"]);
    expect(await environmentFeatures(["babyai"], { tasks: 6 })).toEqual([all[0]]);
    expect(featureTable(all).toText()).toContain("BabyAI");
    await expect(environmentFeatures(["babyai"], { task: 1 } as object)).rejects.toThrow(/accepted: "tasks"/);
  });
});

describe("transfer and what environments share", () => {
  const feature = (env: string, shared: readonly string[]) => ({
    env,
    actionWords: shared,
    observationWords: [env, ...shared],
    listed: 0,
    rewardDensity: 0.2,
    turns: 5,
    characters: 100,
  });
  // WebShop and SearchQA share words, and they are the pair with the greatest transfer.
  const features = [
    feature("textcraft", ["x"]),
    feature("webshop", ["search", "y"]),
    feature("searchqa", ["search", "z"]),
  ];

  it("are correlated over all pairs, with an interval and a permutation test", () => {
    const rows = shiftRows(records, features);
    const words = rows.find(({ feature }) => feature === "words")!;
    expect(words).toMatchObject({ pairs: 6, correlation: { value: expect.closeTo(0.8528, 4) } });
    // Three environments have six permutations, and swapping the two alike changes nothing.
    expect(words.p).toBeCloseTo(1 / 3, 9);
    const [low, high] = [(words.correlation as { low: number }).low, (words.correlation as { high: number }).high];
    expect(low).toBeGreaterThan(0);
    expect(high).toBeLessThanOrEqual(1);
    expect(rows.find(({ feature }) => feature === "listed")!.correlation).toMatchObject({
      na: expect.stringContaining("vary"),
    });
  });

  it("are not correlated with fewer than three environments", () => {
    const two = records.filter(({ name }) => name !== "searchqa");
    expect(shiftRows(two, features)[0].correlation).toMatchObject({
      na: expect.stringContaining("three environments"),
    });
  });

  it("are drawn with one point per ordered pair and printed", () => {
    expect(pairRows(records, features)).toHaveLength(6);
    const figure = shiftFigure(records, features);
    expect(figure.data).toHaveLength(4);
    expect(figure.data[0].x).toHaveLength(6);
    expect(shiftTable(records, features).toText()).toContain("Mantel");
  });
});
