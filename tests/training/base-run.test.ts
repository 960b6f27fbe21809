import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { BASES } from "../../lib/training/base";
import type { BasePhase, BaseSettings } from "../../lib/training/base";
import { forgetState, runBase } from "../../lib/training/base-run";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-base-"));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const phase = (name: string): BasePhase => ({
  ...BASES.small.phases[0],
  name,
  steps: 4,
  tokensPerStep: 300,
  environments: { textcraft: { weight: 1, levels: { easy: 1, hard: 1 } } },
});
const settings: BaseSettings = {
  size: "small",
  seed: 3,
  tokenizer: { demonstrations: 8, size: 400 },
  phases: [phase("first"), { ...phase("second"), invented: 0.5 }],
};

/** Runs until `steps` events have come or the training ends; returns the numbers of the steps it took. */
async function run(folder: string, steps = Infinity): Promise<number[]> {
  const taken: number[] = [];
  if (steps === 0) return taken;
  const training = runBase(settings, folder, 2);
  for (let next = await training.next(); !next.done; next = await training.next()) {
    taken.push(next.value.step);
    if (taken.length >= steps) await training.return(undefined as never);
  }
  return taken;
}

const files = (folder: string) =>
  ["model.safetensors", "curve.jsonl"].map((file) => fs.readFileSync(path.join(folder, file)).toString("base64"));

describe("the training of a base", () => {
  it("that was interrupted, in or between its phases, equals one that was not, byte for byte", async () => {
    const whole = path.join(root, "whole");
    expect(await run(whole)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    // Saved are 2, 4 (the end of the first phase), 6 and 8 steps.
    for (const interruption of [3, 4, 7]) {
      const folder = path.join(root, `after ${interruption}`);
      expect(await run(folder, interruption)).toHaveLength(interruption);
      expect((await run(folder))[0]).toBe(interruption - (interruption % 2));
      expect(files(folder)).toEqual(files(whole));
    }
  });

  it("takes no step twice once it is finished, and starts anew without its state", async () => {
    const folder = path.join(root, "whole");
    expect(await run(folder)).toEqual([]);
    forgetState(folder);
    expect(await run(folder, 1)).toEqual([0]);
  });
});
