import { describe, expect, it } from "vitest";
import { failureFigure, failureRates, failureTable, labelledTrajectories } from "../../lib/failures";
import { figureSvg } from "../../lib/notebook/svg";
import type { Estimate, Trajectory } from "../../lib/types";

const templates = labelledTrajectories().map(({ trajectory }) => trajectory);
const of = (id: string) => templates.find(({ task }) => task.id === id)!;

/** `failing` of ten tasks fail by faulty logic in both attempts, the others succeed. */
function policy(failing: number, env = "textcraft", failure = "textcraft-3", success = "textcraft-1"): Trajectory[] {
  return Array.from({ length: 10 }, (_, i) => i).flatMap((i) =>
    [0, 1].map((attempt) => {
      const template = of(i < failing ? failure : success);
      return { ...template, attempt, task: { ...template.task, id: `${env}_${i}` } };
    }),
  );
}

const groups = { base: policy(6), "after RFT": policy(2) };
const rate = (mode: string, group: string, options = {}) =>
  failureRates(groups, options).find((row) => row.mode === mode && row.group === group)!.rate as Estimate;

describe("failure rates", () => {
  it("are shares of episodes, with tasks as the independent units", () => {
    expect(rate("faulty logic", "base")).toMatchObject({ value: 0.6, n: 10, k: 2 });
    expect(rate("faulty logic", "after RFT").value).toBeCloseTo(0.2);
    expect(rate("faulty logic", "base").low).toBeLessThan(0.4);
  });

  it("of failures leave out tasks without one, and are n/a where there is none", () => {
    expect(rate("faulty logic", "after RFT", { of: "failures" })).toMatchObject({ value: 1, n: 2 });
    const perfect = failureRates({ base: policy(1), expert: policy(0) }, { of: "failures" });
    expect(perfect.find(({ group }) => group === "expert")!.rate).toEqual({ na: "no failure" });
  });

  it("of primary labels add up to the share of failures", () => {
    const rows = failureRates(groups, { labels: "primary" }).filter(({ group }) => group === "base");
    expect(rows.reduce((sum, { rate: r }) => sum + (r as Estimate).value, 0)).toBeCloseTo(0.6);
  });

  it("before and after are compared on the same tasks", () => {
    const table = failureTable(groups);
    expect(table.toText()).toContain("paired by task");
    expect(table.toMarkdown()).toMatch(/TextCraft\s*\| faulty logic\s*\| 60\.0 .*\| 20\.0 .*\| -40\.0/);
    expect(failureTable({ ...groups, third: policy(1) }).header.join()).not.toContain("change");
  });

  it("refuse two policies in one group, unknown options, and say what is accepted", () => {
    expect(() => failureRates({ mixed: [...policy(1), ...policy(2)] })).toThrow("is there twice");
    expect(() => failureRates(groups, { of: "tasks" as never })).toThrow(
      'of: got "tasks", accepted: "episodes", "failures"',
    );
    expect(() => failureRates(groups, { modes: ["sloth" as never] })).toThrow('mode: got "sloth"');
  });

  it("as a figure have a panel for each environment and draw", async () => {
    const both = (n: number) => [...policy(n), ...policy(n, "searchqa", "searchqa-13", "searchqa-1")];
    const figure = failureFigure({ base: both(6), "after RFT": both(2) });
    expect(figure.data).toHaveLength(4);
    expect(figure.layout).toHaveProperty("yaxis2");
    const svg = await figureSvg(figure);
    for (const words of ["TextCraft", "SearchQA", "faulty logic", "after RFT"]) expect(svg).toContain(words);
  });
});
