/** The command line's options for chat models. */
import { Option } from "commander";
import type { Command } from "commander";
import { FORMATS, PLACES } from "../policies/chat/settings";
import type { ChatOptions } from "../policies/chat/settings";
import { wholeNumber } from "./common";

interface Parsed extends Omit<ChatOptions, "cache" | "seed"> {
  readonly context?: number;
  readonly timeout?: number;
  readonly cache?: string | boolean;
  readonly seed?: boolean;
}

export function addChatOptions(command: Command): Command {
  return command
    .option("--endpoint <url>", "chat: address of an OpenAI-style server")
    .option("--model <name>", "chat: the model's name as the server knows it")
    .option(
      "--provider <name>",
      "chat: an inference provider of Hugging Face instead of an endpoint (auto, together, …)",
    )
    .option(
      "--key-env <name>",
      "chat: the environment variable that holds the key (default: HF_TOKEN or OPENAI_API_KEY)",
    )
    .option("--revision <name>", "chat: tells apart checkpoints that are served under one name")
    .option("--temperature <t>", "chat: default 1", Number)
    .option("--top-p <p>", "chat: sample from the most probable tokens that make up p", Number)
    .option("--max-tokens <n>", "chat: longest reply (default: 512)", wholeNumber("--max-tokens"))
    .option("--stop <texts...>", "chat: texts that end a reply")
    .option("--no-seed", "chat: send no seed, for servers that refuse one")
    .addOption(new Option("--format <kind>", "chat: how actions are given").choices([...FORMATS]))
    .addOption(new Option("--prompt <place>", "chat: where the environment's prompt stands").choices([...PLACES]))
    .option("--history <n>", "chat: latest turns sent besides the first, or full (default: full)", turns)
    .option("--context <n>", "chat: the model's context in tokens", wholeNumber("--context"))
    .option("--stream", "chat: receive replies as a stream")
    .option("--concurrency <n>", "chat: episodes at a time (default: 16)", wholeNumber("--concurrency"))
    .option("--retries <n>", "chat: tries after the first (default: 6)", Number)
    .option("--timeout <seconds>", "chat: time for one try (default: 180)", Number)
    .option("--cache <folder>", "chat: where answers are kept (default: runs/chat-cache)")
    .option("--no-cache", "chat: keep no answers")
    .option("--budget-tokens <n>", "chat: tokens, in and out, after which to stop", wholeNumber("--budget-tokens"))
    .option("--budget-usd <n>", "chat: US dollars after which to stop", Number)
    .option("--prices <file>", "chat: price table (default: data/prices.json)");
}

/** The chat options among a command's options; throws where neither model nor server is named. */
export function chatOptions(parsed: Parsed): ChatOptions {
  const { model, endpoint, provider, context, timeout, cache } = parsed;
  if (!model || (!endpoint && !provider))
    throw new RangeError("--policy chat needs --model, and --endpoint or --provider");
  return {
    model,
    endpoint,
    provider,
    keyEnv: parsed.keyEnv,
    revision: parsed.revision,
    temperature: parsed.temperature,
    topP: parsed.topP,
    maxTokens: parsed.maxTokens,
    stop: parsed.stop,
    seed: parsed.seed,
    format: parsed.format,
    prompt: parsed.prompt,
    history: parsed.history,
    contextTokens: context,
    stream: parsed.stream,
    concurrency: parsed.concurrency,
    retries: parsed.retries,
    timeoutSeconds: timeout,
    cache: cache === true ? undefined : cache,
    budgetTokens: parsed.budgetTokens,
    budgetUsd: parsed.budgetUsd,
    prices: parsed.prices,
  };
}

function turns(text: string): number | "full" {
  return text === "full" ? "full" : wholeNumber("--history")(text);
}
