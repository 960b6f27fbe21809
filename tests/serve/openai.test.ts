import { InferenceClient } from "@huggingface/inference";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environment } from "../../lib/environments";
import { evaluate } from "../../lib/evaluate";
import { checkpointFile } from "../../lib/policies";
import { ChatPolicy } from "../../lib/policies/chat/policy";
import { loadCheckpoint } from "../../lib/pocket/checkpoint";
import { PocketPolicy } from "../../lib/pocket/policy";
import { serveOpenAI } from "../../lib/serve/openai";
import type { RunningServer } from "../../lib/serve/openai";
import { pocketResponder } from "../../lib/serve/pocket";

const { model } = loadCheckpoint(checkpointFile("small"));
const definition = environment("textcraft");
const tasks = definition.tasks({ split: "test", level: "easy" }).slice(0, 3);
let server: RunningServer;

beforeAll(async () => {
  server = await serveOpenAI({ model: "heldout-pocket", respond: pocketResponder("small", model) });
});
afterAll(() => server.close());

const post = (body: unknown, path = "/chat/completions") =>
  fetch(server.url + path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });
const asking = async (extra: object = {}) => {
  const running = definition.create();
  const { text } = await running.reset(tasks[0]);
  return { model: "heldout-pocket", messages: [{ role: "user", content: text }], seed: 1, ...extra };
};
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a server says is looked at by expectations
const said = async (response: Response): Promise<any> => response.json();
const replyTo = async (extra: object) => said(await post(await asking(extra)));

describe("the OpenAI-style server", () => {
  it("names its model, and tells what is wrong with a request", async () => {
    expect(await (await fetch(`${server.url}/models`)).json()).toMatchObject({ data: [{ id: "heldout-pocket" }] });
    const refused = async (body: unknown, path?: string) => {
      const response = await post(body, path);
      return [response.status, (await said(response)).error.message];
    };
    expect(await refused("{")).toEqual([400, "the body is not JSON"]);
    expect(await refused({ model: "gpt-5", messages: [{ role: "user", content: "x" }] })).toEqual([
      ...[404, 'there is no model "gpt-5" here, only "heldout-pocket"'],
    ]);
    expect(await refused({ model: "heldout-pocket", messages: [] })).toEqual([
      400,
      expect.stringContaining("messages"),
    ]);
    expect(await refused(await asking({ temperature: "hot" }))).toEqual([400, expect.stringContaining('got "hot"')]);
    expect(await refused({}, "/embeddings")).toEqual([404, "there is nothing at /v1/embeddings"]);
    const long = { role: "user", content: "many words ".repeat(5000) };
    const tooLong = await replyTo({ messages: [long] });
    expect(tooLong.error.code).toBe("context_length_exceeded");
  });

  it("answers whole and as a stream in the same words, with counted tokens", async () => {
    const { choices, usage } = await replyTo({});
    const client = new InferenceClient("", { endpointUrl: server.url });
    const request = { ...(await asking()), stream_options: { include_usage: true } };
    let streamed = "";
    let counted: unknown;
    for await (const chunk of client.chatCompletionStream(request)) {
      streamed += chunk.choices[0]?.delta.content ?? "";
      counted = chunk.usage ?? counted;
    }
    expect(streamed).toBe(choices[0].message.content);
    expect(counted).toEqual(usage);
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
    expect(usage.completion_tokens).toBeGreaterThan(3);
  });

  it("gives the same answer to the same messages and seed, whatever was asked in between", async () => {
    const first = await replyTo({});
    const others = await Promise.all([2, 3, 4].map((seed) => replyTo({ seed })));
    expect((await replyTo({})).choices).toEqual(first.choices);
    expect(new Set(others.map(({ choices }) => choices[0].message.content)).size).toBeGreaterThan(1);
  });

  it("answers requests that come one after the other while it writes as it answers each alone", async () => {
    const conversations = definition.tasks({ split: "test" }).slice(0, 24);
    const ask = async (task: (typeof tasks)[number], wait: number) => {
      const { text } = await definition.create().reset(task);
      await new Promise((go) => setTimeout(go, wait));
      const { choices } = await replyTo({ messages: [{ role: "user", content: text }], temperature: 0 });
      return choices[0].message.content;
    };
    const alone: string[] = [];
    for (const task of conversations.slice(0, 6)) alone.push(await ask(task, 0));
    const together = await Promise.all(conversations.map((task, i) => ask(task, 7 * i)));
    expect(together.slice(0, 6)).toEqual(alone);
  });

  it("keeps to the limit of tokens and to stop sequences", async () => {
    expect((await replyTo({ max_tokens: 3 })).choices[0].finish_reason).toBe("length");
    const [stopped, whole] = [await replyTo({ stop: ["Action:"] }), await replyTo({})];
    expect(stopped.choices[0].finish_reason).toBe("stop");
    expect(whole.choices[0].message.content.startsWith(stopped.choices[0].message.content)).toBe(true);
    expect(stopped.choices[0].message.content).not.toContain("Action:");
  });

  it("makes a chat model of the pocket policy: it plays as it does without a server", async () => {
    const options = { k: 1, maxTurns: 5 };
    const greedy = await PocketPolicy.open("small", model, { temperature: 0 });
    const alone = await evaluate(definition, greedy, tasks, options);
    await greedy.release();
    const chat = new ChatPolicy({ model: server.model, endpoint: server.url, temperature: 0, cache: false });
    const served = await evaluate(definition, chat, tasks, options);
    const replies = (played: typeof alone) => played.map(({ turns }) => turns.map(({ reply }) => reply));
    expect(replies(served)).toEqual(replies(alone));
    expect(served.map(({ outcome }) => outcome)).toEqual(alone.map(({ outcome }) => outcome));
  });
});
