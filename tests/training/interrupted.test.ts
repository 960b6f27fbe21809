import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveCheckpoint } from "../../lib/pocket/checkpoint";
import { initialModel, SIZES } from "../../lib/pocket/model";
import { Tokenizer } from "../../lib/pocket/tokenizer";
import { CHECKPOINT, CURVE, runFolder, train } from "../../lib/training/trainer";
import { base, bothLevels } from "./support";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-interrupted-"));
const small = {
  seed: 5,
  tasksPerStep: 2,
  groupSize: 4,
  maxTurns: 3,
  tasks: "signal",
  schedule: bothLevels(4),
} as const;
const start = (name: string) => train(base, { ...small, root: path.join(scratch, name), saveEvery: 2 });
const folder = (name: string) => runFolder(path.join(scratch, name), base, small);
const bytes = (name: string) =>
  [CURVE, CHECKPOINT].map((file) => fs.readFileSync(path.join(folder(name), file), "base64"));
const snapshot = (steps: number) => path.join(scratch, `after ${steps}`);

/** Goes on with a run to its end; returns how many steps that took. */
async function finish(name: string): Promise<number> {
  const taken: number[] = [];
  for await (const { record } of start(name)) taken.push(record.step);
  return taken.length;
}

/** A run killed after so many steps, changed by `damage`. */
function killed(name: string, steps: number, damage: (folder: string) => void): string {
  fs.cpSync(snapshot(steps), folder(name), { recursive: true });
  damage(folder(name));
  return name;
}

beforeAll(async () => {
  for await (const { record } of start("straight")) {
    fs.cpSync(folder("straight"), snapshot(record.step + 1), { recursive: true });
  }
});
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

describe("a run that ended goes on to the same bytes when it ended", () => {
  it("by leaving the loop", async () => {
    for await (const { record } of start("left")) if (record.step === 0) break;
    expect(await finish("left")).toBe(4);
    expect(bytes("left")).toEqual(bytes("straight"));
    expect(await finish("left")).toBe(0);
  });

  it.each<[string, number, (folder: string) => void]>([
    ["between two saved states", 3, () => undefined],
    [
      "in the middle of a line of the curve",
      3,
      (f) => fs.appendFileSync(path.join(f, CURVE), '{"step":3,"stage":0,"le'),
    ],
    [
      "in the middle of writing a checkpoint",
      3,
      (f) => {
        const part = fs.readFileSync(path.join(f, CHECKPOINT)).subarray(0, 999);
        fs.writeFileSync(path.join(f, `${CHECKPOINT}.1.part`), part);
      },
    ],
    [
      "between a line of the curve and the checkpoint of the same step",
      4,
      (f) => fs.copyFileSync(path.join(snapshot(2), CHECKPOINT), path.join(f, CHECKPOINT)),
    ],
  ])("%s", async (name, steps, damage) => {
    expect(await finish(killed(name, steps, damage))).toBe(2);
    expect(bytes(name)).toEqual(bytes("straight"));
  });
});

describe("a run folder that does not fit is refused:", () => {
  const checkpoint = (f: string) => path.join(f, CHECKPOINT);
  const large = initialModel(SIZES.large, base.tokenizer, "other");
  const letters = initialModel(SIZES.small, new Tokenizer({ phrases: [], merges: [] }), "other");

  it.each<[string, (folder: string) => void, RegExp]>([
    [
      "a checkpoint of another size",
      (f) => saveCheckpoint(checkpoint(f), large),
      /another size or tokenizer: got width 192, (\d+) tokens, accepted: width 96, \1 tokens/,
    ],
    [
      "a checkpoint of another tokenizer",
      (f) => saveCheckpoint(checkpoint(f), letters),
      /another size or tokenizer: got width 96, \d+ tokens, accepted: width 96, \d+ tokens/,
    ],
    [
      "a checkpoint without the optimizer's state",
      (f) => saveCheckpoint(checkpoint(f), base),
      /holds no state of the optimizer; remove its folder/,
    ],
    [
      "a checkpoint that is cut short",
      (f) => fs.truncateSync(checkpoint(f), 99_999),
      /is not a readable checkpoint: tensor \S+ is cut off/,
    ],
    [
      "a checkpoint that is ahead of its curve",
      (f) => fs.truncateSync(path.join(f, CURVE), 20),
      /2 steps are saved but curve\.jsonl has 0/,
    ],
  ])("%s", async (name, damage, message) => {
    await expect(start(killed(name, 2, damage)).next()).rejects.toThrow(message);
  });
});
