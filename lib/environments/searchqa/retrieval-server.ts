/** A client of the Search-R1 retrieval server, for those who have an index of their own such as wiki-18's. */
import { InfrastructureError } from "../../errors";
import type { Passage, Retriever } from "./retriever";

export interface RetrievalServerOptions {
  /** Where the server listens, e.g. `http://127.0.0.1:8000`; `/retrieve` is added where no path is given. */
  readonly url: string;
  /** Seconds to wait for one answer; default 30. */
  readonly timeout?: number;
}

/** Searches by `POST /retrieve`; whatever goes wrong there is an {@link InfrastructureError}. */
export function retrievalServer({ url, timeout = 30 }: RetrievalServerOptions): Retriever {
  const endpoint = parseUrl(url);
  if (!(timeout > 0 && timeout <= 86_400))
    throw new RangeError(`timeout must be between 0 and 86400 seconds, got ${timeout}`);

  async function post(body: object): Promise<unknown> {
    try {
      const response = await fetch(endpoint, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeout * 1000),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`status ${response.status}: ${text.slice(0, 200)}`);
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new InfrastructureError(`retrieval server ${endpoint}: ${reason(cause)}`, { cause });
    }
  }

  return {
    async search(query, k) {
      // Half a surrogate pair would make the server fail on what is only an odd query.
      const text = Buffer.from(query, "utf8").toString("utf8");
      // Without scores the original server fails, so they are always asked for.
      const answer = await post({ queries: [text], topk: k, return_scores: true });
      return readPassages(answer, endpoint).slice(0, k);
    },
  };
}

function parseUrl(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new RangeError(`url must be an address such as http://127.0.0.1:8000, got ${JSON.stringify(url)}`);
  }
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:")
    throw new RangeError(`url must start with http:// or https://, got ${JSON.stringify(url)}`);
  if (parsed.pathname === "/") parsed.pathname = "/retrieve";
  return parsed.href;
}

/** `fetch` hides the interesting part of a failure in its cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

function readPassages(answer: unknown, endpoint: string): Passage[] {
  const wrong = (what: string): never => {
    const got = (JSON.stringify(answer) ?? "nothing").slice(0, 200);
    throw new InfrastructureError(`retrieval server ${endpoint}: expected ${what}, got ${got}`);
  };
  const result = (answer as { result?: unknown } | null)?.result;
  if (!Array.isArray(result) || result.length !== 1 || !Array.isArray(result[0]))
    return wrong('{"result": [[…]]} with one list for the one query');
  return result[0].map((hit: unknown, i: number) => {
    const document = (hit as { document?: unknown } | null)?.document as { id?: unknown; contents?: unknown } | null;
    if (typeof document?.contents !== "string")
      return wrong('{"document": {"contents": text}, "score": number} per hit');
    return { id: String(document.id ?? i), contents: document.contents };
  });
}
