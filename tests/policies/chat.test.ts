import * as fs from "node:fs";
import type { ServerResponse } from "node:http";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { environment, environments } from "../../lib/environments";
import { evaluate } from "../../lib/evaluate";
import { conversation, opening } from "../../lib/policies/chat/conversation";
import { ChatPolicy } from "../../lib/policies/chat/policy";
import { CostRecord } from "../../lib/policies/chat/record";
import { findKey, redact } from "../../lib/policies/chat/secrets";
import { chatId, chatSettings } from "../../lib/policies/chat/settings";
import type { ChatOptions } from "../../lib/policies/chat/settings";
import { replyOf, toolSchemas } from "../../lib/policies/chat/tools";
import type { Answer } from "../../lib/policies/chat/transport";
import { rollout } from "../../lib/rollout";
import { crafter, MODEL, testServer } from "./server";
import type { TestServer } from "./server";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-chat-"));
const definition = environment("textcraft");
const tasks = definition.tasks({ split: "test", level: "easy" });
const servers: TestServer[] = [];
const SECRET = "hf_abcdefghijklmnopqrstuvwxyz012345";

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function serve(...args: Parameters<typeof testServer>): Promise<TestServer> {
  const server = await testServer(...args);
  servers.push(server);
  return server;
}

const policyAt = (server: TestServer, options: Partial<ChatOptions> = {}) =>
  new ChatPolicy({ model: MODEL, endpoint: server.url, cache: false, backoffSeconds: 0.001, ...options });
const play = (policy: ChatPolicy, n = 2, k = 2) => evaluate(definition, policy, tasks.slice(0, n), { k, maxTurns: 6 });
const one = (policy: ChatPolicy, maxTurns = 6) =>
  rollout(policy, { definition, task: tasks[0], attempt: 0, key: "one", maxTurns });
const saying = (text: string, tokens = 5): Answer => ({
  ...{ text, cut: false, tokens: { input: 10, output: tokens }, estimated: false },
});
const json = (value: object) => (to: ServerResponse) => {
  to.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
  return true;
};

describe("what a model is sent", () => {
  const settings = chatSettings({ model: "m", endpoint: "http://x" });
  const past = [0, 1, 2, 3].map((i) => ({ shown: `seen ${i}`, answer: saying(`said ${i}`) }));
  const texts = (kept: number) => conversation([], past, "seen now", kept).map(({ content }) => content);

  it("begins with the environment's prompt as AgentGym places it, or as a system message", () => {
    expect(opening(definition.prompt, settings).map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(opening(definition.prompt, { ...settings, prompt: "system" })).toEqual([
      { role: "system", content: definition.prompt.text },
    ]);
  });

  it("is the whole history, or the first turn and the latest ones with a line for the gap", () => {
    expect(texts(Infinity)).toEqual([...past.flatMap((t) => [t.shown, t.answer.text]), "seen now"]);
    expect(texts(3)).toEqual(texts(Infinity));
    expect(texts(1)).toEqual(["seen 0", "said 0", "[2 turns are left out here]\n\nseen 3", "said 3", "seen now"]);
    expect(texts(0)).toEqual(["seen 0", "said 0", "[3 turns are left out here]\n\nseen now"]);
    const roles = conversation([], past, "seen now", 1).map(({ role }) => role);
    expect(roles).toEqual(["user", "assistant", "user", "assistant", "user"]);
  });

  it("holds the settings, and a seed that depends on run, task, attempt and turn", async () => {
    const server = await serve(crafter);
    await play(policyAt(server, { temperature: 0.7, topP: 0.9, maxTokens: 64, stop: ["\nObservation:"], history: 1 }));
    const bodies = server.requests.map(({ body }) => JSON.parse(body));
    expect(bodies[0]).toMatchObject({
      model: MODEL,
      temperature: 0.7,
      top_p: 0.9,
      max_tokens: 64,
      stop: ["\nObservation:"],
    });
    expect(new Set(bodies.map(({ seed }) => seed)).size).toBe(bodies.length);
    expect(Math.max(...bodies.map(({ messages }) => messages.length))).toBe(2 + 2 + 2 + 1);
    const unseeded = await serve(crafter);
    await play(policyAt(unseeded, { seed: false }), 1, 1);
    expect(JSON.parse(unseeded.requests[0].body)).not.toHaveProperty("seed");
  });

  it("leaves out whole turns when the context is full, and the turn says how many", async () => {
    const server = await serve(async ({ messages }) => ({
      ...{ text: "Action: inventory", tokens: { input: JSON.stringify(messages).length / 4, output: 5 } },
    }));
    const whole = await one(policyAt(server));
    const { turns } = await one(policyAt(server, { contextTokens: 420, maxTokens: 20 }), 30);
    expect(whole.turns.every(({ notes }) => !notes)).toBe(true);
    expect(turns.some(({ notes }) => notes?.forgotten)).toBe(true);
    expect(await one(policyAt(server, { contextTokens: 40, maxTokens: 20 }))).toMatchObject({
      ...{ outcome: "truncated", turns: [] },
    });
  });

  it("is shortened when the server says that it is too long", async () => {
    const server = await serve(crafter, {
      mischief(_n, { body }, to) {
        if (JSON.parse(body).messages.length <= 7) return false;
        const error = { message: "This model's maximum context length is 512 tokens.", code: 400 };
        to.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ error }));
        return true;
      },
    });
    const { turns, outcome } = await one(policyAt(server, { temperature: 1 }), 12);
    expect(outcome).not.toBe("error");
    if (turns.length > 3) expect(turns[3].notes).toEqual({ forgotten: 1 });
    expect(server.requests.every(({ body }) => JSON.parse(body).messages.length <= 9)).toBe(true);
  });

  it("is refused for an episode, not for the run, when the server finds fault with it", async () => {
    const body = JSON.stringify({ error: { message: "unknown field: seed" } });
    const server = await serve(crafter, {
      mischief: (_n, _, to) => (to.writeHead(400, { "content-type": "application/json" }).end(body), true),
    });
    expect(await one(policyAt(server))).toMatchObject({
      ...{ outcome: "error", error: "the server answered 400: unknown field: seed" },
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe("function calling", () => {
  const call = (name: string, args: object | string): Answer => ({
    ...saying("I need it."),
    call: { name, arguments: typeof args === "string" ? args : JSON.stringify(args) },
  });
  const action = (env: string, answer: Answer) => {
    const of = environment(env);
    return of.parse(replyOf(of, answer)).action;
  };

  it.each(environments.map((d) => [d.id, d] as const))("%s describes its actions", (_, of) => {
    for (const { function: tool } of toolSchemas(of)) expect(tool.name).toMatch(/^[a-z_]+$/);
    for (const tool of of.tools!) {
      const used = [...tool.action.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(used.sort()).toEqual(Object.keys(tool.parameters).sort());
    }
  });

  it("becomes the environment's action", () => {
    expect(action("textcraft", call("get", { number: 2, item: "oak log" }))).toBe("get 2 oak log");
    expect(action("webshop", call("click", { text: "< Prev" }))).toBe("click[< Prev]");
    expect(action("searchqa", call("answer", { answer: "Beijing" }))).toContain("<answer>Beijing</answer>");
    expect(action("babyai", call("toggle_and_go_through", { door: "red door 1" }))).toBe(
      "toggle and go through red door 1",
    );
    expect(action("alfworld", call("put", { thing: "mug 2", place: "desk 1" }))).toBe("put mug 2 in/on desk 1");
  });

  it("that is wrong is the environment's to answer", async () => {
    for (const wrong of [call("fly", {}), call("get", "{oops"), call("get", { item: "oak log" }), call("get", "7")]) {
      expect(replyOf(definition, wrong)).toContain(`Action: ${wrong.call!.name}(`);
    }
    expect(replyOf(definition, saying("Action: inventory"))).toBe("Action: inventory");
  });

  it.each([false, true])("plays an episode, and history holds calls and results (streamed: %s)", async (stream) => {
    const calls = ["inventory", "get"].map((name) => ({
      ...{ id: "made-up-by-the-server", type: "function" },
      function: { name, arguments: name === "get" ? '{"number": "1", "item": "oak log"}' : "" },
    }));
    const server = await serve(crafter, {
      mischief(n, _, to) {
        const choice = (key: string, value: object) => ({
          choices: [{ index: 0, [key]: value, finish_reason: "tool_calls" }],
        });
        if (!stream) return json(choice("message", { content: null, tool_calls: [calls[n % 2]] }))(to);
        const { name, arguments: written } = calls[n % 2].function;
        const deltas = [{ name, arguments: "" }, ...[...written].map((c) => ({ arguments: c }))];
        to.writeHead(200, { "content-type": "text/event-stream" });
        for (const part of deltas)
          to.write(`data: ${JSON.stringify(choice("delta", { tool_calls: [{ index: 0, function: part }] }))}\n\n`);
        to.end("data: [DONE]\n\n");
        return true;
      },
    });
    const { turns } = await one(policyAt(server, { format: "tools", stream }), 3);
    expect(turns.map((turn) => turn.action)).toEqual(["inventory", "get 1 oak log", "inventory"]);
    expect(turns[0].reply).toBe("Action: inventory");
    const { messages, tools } = JSON.parse(server.requests[2].body);
    expect(tools).toHaveLength(3);
    expect(messages.slice(3).map((m: { role: string }) => m.role)).toEqual(["assistant", "tool", "assistant", "tool"]);
    expect(messages[3].tool_calls[0].id).toBe("call00000");
    expect(messages[4].tool_call_id).toBe("call00000");
  });
});

describe("the cache of answers", () => {
  it("makes a second run free, also from another address, and the same to the byte", async () => {
    const cache = path.join(folder, "cache-1");
    const [first, second] = [await serve(crafter), await serve(crafter)];
    const played = await play(policyAt(first, { cache }));
    const again = policyAt(second, { cache });
    expect(JSON.stringify(await play(again))).toBe(JSON.stringify(played));
    expect(second.requests).toHaveLength(0);
    const { calls, cached, elsewhere, tokens } = again.costs.total;
    expect([calls, tokens.input, cached, elsewhere]).toEqual([0, 0, first.requests.length, first.requests.length]);
  });

  it("keeps apart what may have another answer", async () => {
    const cache = path.join(folder, "cache-2");
    const server = await serve(crafter);
    await play(policyAt(server, { cache }), 1, 1);
    const before = server.requests.length;
    for (const other of [{ temperature: 0 }, { revision: "step 200" }, { maxTokens: 100 }, { stop: ["x"] }]) {
      const policy = policyAt(server, { cache, ...other });
      await play(policy, 1, 1);
      expect(policy.costs.total.cached).toBe(0);
    }
    expect(server.requests.length).toBeGreaterThan(before);
  });

  it("finds damaged entries and asks again", async () => {
    const cache = path.join(folder, "cache-3");
    const server = await serve(crafter);
    const played = await play(policyAt(server, { cache }));
    const entries = fs.readdirSync(cache, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".json"));
    expect(entries).toHaveLength(server.requests.length);
    const damage = [
      (t: string) => t.slice(0, 40),
      (t: string) => t.replace("I want", "I wont"),
      () => "",
      () => "null",
    ];
    damage.forEach((spoil, i) => {
      const file = path.join(cache, entries[i]);
      const text = fs.readFileSync(file, "utf8");
      fs.writeFileSync(file, spoil(text));
    });
    const policy = policyAt(server, { cache });
    expect(await play(policy)).toEqual(played);
    expect(policy.costs.total.calls).toBe(4);
    const third = policyAt(server, { cache });
    await play(third);
    expect(third.costs.total.calls).toBe(0);
  });

  it("is shared by runs at the same time, and all get the same answers", async () => {
    const cache = path.join(folder, "cache-4");
    let n = 0;
    const moody = await serve(async () => ({ text: `Action: get ${++n} oak log`, tokens: { input: 1, output: 1 } }));
    const [a, b] = await Promise.all([1, 2].map(() => play(policyAt(moody, { cache }))));
    expect(JSON.stringify(a) === JSON.stringify(b)).toBe(true);
    expect(fs.readdirSync(cache, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".part"))).toEqual([]);
  });
});

describe("keys", () => {
  it("go to Hugging Face, OpenAI and this machine by themselves, and elsewhere only by name", () => {
    const env = { HF_TOKEN: "hf", OPENAI_API_KEY: "sk", OTHER: "other" };
    expect(findKey({}, env)).toBe("hf");
    expect(findKey({ endpoint: "https://x.us-east-1.aws.endpoints.huggingface.cloud/v1" }, env)).toBe("hf");
    expect(findKey({ endpoint: "https://api.openai.com/v1" }, env)).toBe("sk");
    expect(findKey({ endpoint: "http://127.0.0.1:8000" }, env)).toBe("sk");
    expect(findKey({ endpoint: "https://huggingface.co.evil.example" }, env)).toBeUndefined();
    expect(findKey({ endpoint: "https://gpu.example.org/v1" }, env)).toBeUndefined();
    expect(findKey({ endpoint: "https://gpu.example.org/v1", keyEnv: "OTHER" }, env)).toBe("other");
    expect(() => findKey({ keyEnv: "NOT_THERE" }, env)).toThrow(/the environment variable NOT_THERE .* is not set/);
  });

  it("are blotted out wherever they could be written", () => {
    expect(redact(`Authorization: Bearer ${SECRET} failed`)).not.toContain(SECRET);
    expect(redact("key=correct-horse", "correct-horse")).toBe("key=[key]");
    expect(redact("http://me:pass@host/v1")).toBe("http://[key]host/v1");
    expect(() => chatSettings({ model: "m", endpoint: "http://me:pass@host/v1" })).toThrow(
      /^endpoint: got an address with/,
    );
    expect(() => chatSettings({ model: "m", endpoint: "http://host/v1?key=abc" })).toThrow(/^(?!.*abc)/);
  });

  it("reach the server and nothing else, even when the server repeats them", async () => {
    const cache = path.join(folder, "cache-keys");
    process.env.HELDOUT_TEST_KEY = SECRET;
    let n = 0;
    const server = await serve(crafter, {
      mischief(_n, { headers }, to) {
        const said = `your key is ${headers.authorization}`;
        const kind = n++ % 3;
        if (kind === 0) to.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify({ error: said }));
        else if (kind === 1) to.writeHead(400).end(said);
        else json({ choices: [{ message: { content: said }, finish_reason: "stop" }] })(to);
        return true;
      },
    });
    const file = path.join(folder, "keys.jsonl");
    const policy = policyAt(server, { cache, keyEnv: "HELDOUT_TEST_KEY", retries: 0 });
    const running = evaluate(definition, policy, tasks.slice(0, 3), { k: 2, maxTurns: 3, file });
    const played = await running.catch((error: Error) => error.message + error.stack + JSON.stringify(error));
    delete process.env.HELDOUT_TEST_KEY;
    expect(server.requests[0].headers.authorization).toBe(`Bearer ${SECRET}`);
    const files = fs.readdirSync(cache, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".json"));
    const texts = [file, ...files.map((f) => path.join(cache, f))].map((f) => fs.readFileSync(f, "utf8"));
    for (const text of [...texts, JSON.stringify(played), JSON.stringify(policy.costs.report()), policy.id])
      expect(text).not.toContain(SECRET);
    expect(texts[0]).toContain("your key is");
  });
});

describe("settings", () => {
  it("name the agent: the same settings, the same id, wherever it is served", () => {
    const id = (options: Partial<ChatOptions>) => chatId(chatSettings({ model: "org/Model-7B", ...options }));
    expect(id({ endpoint: "http://a" })).toBe(id({ provider: "together", concurrency: 3 }));
    expect(id({ endpoint: "http://a" })).toMatch(/^chat-org-Model-7B-[0-9a-f]{8}$/);
    for (const other of [{ temperature: 0 }, { history: 3 }, { format: "tools" as const }, { revision: "r" }])
      expect(id(other)).not.toBe(id({}));
  });

  it.each([
    [{ temprature: 1 }, /chat option: got "temprature", accepted: "model"/],
    [{ temperature: -1 }, /temperature: got -1, accepted: numbers from 0/],
    [{ history: 1.5 }, /history: got 1.5, accepted: whole numbers from 0/],
    [{ format: "yaml" }, /format: got "yaml", accepted: "text", "tools"/],
    [{ endpoint: "localhost:8000" }, /endpoint: got .*accepted: an http\(s\) address/],
    [{ endpoint: "http://x", provider: "together" }, /accepted: one of the two/],
    [{ model: "" }, /model: got none/],
  ])("are refused when wrong: %j", (options, message) => {
    expect(() => chatSettings({ model: "m", ...options } as ChatOptions)).toThrow(message);
  });

  it("refuse a provider that does not exist, with those that do", () => {
    expect(() => new ChatPolicy({ model: "m", provider: "acme", cache: false })).toThrow(
      /got "acme", accepted: .*"together"/,
    );
  });
});

describe("costs", () => {
  it("have a price only where the table has one, and add up over parts of a run and over runs", async () => {
    const prices = path.join(folder, "prices.json");
    fs.writeFileSync(prices, JSON.stringify({ models: { [MODEL]: { input: 10, output: 1000 } } }));
    const server = await serve(crafter);
    const out = path.join(folder, "costs");
    const policy = policyAt(server, { prices });
    const record = new CostRecord(out, "run-a", policy, "textcraft");
    await play(policy);
    record.save(true);
    const { tokens, calls } = policy.costs.of("textcraft");
    const usd = (tokens.input * 10 + tokens.output * 1000) / 1e6;
    const read = () => JSON.parse(fs.readFileSync(path.join(out, "cost.json"), "utf8"));
    expect(read().total).toMatchObject({ calls, usd });
    const later = policyAt(server, { prices });
    const resumed = new CostRecord(out, "run-a", later, "textcraft");
    await play(later, 1, 1);
    resumed.save(true);
    expect(read().environments.textcraft.calls).toBe(server.requests.length);
    new CostRecord(out, "run-b", policyAt(server), "babyai").save(true);
    expect(read().total.usd).toBeNull();
    expect(read().environments.textcraft.usd).toBeGreaterThan(usd);
    expect(read().runs.map(({ run }: { run: string }) => run)).toEqual(["run-a", "run-b"]);
  });

  it("are estimated and marked where the server does not count", async () => {
    const server = await serve(crafter, {
      mischief: (_n, _, to) =>
        json({
          choices: [{ message: { content: [{ type: "text", text: "Action: look" }] }, finish_reason: "length" }],
        })(to),
    });
    const policy = policyAt(server);
    const { turns } = await one(policy, 1);
    expect(turns[0]).toMatchObject({ action: "look", notes: { cut: true, estimated: true }, tokens: { output: 3 } });
    expect(policy.costs.total).toMatchObject({ calls: 1, estimated: 1 });
    expect(policy.costs.report().total.usd).toBeNull();
  });
});
