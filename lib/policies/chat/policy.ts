/** A chat model behind an endpoint as an agent. */
import { fold, hash32 } from "../../random";
import type { EpisodeContext, Policy, Reply, ReplyNotes, Session } from "../../types";
import { ChatClient, DEFAULT_CONCURRENCY, sourceOf } from "./client";
import { ContextGuard, conversation, opening } from "./conversation";
import type { PastTurn } from "./conversation";
import type { Cost, Costs } from "./costs";
import { chatId, chatSettings } from "./settings";
import type { ChatOptions, ChatSettings } from "./settings";
import { replyOf, toolSchemas } from "./tools";
import { Fault } from "./transport";
import type { Answer, Message, ToolSchema } from "./transport";

/**
 * Any chat model behind Hugging Face Inference or an OpenAI-style server. Throws a RangeError for options that are not
 * accepted; whether there is a server shows with the first reply.
 */
export class ChatPolicy implements Policy {
  readonly id: string;
  readonly concurrency: number;
  readonly settings: ChatSettings;
  /** Where replies come from: an address or a provider, without keys. */
  readonly source: string;
  private readonly client: ChatClient;

  constructor(options: ChatOptions) {
    this.settings = chatSettings(options);
    this.id = chatId(this.settings);
    this.concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
    this.source = sourceOf(options);
    this.client = new ChatClient(options, this.settings);
  }

  /** What the replies cost so far. */
  get costs(): Costs {
    return this.client.costs;
  }

  /** Counts what an earlier part of the same run has spent, for its record and against the budget. */
  addEarlier(env: string, cost: Cost): void {
    this.client.costs.add(env, cost);
  }

  /**
   * One reply to messages of any kind, such as a judge's; kept, repeated and counted like all others, under "judge".
   * Usable on its own: `judgeAll(trajectories, policy.ask)`.
   */
  readonly ask = async (messages: readonly Message[]): Promise<string> => {
    const seed = hash32(JSON.stringify(messages)) >>> 1;
    return (await this.client.complete({ messages, seed }, { env: "judge", attempt: 0 })).text;
  };

  /** Ends all episodes; evaluations keep what is finished and throw `RunStopped` with the reason. */
  stop(reason: string): void {
    this.client.stop(reason);
  }

  begin(context: EpisodeContext): Session {
    return new ChatSession(this.client, this.settings, context);
  }
}

class ChatSession implements Session {
  private readonly past: PastTurn[] = [];
  private readonly start: readonly Message[];
  private readonly tools: readonly ToolSchema[] | undefined;
  private readonly guard: ContextGuard;
  /** The most past turns besides the first that the server has room for, as far as known. */
  private room = Infinity;

  constructor(
    private readonly client: ChatClient,
    private readonly settings: ChatSettings,
    private readonly context: EpisodeContext,
  ) {
    this.start = opening(context.definition.prompt, settings);
    this.tools = settings.format === "tools" ? toolSchemas(context.definition) : undefined;
    this.guard = new ContextGuard(settings, this.tools);
  }

  /** Undefined when not even the task and what is shown fit into the context. */
  async act(shown: string): Promise<Reply | undefined> {
    const { past, guard, context } = this;
    const wanted = Math.min(Math.max(0, past.length - 1), historyOf(this.settings));
    for (let kept = Math.min(wanted, this.room); kept >= 0; kept--) {
      const messages = conversation(this.start, past, shown, kept);
      if (!guard.fits(messages)) continue;
      const answer = await this.ask(messages);
      if (!answer) {
        this.room = kept - 1;
        continue;
      }
      guard.observe(messages, answer);
      past.push({ shown, answer });
      const notes = notesOf(answer, wanted - kept);
      return { text: replyOf(context.definition, answer), tokens: answer.tokens, ...(notes && { notes }) };
    }
    return undefined;
  }

  /** Undefined when the server says that the request is too long. */
  private async ask(messages: readonly Message[]): Promise<Answer | undefined> {
    const { key, definition, attempt } = this.context;
    const seed = hash32(fold(key, "chat", this.past.length)) >>> 1;
    try {
      return await this.client.complete({ messages, tools: this.tools, seed }, { env: definition.id, attempt });
    } catch (error) {
      if (error instanceof Fault && error.kind === "too long") return undefined;
      throw error;
    }
  }
}

const historyOf = ({ history }: ChatSettings) => (history === "full" ? Infinity : history);

function notesOf({ cut, estimated }: Answer, forgotten: number): ReplyNotes | undefined {
  if (!cut && !estimated && forgotten === 0) return undefined;
  return { ...(forgotten > 0 && { forgotten }), ...(cut && { cut }), ...(estimated && { estimated }) };
}
