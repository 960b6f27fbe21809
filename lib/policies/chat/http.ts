/**
 * The part of `fetch` that chat needs, over `node:http`: a third of its processor time per call, which counts at a
 * thousand calls a second, and no limit of its own (300 s) on how long an answer may take to begin.
 */
import http from "node:http";
import https from "node:https";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";

const options = { keepAlive: true, maxSockets: Infinity };
const agents = { "http:": new http.Agent(options), "https:": new https.Agent(options) };

/** As `fetch`, but redirections are not followed. Rejects when the connection fails or the signal is aborted. */
export async function send(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const target = new URL(url instanceof Request ? url.url : url);
  const secure = target.protocol === "https:";
  const { method, headers, signal, body } = init;
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const sent = (secure ? https : http).request(
      target,
      {
        method,
        headers: Object.fromEntries(new Headers(headers)),
        agent: agents[secure ? "https:" : "http:"],
        signal: signal ?? undefined,
      },
      resolve,
    );
    sent.on("error", reject);
    sent.end(body);
  });
  const type = response.headers["content-type"] ?? "";
  return new Response(type.startsWith("text/event-stream") ? webStream(response) : await whole(response), {
    status: response.statusCode,
    headers: Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
  });
}

async function whole(response: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of response as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

function webStream(response: http.IncomingMessage): ReadableStream<Uint8Array> {
  return Readable.toWeb(response) as ReadableStream<Uint8Array>;
}
