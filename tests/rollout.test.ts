import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { environment } from "../lib/environments";
import { evaluate } from "../lib/evaluate";
import { expert, random } from "../lib/policies";
import { rollout } from "../lib/rollout";
import { readRows } from "../lib/store";
import type { EnvironmentDefinition, Policy, Trajectory } from "../lib/types";

const definition = environment("textcraft");
const task = definition.task(31);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-rollout-"));
const play = (policy: Policy, other: Partial<EnvironmentDefinition> = {}) =>
  rollout(policy, { definition: { ...definition, ...other }, task, attempt: 0, key: "test" });
const saying = (text: string): Policy => ({ id: "saying", begin: () => ({ act: async () => ({ text }) }) });

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("a rollout", () => {
  it("of the expert succeeds and records what was shown, said, done and earned", async () => {
    const trajectory = await play(expert);
    expect(trajectory).toMatchObject({ outcome: "success", reward: 1, policy: "expert", task: { id: "textcraft_31" } });
    expect(trajectory.turns[0].shown).toContain("Goal: craft");
    expect(trajectory.turns.at(-1)!.reward).toBe(1);
  });

  it("is truncated at the turn limit, whatever the agent says", async () => {
    const trajectory = await play(saying("Action: inventory"));
    expect(trajectory.outcome).toBe("truncated");
    expect(trajectory.turns).toHaveLength(definition.maxTurns);
  });

  it("spends a turn without a step on a reply with several actions, as the original's client does", async () => {
    const trajectory = await play(saying("Action: inventory\nAction: inventory"));
    expect(trajectory.turns[1].shown).toMatch(/^Error: Only one 'Action' is allowed/);
    expect(trajectory.turns.every((turn) => !turn.valid)).toBe(true);
  });

  it("that breaks is an error with its reason, not a failure, and gives back what it held", async () => {
    let closed = 0;
    const policy: Policy = {
      id: "breaks",
      begin: () => ({ act: () => Promise.reject(new Error("the server is gone")), close: () => void closed++ }),
    };
    expect(await play(policy)).toMatchObject({ outcome: "error", error: "the server is gone", turns: [] });
    expect(closed).toBe(1);
  });

  it("ends when the policy cannot go on", async () => {
    const silent: Policy = { id: "silent", begin: () => ({ act: async () => undefined }) };
    expect(await play(silent)).toMatchObject({ outcome: "truncated", turns: [] });
  });
});

describe("an evaluation", () => {
  const tasks = definition.tasks({ split: "test", level: "easy" }).slice(0, 5);

  it("plays k attempts at each task in order, the same again for the same key", async () => {
    const once = await evaluate(definition, random, tasks, { k: 3, maxTurns: 4 });
    expect(once.map((t) => [t.task.id, t.attempt])).toEqual(tasks.flatMap(({ id }) => [0, 1, 2].map((k) => [id, k])));
    expect(await evaluate(definition, random, tasks, { k: 3, maxTurns: 4 })).toEqual(once);
    expect(await evaluate(definition, random, tasks, { k: 3, maxTurns: 4, key: "other" })).not.toEqual(once);
  });

  it("resumes from whole waves and ends with the same file as an uninterrupted one", async () => {
    const options = { k: 3, maxTurns: 4, wave: 4 };
    const [straight, broken] = ["straight", "broken"].map((name) => path.join(folder, `${name}.jsonl`));
    const all = await evaluate(definition, random, tasks, { ...options, file: straight });
    const text = fs.readFileSync(straight, "utf8");
    const wave = text.split("\n").slice(0, 4).join("\n").length + 1;
    for (const kept of [text.length * 0.6, wave, wave + 50]) {
      fs.writeFileSync(broken, text.slice(0, Math.floor(kept)));
      const resumed = await evaluate(definition, random, tasks, { ...options, file: broken });
      expect(JSON.stringify(resumed)).toBe(JSON.stringify(all));
      expect(fs.readFileSync(broken, "utf8")).toBe(text);
    }
    expect(readRows<Trajectory>(broken)).toHaveLength(15);
  });

  it("plays again what ended in an infrastructure error, and keeps what came before", async () => {
    const file = path.join(folder, "errors.jsonl");
    const options = { k: 3, maxTurns: 4, wave: 4, file };
    const all = await evaluate(definition, random, tasks, options);
    const rows = readRows<Trajectory>(file);
    rows[9] = { ...rows[9], outcome: "error", error: "the server is gone" };
    fs.writeFileSync(file, rows.map((row) => JSON.stringify(row) + "\n").join(""));
    expect(JSON.stringify(await evaluate(definition, random, tasks, options))).toBe(JSON.stringify(all));
  });
});
