import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { initialModel } from "../../lib/pocket/model";
import { Tokenizer } from "../../lib/pocket/tokenizer";
import { mixture, single } from "../../lib/schedules";
import { trainSettings } from "../../lib/training/settings";
import { train } from "../../lib/training/trainer";

const size = { layers: 1, width: 8, heads: 2, keyHeads: 1, headSize: 4, pointer: 4, context: 256 };
const base = initialModel(size, new Tokenizer({ phrases: [], merges: [] }), "test");
const good = { seed: 1, schedule: single({ env: "textcraft", level: "easy" }, 3) };

describe("training settings", () => {
  it("hold every default, the base's hash and the environments' versions", () => {
    expect(trainSettings(base, good)).toMatchObject({
      groupSize: 8,
      average: "sequence",
      environments: { textcraft: "1" },
    });
    expect(trainSettings(base, good).base).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    [{ groupSise: 4 }, /train option: got "groupSise", accepted: "schedule", "seed"/],
    [{ groupSize: 1 }, /groupSize: got 1, accepted: whole numbers from 2/],
    [{ seed: undefined }, /seed: got undefined, accepted: whole numbers from 0/],
    [{ maxTurns: 0 }, /maxTurns: got 0, accepted: whole numbers from 1/],
    [{ maxTurns: { babyai: 5 } }, /maxTurns of environment: got "babyai", accepted: "textcraft"/],
    [{ maxTurns: { textcraft: 0.5 } }, /maxTurns of textcraft: got 0.5, accepted: whole numbers from 1/],
    [
      { maxTurns: [{ from: 1, turns: 5 }] },
      /maxTurns: got \[\{"from":1,"turns":5\}\], accepted: stages from step 0 on/,
    ],
    [
      { maxTurns: [0, 0].map((from) => ({ from, turns: 5 })) },
      /got a stage from step 0, accepted: whole numbers from 1/,
    ],
    [{ maxTurns: [] }, /maxTurns: got \[\], accepted: stages from step 0 on/],
    [{ groupSize: 0, estimator: "reinforce++" }, /groupSize: got 0, accepted: whole numbers from 1/],
    [{ workers: 0 }, /workers: got 0, accepted: whole numbers from 1/],
    [{ tasks: "random" }, /tasks: got "random", accepted: "shuffled", "signal"/],
    [{ temperature: 0 }, /temperature: got 0, accepted: numbers above 0/],
    [{ klEstimator: "k4" }, /klEstimator: got "k4", accepted: "k1", "k2", "k3"/],
    [{ klCoefficient: NaN }, /klCoefficient: got NaN, accepted: numbers from 0/],
    [{ clipLow: -3 }, /clipLow: got -3/],
    [{ estimator: "ppo" }, /estimator: got "ppo", accepted: "grpo", "dr-grpo", "rloo"/],
    [{ deviation: "foo" }, /deviation: got "foo", accepted: "sample", "population"/],
    [{ average: "mean" }, /average: got "mean", accepted: "token"/],
    [{ maxReplyTokens: 256 }, /maxReplyTokens: got 256, accepted: less than the context of 256/],
    [
      { schedule: single({ env: "textcraft", level: "medium" }, 3) },
      /level of textcraft: got "medium", accepted: "easy", "hard"/,
    ],
    [{ schedule: mixture([{ env: "nethack" }], 3) }, /unknown environment "nethack"/],
  ])("refuse %j before any work, naming what is accepted", (change, message) => {
    expect(() => trainSettings(base, { ...good, ...change } as never)).toThrow(message);
  });

  it("refuse a base whose tokenizer or parameters are not those of its configuration", () => {
    const tokenizer = new Tokenizer({ phrases: ["You can"], merges: [] });
    const words =
      /base: got a tokenizer of \d+ tokens and \d+ parameters, accepted: the \d+ and \d+ of its configuration/;
    expect(() => trainSettings({ ...base, tokenizer }, good)).toThrow(words);
    expect(() => trainSettings({ ...base, parameters: new Float32Array(3) }, good)).toThrow(words);
  });

  it("are refused by a run before it makes a folder", async () => {
    const root = path.join(os.tmpdir(), "heldout-refused");
    const start = (change: object) => train(base, { ...good, root, ...change } as never).next();
    await expect(start({ groupSise: 4 })).rejects.toThrow(/got "groupSise"/);
    await expect(start({ saveEvery: 0 })).rejects.toThrow(/saveEvery: got 0, accepted: whole numbers from 1/);
    expect(existsSync(root)).toBe(false);
  });
});
