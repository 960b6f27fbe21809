import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environment, environments } from "../../lib/environments";
import { importTrajectories } from "../../lib/import";
import { avgAt } from "../../lib/metrics";
import { expert, random } from "../../lib/policies";
import { rollout } from "../../lib/rollout";
import type { Trajectory } from "../../lib/types";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-import-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content, null, 4));
  return file;
}

const START = ["You are given tools. Reply with Thought and Action.", "OK. I'll follow your instructions."];

/** The texts of an episode in turn: what was shown, what was replied, ..., what was said last. */
const texts = ({ turns, last }: Trajectory) => [...turns.flatMap(({ shown, reply }) => [shown, reply]), last];

/** A line of AgentGym's evaluator. */
function evaluatorLine(trajectory: Trajectory, item: number | string): string {
  const start = START.map((value, i) => ({ from: i ? "gpt" : "human", loss: i ? false : null, value }));
  const rest = texts(trajectory).map((value, i) => ({
    from: i % 2 ? "gpt" : "human",
    loss: i % 2 ? true : null,
    value,
  }));
  const { reward } = trajectory;
  return JSON.stringify({ conversations: [...start, ...rest], item_id: item, reward, success: Number(reward === 1) });
}

/** A record of AgentGym-RL's rollouts. */
function rolloutRecord({ reward, ...trajectory }: Trajectory, item: number) {
  const all = [...START, ...texts({ reward, ...trajectory })];
  return {
    item_id: item,
    conversations: all.map((content, i) => ({ role: i % 2 ? "assistant" : "user", content })),
    reward,
  };
}

const items: { readonly [env: string]: number } = { textcraft: 31, babyai: 840, alfworld: 0, webshop: 3, searchqa: 2 };
const played: { [env: string]: Trajectory[] } = {};

beforeAll(async () => {
  for (const definition of environments) {
    const task =
      definition.id === "alfworld" ? definition.tasks({ split: "test" })[0] : definition.task(items[definition.id]);
    const episode = { definition, task, key: "import", maxTurns: 8 };
    played[definition.id] = [
      await rollout(expert, { ...episode, attempt: 0 }),
      await rollout(random, { ...episode, attempt: 1 }),
    ];
  }
}, 60_000);

/** What a log keeps of a trajectory. */
function kept({ turns, last, reward, outcome, attempt }: Trajectory) {
  const bare = turns.map(({ shown, reply, action, valid }) => ({ shown, reply, action, valid }));
  return { turns: bare, last, reward, outcome, attempt };
}

describe("a log of AgentGym's evaluator", () => {
  it.each(environments.map(({ id }) => id))("of %s comes back as what was played", (env) => {
    const lines = played[env].map((trajectory) => evaluatorLine(trajectory, `${env}_${items[env]}`));
    const found = importTrajectories(write(`${env}.jsonl`, lines.join("\n") + "\n"), { policy: "theirs" });
    expect(found.map(kept)).toEqual(played[env].map(kept));
    expect(found[0].policy).toBe("theirs");
    if (env !== "alfworld") expect(found.map(({ task }) => task)).toEqual(played[env].map(({ task }) => task));
  });

  it("is measured like our own", () => {
    const lines = played.textcraft.map((trajectory) => evaluatorLine(trajectory, "textcraft_31"));
    const { value, n } = avgAt(2)(importTrajectories(write("measured.jsonl", lines.join("\n"))));
    expect({ value, n }).toEqual({ value: 0.5, n: 1 });
  });

  it("keeps a task of its own where our data has another under its number", () => {
    const [{ task }] = importTrajectories(write("own.jsonl", evaluatorLine(played.alfworld[0], "alfworld_2420")));
    expect(task).toMatchObject({ id: "alfworld_2420", env: "alfworld", level: "unknown", split: "test" });
    const other = evaluatorLine(played.webshop[0], "webshop_3").replaceAll("price lower than", "price under");
    expect(importTrajectories(write("shop.jsonl", other))[0].task.level).toBe("unknown");
  });

  it("finds TextCraft's task by its goal, since numbers differ between machines", () => {
    const [{ task }] = importTrajectories(write("goal.jsonl", evaluatorLine(played.textcraft[0], "textcraft_400")));
    expect(task.id).toBe("textcraft_31");
  });
});

describe("rollouts of AgentGym-RL", () => {
  it("tell their environment by the first observation, and attempts by the order of an item's rows", () => {
    const records = [...played.babyai, ...played.babyai].map((trajectory) => rolloutRecord(trajectory, 840));
    const found = importTrajectories(write("step3/0.json", records));
    expect(found.map(({ task, attempt }) => [task.id, attempt])).toEqual([0, 1, 2, 3].map((i) => ["babyai_840", i]));
    expect(found[0].policy).toBe("step3/0");
  });

  it("of a step are read from all its ranks, 2 before 10", () => {
    for (const rank of [10, 2])
      write(`step7/${rank}.json`, [rolloutRecord({ ...played.textcraft[0], reward: rank === 2 ? 1 : 0 }, 31)]);
    expect(importTrajectories(path.join(folder, "step7")).map(({ reward }) => reward)).toEqual([1, 0]);
  });

  it("that end with the agent's reply broke in the environment: an error, not a failure", () => {
    const record = rolloutRecord({ ...played.textcraft[1], reward: 0 }, 31);
    const broken = { ...record, conversations: record.conversations.slice(0, -1) };
    expect(importTrajectories(write("broken.json", [broken]))[0]).toMatchObject({ outcome: "error", last: "" });
  });

  it("drop system prompts and worked examples before the episode", () => {
    const { conversations, ...rest } = rolloutRecord(played.webshop[0], 3);
    const example = rolloutRecord(played.webshop[1], 3).conversations.slice(2, 6);
    const renamed = example.map((message) => ({
      ...message,
      content: message.content.replace("Find me", "Find me now"),
    }));
    const system = { role: "system", content: "You are a helpful assistant." };
    const longer = [system, ...conversations.slice(0, 2), ...renamed, ...conversations.slice(2)];
    const [found] = importTrajectories(write("example.json", [{ ...rest, conversations: longer }]));
    expect(kept(found)).toEqual(kept(played.webshop[0]));
  });

  it("keep WebShop's way back to the search page inside the episode", async () => {
    const definition = environment("webshop");
    const replies = ["Action: search[shoes]", "Action: click[back to search]", "Action: search[rug]"];
    const policy = {
      id: "back",
      begin: () => ({ act: async () => ({ text: replies.shift() ?? "Action: search[x]" }) }),
    };
    const trajectory = await rollout(policy, {
      definition,
      task: definition.task(3),
      attempt: 0,
      key: "k",
      maxTurns: 4,
    });
    expect(kept(importTrajectories(write("back.json", [rolloutRecord(trajectory, 3)]))[0])).toEqual(kept(trajectory));
  });

  it("score by each environment's rule: a fraction is a success in BabyAI and none in WebShop", () => {
    const outcome = (env: string, reward: number) =>
      importTrajectories(write("rule.json", [rolloutRecord({ ...played[env][0], reward }, items[env])]))[0].outcome;
    expect(outcome("babyai", 0.3)).toBe("success");
    expect(outcome("webshop", 0.75)).toBe("failure");
    expect(outcome("textcraft", 0)).toBe("truncated");
  });
});

describe("our own trajectories", () => {
  it("come back unchanged", () => {
    const all = Object.values(played).flat();
    const file = write("ours.jsonl", all.map((trajectory) => JSON.stringify(trajectory)).join("\n"));
    expect(importTrajectories(file)).toEqual(JSON.parse(JSON.stringify(all)));
  });
});

describe("a log that is not as it should be", () => {
  const line = (change: object) =>
    JSON.stringify({ ...JSON.parse(evaluatorLine(played.textcraft[0], "textcraft_31")), ...change });
  const reading =
    (content: unknown, options = {}) =>
    () =>
      importTrajectories(write("bad.jsonl", content), options);

  it("is refused with line, field, what was there, and what is accepted", () => {
    const good = line({});
    expect(reading(`${good}\n\n${line({ reward: "1" })}`)).toThrow(
      /bad\.jsonl line 3: reward: got "1", accepted: a number/,
    );
    expect(reading(line({ item_id: null }))).toThrow("line 1: item_id: got null, accepted: a number or a string");
    expect(reading(`${good}\n{"a": `)).toThrow(/line 2: not JSON/);
    expect(reading(line({ conversations: [{ from: "gpt", value: 7 }] }))).toThrow(
      "conversations[0].value: got 7, accepted: a string",
    );
    expect(reading(line({ conversations: [{ from: "bot", value: "" }] }))).toThrow(
      'conversations[0].from: got "bot", accepted: gpt, assistant',
    );
    expect(reading(`{"a": 1}`)).toThrow("format not recognized, fields a; accepted: conversations");
    expect(reading([rolloutRecord(played.textcraft[0], 31), 7])).toThrow(
      "record 2: the record: got 7, accepted: an object",
    );
    expect(reading(JSON.stringify({ ...played.textcraft[0], outcome: "won" }))).toThrow(
      'outcome: got "won", accepted: success, failure',
    );
  });

  it("or asked for wrongly is refused with what is accepted", () => {
    expect(reading(line({}), { format: "csv" })).toThrow(
      'format: got "csv", accepted: "evaluator", "rollout", "heldout"',
    );
    expect(reading(line({}), { form: "x" })).toThrow('import option: got "form"');
    expect(reading(line({}), { env: "babyai" })).toThrow("items of babyai, as asked for");
    expect(reading(line({ item_id: 31 }), { env: "babyai" })).toThrow("accepted: one of babyai");
    expect(reading(line({ conversations: [{ from: "human", value: "hello" }] }))).toThrow(
      "a first observation of textcraft",
    );
  });
});
