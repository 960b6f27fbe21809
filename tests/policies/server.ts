/** Servers for tests: one that plays TextCraft with mistakes, and one that misbehaves on purpose before answering. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fold, generator, hash32 } from "../../lib/random";
import { openAIHandler } from "../../lib/serve/openai";
import type { Responder, ServedMessage } from "../../lib/serve/openai";
import type { Policy } from "../../lib/types";

export const MODEL = "crafter-with-mistakes";

/**
 * Crafts what an easy TextCraft task asks for, one step at a time, and does nothing useful one time in four: a function
 * of the messages and the seed alone.
 */
export const crafter: Responder = async ({ messages, seed = 0 }) => {
  const shown = messages.filter(({ role }) => role === "user").map(({ content }) => content);
  const start = shown.findIndex((text) => text.startsWith("Crafting commands:"));
  const goal = /Goal: craft (.*)\./.exec(shown[start])![1];
  const command = shown[start].split("\n").find((line) => line.replace(/ using .*/, "").endsWith(` ${goal}`))!;
  const steps = [
    ...command
      .split(" using ")[1]
      .split(", ")
      .map((item) => `get ${item}`),
    command,
  ];
  const got = shown.filter((text) => text.startsWith("Got ")).length;
  const useful = generator(fold("mistake", seed)).next() < 0.75;
  const text = `Thought: I want ${goal}.\nAction: ${useful ? steps[Math.min(got, steps.length - 1)] : "dance"}`;
  return { text, tokens: { input: messages.length * 10, output: text.length } };
};

/** The agent that a chat policy should be, in a few lines and without a server. */
export const reference: Policy = {
  id: "reference",
  begin({ definition, key }) {
    const messages: ServedMessage[] = [
      { role: "user", content: definition.prompt.text },
      { role: "assistant", content: "OK. I'll follow your instructions and try my best to solve the task." },
    ];
    let turn = 0;
    return {
      async act(shown) {
        messages.push({ role: "user", content: shown });
        const reply = await crafter({ messages, temperature: 1, seed: hash32(fold(key, "chat", turn++)) >>> 1 });
        messages.push({ role: "assistant", content: reply!.text });
        return reply;
      },
    };
  },
};

export interface Recorded {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** In ms of performance.now(). */
  readonly at: number;
}

/** What a server does to its nth request (from 0) instead of answering; true when it did something. */
export type Mischief = (n: number, request: Recorded, to: ServerResponse) => boolean | void;

export interface TestServer {
  readonly url: string;
  readonly requests: readonly Recorded[];
  /** Requests under way now. */
  readonly open: () => number;
  close(): void;
}

/** A server on a free port; `delay` in ms before each answer. */
export async function testServer(
  respond: Responder,
  { mischief, delay = 0 }: { mischief?: Mischief; delay?: number } = {},
): Promise<TestServer> {
  const requests: Recorded[] = [];
  let open = 0;
  const handle = openAIHandler({ model: MODEL, respond });
  const server = createServer((request, to) => {
    const n = requests.length;
    open++;
    to.once("close", () => open--);
    const parts: Buffer[] = [];
    request.on("error", () => {});
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const recorded = { headers: request.headers, body: Buffer.concat(parts).toString(), at: performance.now() };
      requests.push(recorded);
      if (mischief?.(n, recorded, to)) return;
      const again = Object.assign(
        (async function* () {
          yield Buffer.concat(parts);
        })(),
        { url: request.url, method: request.method },
      );
      setTimeout(() => handle(again as unknown as IncomingMessage, to), delay);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    open: () => open,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Ways to go wrong, each for one request. */
export const faults = {
  tooMany: (to: ServerResponse, after: string) =>
    void to.writeHead(429, { "content-type": "application/json", "retry-after": after }).end('{"error":"slow down"}'),
  broken: (to: ServerResponse) => void to.writeHead(500, { "content-type": "text/html" }).end("<h1>oops</h1>"),
  reset: (to: ServerResponse) => void to.socket?.resetAndDestroy(),
  stall: () => {},
  notJson: (to: ServerResponse) =>
    void to.writeHead(200, { "content-type": "application/json" }).end('{"choices": [{"me'),
  wrongType: (to: ServerResponse) =>
    void to.writeHead(200, { "content-type": "text/html" }).end("<p>please log in</p>"),
  empty: (to: ServerResponse) => void to.writeHead(200, { "content-type": "application/json" }).end("{}"),
  halfBody(to: ServerResponse) {
    to.writeHead(200, { "content-type": "application/json", "content-length": 500 });
    to.write('{"choices": [');
    setTimeout(() => to.destroy(), 5);
  },
  cutStream(to: ServerResponse) {
    to.writeHead(200, { "content-type": "text/event-stream" });
    to.end('data: {"choices":[{"index":0,"delta":{"content":"Thought: half"},"finish_reason":null}]}\n\n');
  },
  resetStream(to: ServerResponse) {
    to.writeHead(200, { "content-type": "text/event-stream" });
    to.write('data: {"choices":[{"index":0,"delta":{"content":"Thought: half"},"finish_reason":null}]}\n\n');
    setTimeout(() => to.socket?.resetAndDestroy(), 5);
  },
  errorInStream(to: ServerResponse) {
    to.writeHead(200, { "content-type": "text/event-stream" });
    to.end('data: {"error":{"message":"the model crashed"}}\n\n');
  },
  /** A whole answer, a few bytes at a time. */
  drip(to: ServerResponse) {
    const message = { role: "assistant", content: "Thought: slowly.\nAction: inventory" };
    const text = JSON.stringify({ choices: [{ index: 0, message, finish_reason: "stop" }] });
    to.writeHead(200, { "content-type": "application/json" });
    const timer = setInterval(() => to.write(text.slice(sent, (sent += 20))) && sent >= text.length && end(), 3);
    let sent = 0;
    const end = () => {
      clearInterval(timer);
      to.end();
    };
  },
};
