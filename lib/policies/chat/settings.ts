/** What a chat model is asked with: options with their defaults, and which of them are part of a run's identity. */
import { hash32 } from "../../random";
import { notAccepted, refuseUnknownKeys } from "../../errors";
import { canonicalJson } from "../../store";
import { plainAddress } from "./secrets";

export const FORMATS = ["text", "tools"] as const;
export const PLACES = ["conversation", "system"] as const;

export interface ChatOptions {
  /** The model's name as the server knows it. */
  readonly model: string;
  /** Address of an OpenAI-style server, with or without `/v1`. Default: Hugging Face's inference providers. */
  readonly endpoint?: string;
  /** An inference provider of Hugging Face, instead of an endpoint. Default "auto". */
  readonly provider?: string;
  /** Name of the environment variable with the key; see {@link findKey} for the default. */
  readonly keyEnv?: string;
  /** Tells apart models that are served under one name, such as checkpoints: part of the run's identity. */
  readonly revision?: string;

  /** Default 1, as in avg@k. */
  readonly temperature?: number;
  readonly topP?: number;
  /** Longest reply in tokens. Default 512, as in AgentGym-RL's evaluation. */
  readonly maxTokens?: number;
  /** Texts at which the server ends a reply. Default none, as in AgentGym. */
  readonly stop?: readonly string[];
  /** Send a seed made from run, task, attempt and turn. Default true; false for servers that refuse one. */
  readonly seed?: boolean;
  /**
   * How an action is given: "text" (default), in the reply as the environment's prompt asks, or "tools", by calling one
   * of the environment's functions.
   */
  readonly format?: (typeof FORMATS)[number];
  /** Where the prompt stands: "conversation" (default), as a first exchange like AgentGym's, or "system". */
  readonly prompt?: (typeof PLACES)[number];
  /** How many latest turns the model is sent besides the first one, which tells the task. Default "full". */
  readonly history?: number | "full";
  /** The model's context in tokens: turns after the first are left out, oldest first, until a request fits. Default:
   * only when the server says that a request is too long. */
  readonly contextTokens?: number;

  /** Receive replies as a stream of events. Default false. */
  readonly stream?: boolean;
  /** Episodes and requests at a time. Default 16. */
  readonly concurrency?: number;
  /** Tries after the first one. Default 6. */
  readonly retries?: number;
  /** Wait before the second try, in seconds, doubled each time up to 60, half of it by chance. Default 1. */
  readonly backoffSeconds?: number;
  /** Time for one try in seconds. Default 180. */
  readonly timeoutSeconds?: number;
  /** The longest wait a server may ask for (`Retry-After`) before the run is stopped. Default 600. */
  readonly maxWaitSeconds?: number;
  /** Folder of the answers got so far, shared by all runs; false for none. Default `runs/chat-cache` of the repository. */
  readonly cache?: string | false;
  /** Tokens, in and out, after which the run stops. Default: no limit. */
  readonly budgetTokens?: number;
  /** US dollars after which the run stops; needs the model's price. Default: no limit. */
  readonly budgetUsd?: number;
  /** Price table. Default `data/prices.json`. */
  readonly prices?: string;
}

const KEYS: readonly (keyof ChatOptions)[] = [
  ...(["model", "endpoint", "provider", "keyEnv", "revision", "temperature", "topP", "maxTokens", "stop"] as const),
  ...(["seed", "format", "prompt", "history", "contextTokens", "stream", "concurrency", "retries"] as const),
  ...(["backoffSeconds", "timeoutSeconds", "maxWaitSeconds", "cache", "budgetTokens", "budgetUsd", "prices"] as const),
];

/** What decides a reply, whatever server gives it: part of a run's identity and of every cached answer's. */
export interface ChatSettings {
  readonly model: string;
  readonly revision: string | null;
  readonly temperature: number;
  readonly topP: number | null;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly seed: boolean;
  readonly format: (typeof FORMATS)[number];
  readonly prompt: (typeof PLACES)[number];
  readonly history: number | "full";
  readonly contextTokens: number | null;
}

/** The settings that options mean. Throws a RangeError for a value or key that is not accepted. */
export function chatSettings(options: ChatOptions): ChatSettings {
  refuseUnknownKeys("chat", options, KEYS);
  const { model, endpoint, provider, format = "text", prompt = "conversation", history = "full" } = options;
  if (!model) throw new RangeError("model: got none; give the name under which the server knows it");
  if (endpoint !== undefined) plainAddress(endpoint);
  if (endpoint !== undefined && provider !== undefined)
    throw new RangeError(`provider: got "${provider}" beside an endpoint; accepted: one of the two`);
  if (!FORMATS.includes(format)) throw notAccepted("format", format, FORMATS);
  if (!PLACES.includes(prompt)) throw notAccepted("prompt", prompt, PLACES);
  if (history !== "full") atLeast("history", history, 0, true);
  atLeast("temperature", options.temperature, 0);
  atLeast("topP", options.topP, 0);
  for (const key of ["maxTokens", "contextTokens", "concurrency", "budgetTokens"] as const)
    atLeast(key, options[key], 1, true);
  atLeast("retries", options.retries, 0, true);
  for (const key of ["backoffSeconds", "timeoutSeconds", "maxWaitSeconds", "budgetUsd"] as const)
    atLeast(key, options[key], 0);
  const { revision = null, temperature = 1, topP = null, maxTokens = 512, stop = [], seed = true } = options;
  const { contextTokens = null } = options;
  return { model, revision, temperature, topP, maxTokens, stop, seed, format, prompt, history, contextTokens };
}

/** Identifies the agent in records and file names: the model's name and a hash of all that decides its replies. */
export function chatId(settings: ChatSettings): string {
  const name = [settings.model, settings.revision].filter(Boolean).join("@");
  return `chat-${name.replace(/[^A-Za-z0-9.@]+/g, "-")}-${hash32(canonicalJson(settings)).toString(16).padStart(8, "0")}`;
}

function atLeast(key: string, value: number | undefined, least: number, whole = false): void {
  if (value === undefined || (value >= least && Number.isFinite(value) && (!whole || Number.isInteger(value)))) return;
  throw new RangeError(`${key}: got ${value}, accepted: ${whole ? "whole " : ""}numbers from ${least}`);
}
