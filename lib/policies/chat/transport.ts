/** One try at one chat completion: `@huggingface/inference` speaks to the server, and whatever goes wrong gets a kind. */
import { InferenceClient, PROVIDERS_OR_POLICIES } from "@huggingface/inference";
import type { InferenceProviderOrPolicy } from "@huggingface/inference";
import { InfrastructureError, notAccepted } from "../../errors";
import { send } from "./http";
import { retryAfterSeconds } from "./retry";
import { findKey, redact } from "./secrets";
import type { ChatOptions, ChatSettings } from "./settings";
import { estimateTokens } from "./tokens";

/** A message in the form of the OpenAI interface. */
export interface Message {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string;
  readonly tool_calls?: readonly ToolCall[];
  readonly tool_call_id?: string;
}

export interface ToolCall {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: string };
}

export interface ToolSchema {
  readonly type: "function";
  readonly function: { readonly name: string; readonly description: string; readonly parameters: object };
}

export interface ChatRequest {
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolSchema[];
  readonly seed: number;
}

/** A whole answer of a model. */
export interface Answer {
  readonly text: string;
  /** The first function called; `arguments` is JSON as the model wrote it. */
  readonly call?: { readonly name: string; readonly arguments: string };
  /** The reply ended at the limit of tokens. */
  readonly cut: boolean;
  readonly tokens: { readonly input: number; readonly output: number };
  /** The server told no token counts. */
  readonly estimated: boolean;
}

/**
 * `again`: passes by itself. `refused`: this request never gets an answer. `too long`: it exceeds the model's context.
 * `stop`: no request will (wrong key, wrong name, nothing left to spend).
 */
export type FaultKind = "again" | "refused" | "too long" | "stop";

/** Why a try gave no answer. The message holds no key. */
export class Fault extends InfrastructureError {
  constructor(
    message: string,
    readonly kind: FaultKind,
    /** The wait that the server asks for. */
    readonly afterSeconds?: number,
  ) {
    super(message);
  }
}

export class Transport {
  private readonly key: string | undefined;
  private readonly client: InferenceClient;
  private readonly provider: InferenceProviderOrPolicy | undefined;
  /** True once a stream ended with token counts: from then on one without them is a broken one. */
  private counts = false;

  constructor(
    private readonly options: ChatOptions,
    private readonly settings: ChatSettings,
  ) {
    const { endpoint, provider = "auto", keyEnv } = options;
    this.key = findKey({ endpoint, keyEnv });
    this.client = new InferenceClient(this.key ?? "", endpoint === undefined ? {} : { endpointUrl: endpoint });
    this.provider = endpoint === undefined ? asProvider(provider) : undefined;
  }

  /** Throws a {@link Fault}, or what aborted the signal. */
  async ask(request: ChatRequest, signal: AbortSignal): Promise<Answer> {
    const { model, temperature, topP, maxTokens, stop, seed } = this.settings;
    const body = {
      model,
      messages: request.messages,
      temperature,
      max_tokens: maxTokens,
      ...(topP !== null && { top_p: topP }),
      ...(stop.length > 0 && { stop: [...stop] }),
      ...(seed && { seed: request.seed }),
      ...(request.tools && { tools: request.tools, tool_choice: "auto" }),
      ...(this.provider && { provider: this.provider }),
      // Our messages are read-only and theirs are not: that is all that differs.
    } as unknown as Parameters<InferenceClient["chatCompletion"]>[0];
    const options = { signal, retry_on_error: false, fetch: this.fetch };
    try {
      const answer = this.options.stream
        ? await this.gather(
            this.client.chatCompletionStream({ ...body, stream_options: { include_usage: true } }, options),
          )
        : readWhole(await this.client.chatCompletion(body, options));
      return this.finish(request, answer);
    } catch (error) {
      if (error instanceof Fault || signal.aborted) throw error;
      throw this.fault(error);
    }
  }

  /** The answer without the key, should the server have repeated it, and with token counts in any case. */
  private finish(request: ChatRequest, { text, call, cut, usage }: Received): Answer {
    const clean = (of: string) => (this.key ? of.replaceAll(this.key, "[key]") : of);
    const written = text + (call ? call.name + call.arguments : "");
    return {
      text: clean(text),
      ...(call && { call: { name: clean(call.name), arguments: clean(call.arguments) } }),
      cut,
      tokens: usage ?? { input: estimateTokens(JSON.stringify(request)), output: estimateTokens(written) },
      estimated: usage === undefined,
    };
  }

  private async gather(chunks: AsyncIterable<unknown>): Promise<Received> {
    let text = "";
    let call: { name: string; arguments: string } | undefined;
    let finish: string | undefined;
    let usage: Answer["tokens"] | undefined;
    for await (const chunk of chunks as AsyncIterable<Chunk>) {
      usage = readUsage(chunk) ?? usage;
      const choice = chunk.choices?.[0];
      if (!choice) continue;
      text += textOf(choice.delta?.content);
      for (const { index = 0, function: part } of choice.delta?.tool_calls ?? []) {
        if (index > 0 || !part) continue;
        call ??= { name: "", arguments: "" };
        call.name += part.name ?? "";
        call.arguments += argumentsOf(part.arguments);
      }
      finish = choice.finish_reason ?? finish;
    }
    if (finish === undefined || (this.counts && !usage)) throw new Fault("the stream broke off", "again");
    this.counts ||= usage !== undefined;
    return { text, call, cut: finish === "length", usage };
  }

  /** Looks at status and kind of a response before the client does, which would keep the key in its errors. */
  private readonly fetch = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const response = await send(url, init);
    if (!response.ok) throw await this.refusal(response);
    const type = response.headers.get("content-type") ?? "none";
    const wanted = this.options.stream && init?.method === "POST" ? "text/event-stream" : "application/json";
    if (!type.startsWith(wanted)) throw new Fault(`the answer's content type is ${type}, not ${wanted}`, "again");
    return response;
  };

  private async refusal(response: Response): Promise<Fault> {
    const { status, headers } = response;
    const body = await response.text().catch(() => "");
    const said = redact(errorText(body), this.key).slice(0, 300);
    const message = `the server answered ${status}${said && `: ${said}`}`;
    const sent = this.key ? "a key was sent" : "no key was sent: name its environment variable with --key-env";
    if (status === 401 || status === 403) return new Fault(`${message} (${sent})`, "stop");
    if ([402, 404, 405].includes(status) || /insufficient_quota/.test(body)) return new Fault(message, "stop");
    if (status === 408 || status === 425 || status === 429 || status >= 500)
      return new Fault(message, "again", retryAfterSeconds(headers.get("retry-after"), headers.get("date")));
    const long = /context|max_new_tokens|too long|too many (input )?tokens/i.test(body);
    return new Fault(message, long ? "too long" : "refused");
  }

  private fault(error: unknown): Fault {
    const { name, message, code } = error as Error & { code?: string };
    if (error instanceof SyntaxError) return new Fault("the answer is not JSON", "again");
    const said = redact(message || code || name, this.key);
    return new Fault(said, /Input|Routing/.test(name) ? "stop" : "again");
  }
}

interface Received {
  readonly text: string;
  readonly call?: { readonly name: string; readonly arguments: string };
  readonly cut: boolean;
  readonly usage?: Answer["tokens"];
}

/** What servers send; every field may be missing. */
interface Chunk {
  readonly choices?: readonly {
    readonly delta?: Said;
    readonly message?: Said;
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null;
}

interface Said {
  readonly content?: unknown;
  readonly tool_calls?:
    | readonly {
        readonly index?: number;
        readonly function?: { readonly name?: string; readonly arguments?: unknown };
      }[]
    | null;
}

function readWhole(received: unknown): Received {
  const choice = (received as Chunk | undefined)?.choices?.[0];
  if (!choice?.message) throw new Fault("the answer holds no message", "again");
  const { content, tool_calls } = choice.message;
  const called = tool_calls?.[0]?.function;
  return {
    text: textOf(content),
    ...(called && { call: { name: called.name ?? "", arguments: argumentsOf(called.arguments) } }),
    cut: choice.finish_reason === "length",
    usage: readUsage(received as Chunk),
  };
}

function readUsage({ usage }: Chunk): Answer["tokens"] | undefined {
  const [input, output] = [usage?.prompt_tokens, usage?.completion_tokens];
  return Number.isFinite(input) && Number.isFinite(output) ? { input: input!, output: output! } : undefined;
}

/** A reply's text, which some servers send in parts and leave out beside a function call. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part: { text?: unknown }) => textOf(part?.text)).join("") : "";
}

function argumentsOf(written: unknown): string {
  return typeof written === "string" ? written : written === undefined ? "" : JSON.stringify(written);
}

/** What a refusal says in words, in the forms that servers use. */
function errorText(body: string): string {
  try {
    const { error, message, detail } = JSON.parse(body);
    const said = error?.message ?? error ?? message ?? detail;
    return typeof said === "string" ? said : JSON.stringify(said ?? "");
  } catch {
    return body.replace(/\s+/g, " ").trim();
  }
}

function asProvider(name: string): InferenceProviderOrPolicy {
  if (!(PROVIDERS_OR_POLICIES as readonly string[]).includes(name))
    throw notAccepted("provider", name, PROVIDERS_OR_POLICIES);
  return name as InferenceProviderOrPolicy;
}
