import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { packRecords, savedRecords, saveRecords, unpackRecords } from "../../lib/experiments/record-files";
import { recordCell } from "../../lib/experiments/record-results";
import type { Manifest, PolicyRecord, StageRecord, TaskResult } from "../../lib/experiments/records";
import { levelAgreement, relabelled, splitBySuccess } from "../../lib/experiments/difficulty";
import type { TrainSettings } from "../../lib/training/settings";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-records-"));

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function result(task: string, success: (0 | 1)[], part?: string): TaskResult {
  const numbers = success.map((_, i) => i + 1);
  const measured = {
    reward: success.map((s) => s / 3),
    turns: numbers,
    tokens: numbers,
    invalid: success.map(() => 0),
  };
  return { env: "textcraft", task, level: "easy", ...(part !== undefined && { part }), success, ...measured };
}

const stage = (seed: number): StageRecord => ({ settings: { kind: "grpo", seed } as TrainSettings, curve: [] });
const first = stage(1);
const common = { base: { name: "small", hash: "h" } };
const records: PolicyRecord[] = [
  { ...common, name: "base", id: "h", seed: null, stages: [], tests: [result("textcraft_1", [0, 1], "2")] },
  { ...common, name: "textcraft", id: "a", seed: 1, stages: [first], tests: [result("textcraft_1", [1, 1], "2")] },
  { ...common, name: "textcraft > babyai", id: "b", seed: 1, stages: [first, stage(2)], tests: [result("t", [1, 0])] },
];

describe("files of records", () => {
  it("give back what was saved, and the same bytes for the same records", () => {
    const bytes = packRecords(records);
    expect(unpackRecords(bytes)).toEqual(records);
    expect(packRecords(unpackRecords(bytes)).equals(bytes)).toBe(true);
  });

  it("hold a stage once, however many policies went through it", () => {
    const [, one, two] = unpackRecords(packRecords(records));
    expect(one.stages[0]).toBe(two.stages[0]);
  });

  it("come with a manifest; a profile without records has none", () => {
    const manifest: Manifest = { profile: "quick", version: "1", date: "2026-01-01", machine: "m", tests: [] };
    saveRecords(folder, { manifest, records });
    expect(savedRecords(folder, "quick")).toEqual({ manifest, records });
    expect(savedRecords(folder, "full")).toBeUndefined();
  });

  it("of a further seed are added to those that are there, if both were tested alike from the same base", () => {
    const place = path.join(folder, "merged");
    const manifest: Manifest = { profile: "quick", version: "1", date: "2026-01-02", machine: "m", tests: [] };
    saveRecords(place, { manifest, records: records.slice(0, 2) });
    const second = { ...records[1], id: "a2", seed: 2 };
    const added = { manifest: { ...manifest, date: "2026-01-01", machine: "n" }, records: [records[0], second] };
    saveRecords(place, added);
    saveRecords(place, added);
    const found = savedRecords(place, "quick")!;
    expect(found.manifest).toEqual({ ...manifest, machine: "m + n" });
    expect(found.records.map(({ id }) => id)).toEqual(["h", "a", "a2"]);
    for (const other of [
      { ...added, manifest: { ...manifest, version: "2" } },
      { ...added, records: [{ ...second, base: { name: "large", hash: "other" } }] },
    ])
      expect(() => saveRecords(place, other)).toThrow(
        /profile "quick" that are there have another version, base or tests/,
      );
    expect(savedRecords(place, "quick")!.records).toHaveLength(3);
  });

  it("keep the failure modes of attempts, where they have them", () => {
    const failures = [["guessing", "out of turns"], []] as const;
    const test = { ...records[0].tests[0], failures };
    const [{ tests }] = unpackRecords(packRecords([{ ...records[0], tests: [test] }]));
    expect(tests).toEqual([test]);
  });

  it("become cells of seeds by tasks; there is none of a policy or test that is not there", () => {
    expect(recordCell(records, "textcraft", { env: "textcraft" })).toEqual({
      env: "textcraft",
      run: "textcraft, seeds 1",
      tasks: ["textcraft_1"],
      scores: [[1]],
      k: 2,
    });
    expect(recordCell(records, "webshop", { env: "textcraft" })).toBeUndefined();
    expect(recordCell(records, "base", { env: "webshop" })).toBeUndefined();
  });
});

describe("difficulty by model", () => {
  const rates = (counts: readonly number[]) =>
    counts.map((c, i) =>
      result(
        `textcraft_${i}`,
        [0, 1, 2, 3].map((attempt) => (attempt < c ? 1 : 0)),
      ),
    );

  it("puts the half that the base solves more often into easier, and never separates tasks of the same rate", () => {
    const split = splitBySuccess(rates([4, 0, 3, 0, 0, 1]));
    expect(split.textcraft.easier).toEqual(["textcraft_0", "textcraft_2", "textcraft_5"]);
    expect(splitBySuccess(rates([4, 4, 4, 1, 0])).textcraft.easier).toHaveLength(3);
    expect(splitBySuccess(rates([2, 0, 0, 0])).textcraft).toMatchObject({ easier: ["textcraft_0"] });
    // As uneven either way: the smaller easier part.
    expect(splitBySuccess(rates([4, 2, 2, 0])).textcraft.easier).toEqual(["textcraft_0"]);
    expect(() => splitBySuccess(rates([1, 1]))).toThrow(/every task of textcraft at the same rate, 0.25/);
  });

  it("gives outcomes their level by model, and leaves out tasks without one", () => {
    const levels = splitBySuccess(rates([4, 0]));
    expect(relabelled(rates([0, 0, 0]), levels).map(({ level }) => level)).toEqual(["easier", "harder"]);
  });

  it("compares both definitions in a table with Cohen's kappa", () => {
    // TextCraft's tasks are numbered by depth: the first are easy, 300 and 301 are hard.
    const levels = {
      textcraft: { easier: ["textcraft_0", "textcraft_1", "textcraft_300"], harder: ["textcraft_301"] },
    };
    const [{ counts, agreement, kappa }] = levelAgreement(levels);
    expect(counts).toEqual({ easy: { easier: 2, harder: 0 }, hard: { easier: 1, harder: 1 } });
    expect([agreement, kappa]).toEqual([0.75, 0.5]);
  });
});
