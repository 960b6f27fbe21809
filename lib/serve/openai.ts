/**
 * A small server with the OpenAI chat interface: `POST /v1/chat/completions`, whole or as a stream, and `GET /v1/models`.
 * It keeps no state: an answer follows from the messages, the seed and the settings of its request.
 */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ServedMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface ServedRequest {
  readonly messages: readonly ServedMessage[];
  readonly temperature: number;
  readonly maxTokens?: number;
  readonly seed?: number;
}

export interface ServedReply {
  readonly text: string;
  readonly tokens: { readonly input: number; readonly output: number };
  /** The reply was cut off at the limit of tokens. */
  readonly cut?: boolean;
}

/** Writes one reply; undefined when the conversation is too long for it. Throws a {@link BadRequest} it cannot read. */
export type Responder = (request: ServedRequest) => Promise<ServedReply | undefined>;

/** A request that is wrong; told to the client with status 400. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";

  constructor(
    message: string,
    readonly status = 400,
    readonly code = "invalid_request",
  ) {
    super(message);
  }
}

export interface ServeOptions {
  /** The model's name. */
  readonly model: string;
  readonly respond: Responder;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default "127.0.0.1": this machine only. */
  readonly host?: string;
}

export interface RunningServer {
  /** `http://127.0.0.1:41237/v1` */
  readonly url: string;
  readonly model: string;
  close(): Promise<void>;
}

/** Starts the server. It does not keep a process alive that has nothing else to do. */
export async function serveOpenAI(options: ServeOptions): Promise<RunningServer> {
  const server = createServer(openAIHandler(options));
  return { url: `${await listen(server, options)}/v1`, model: options.model, close: () => close(server) };
}

/** The server's answers as a listener for `node:http`, to be mounted elsewhere. */
export function openAIHandler({
  model,
  respond,
}: ServeOptions): (request: IncomingMessage, to: ServerResponse) => void {
  let served = 0;
  return (request, to) => {
    answer(request, to).catch((error: unknown) => {
      const { status, code, message } =
        error instanceof BadRequest ? error : { status: 500, code: "server_error", message: `${error}` };
      if (to.headersSent) to.destroy();
      else sendJson(to, status, { error: { message, type: code, code } });
    });
  };

  async function answer(request: IncomingMessage, to: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://localhost").pathname.replace(/\/+$/, "");
    if (path === "/v1/models" && request.method === "GET")
      return sendJson(to, 200, { object: "list", data: [{ id: model, object: "model", owned_by: "heldout" }] });
    if (path !== "/v1/chat/completions") throw new BadRequest(`there is nothing at ${path || "/"}`, 404, "not_found");
    if (request.method !== "POST") throw new BadRequest(`${request.method} is not accepted here, only POST`, 405);
    const body = readBody(await received(request));
    if (body.model !== model)
      throw new BadRequest(`there is no model ${JSON.stringify(body.model)} here, only "${model}"`, 404, "not_found");
    const reply = await respond(body);
    if (!reply) throw new BadRequest("this conversation exceeds the model's context", 400, "context_length_exceeded");
    const { text, cut } = truncate(reply, body.stop);
    const head = { id: `chatcmpl-${served++}`, created: 0, model };
    const finish = cut ? "length" : "stop";
    const { input, output } = reply.tokens;
    const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
    if (body.stream) return stream(to, { ...head, object: "chat.completion.chunk" }, text, finish, body.usage && usage);
    const message = { role: "assistant", content: text };
    const choices = [{ index: 0, message, finish_reason: finish }];
    sendJson(to, 200, { ...head, object: "chat.completion", choices, usage });
  }
}

function stream(to: ServerResponse, head: object, text: string, finish: string, usage: object | false): void {
  const send = (delta: object, finish_reason: string | null) =>
    to.write(`data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason }] })}\n\n`);
  to.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  send({ role: "assistant", content: "" }, null);
  for (const piece of text.match(/\s*\S+\s*$|\s*\S+|\s+/g) ?? []) send({ content: piece }, null);
  send({}, finish);
  if (usage) to.write(`data: ${JSON.stringify({ ...head, choices: [], usage })}\n\n`);
  to.end("data: [DONE]\n\n");
}

interface Body extends ServedRequest {
  readonly model: unknown;
  readonly stop: readonly string[];
  readonly stream: boolean;
  /** The usage is wanted at the end of a stream. */
  readonly usage: boolean;
}

function readBody(text: string): Body {
  let body: Record<string, unknown>;
  try {
    body = JSON.parse(text);
  } catch {
    throw new BadRequest("the body is not JSON");
  }
  if (!body || typeof body !== "object") throw new BadRequest("the body is not a JSON object");
  const { model, messages, stop = [], stream = false, stream_options } = body;
  if (!Array.isArray(messages) || messages.length === 0)
    throw new BadRequest("messages: a list with entries is needed");
  return {
    model,
    messages: messages.map(readMessage),
    temperature: number(body, "temperature", 0) ?? 1,
    maxTokens: number(body, "max_completion_tokens", 1) ?? number(body, "max_tokens", 1),
    seed: number(body, "seed", -Infinity),
    stop: [stop ?? []].flat().filter((s): s is string => typeof s === "string" && s.length > 0),
    stream: stream === true,
    usage: (stream_options as { include_usage?: unknown } | undefined)?.include_usage === true,
  };
}

function readMessage(message: unknown, i: number): ServedMessage {
  const { role, content } = (message ?? {}) as { role?: unknown; content?: unknown };
  if (role !== "system" && role !== "user" && role !== "assistant")
    throw new BadRequest(`messages[${i}].role: got ${JSON.stringify(role)}, accepted: "system", "user", "assistant"`);
  const text = Array.isArray(content) ? content.map((part) => part?.text ?? "").join("") : (content ?? "");
  if (typeof text !== "string") throw new BadRequest(`messages[${i}].content: text is needed`);
  return { role, content: text };
}

function number(body: Record<string, unknown>, key: string, least: number): number | undefined {
  const value = body[key] ?? undefined;
  if (value === undefined || (typeof value === "number" && value >= least)) return value;
  throw new BadRequest(`${key}: got ${JSON.stringify(value)}, accepted: numbers from ${least}`);
}

/** The text before the first stop sequence. */
function truncate({ text, cut = false }: ServedReply, stop: readonly string[]): { text: string; cut: boolean } {
  const ends = stop.map((s) => text.indexOf(s)).filter((at) => at >= 0);
  return ends.length > 0 ? { text: text.slice(0, Math.min(...ends)), cut: false } : { text, cut };
}

const LARGEST_BODY = 16 * 1024 * 1024;

async function received(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LARGEST_BODY) throw new BadRequest(`the body has more than ${LARGEST_BODY} bytes`, 413);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function sendJson(to: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  to.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  to.end(text);
}

function listen(server: Server, { port = 0, host = "127.0.0.1" }: ServeOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.unref();
      resolve(`http://${host}:${(server.address() as AddressInfo).port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
