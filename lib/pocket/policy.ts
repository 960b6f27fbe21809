/** The pocket model as a policy: sessions write their replies side by side in one batch. */
import { generator } from "../random";
import type { EpisodeContext, Policy, Reply, Session } from "../types";
import { Decoder } from "./decoder";
import type { ReplyLimits, Sequence } from "./decoder";
import type { PocketModel } from "./model";
import type { DeviceOptions } from "./runtime";
import { END_OF_REPLY } from "./tokenizer";
import type { Tokenizer } from "./tokenizer";

export interface PocketOptions extends DeviceOptions {
  /** Longest reply in tokens. Default 96. */
  readonly maxReplyTokens?: number;
  /** Default 1. */
  readonly temperature?: number;
}

export class PocketPolicy implements Policy {
  private constructor(
    readonly id: string,
    readonly tokenizer: Tokenizer,
    private readonly decoder: Decoder,
    private readonly limits: ReplyLimits,
  ) {}

  /** Reads `model.parameters` at every step: a trainer may change them in place between rollouts. */
  static async open(id: string, model: PocketModel, options: PocketOptions = {}): Promise<PocketPolicy> {
    const limits = { maxTokens: options.maxReplyTokens ?? 96, temperature: options.temperature ?? 1 };
    return new PocketPolicy(id, model.tokenizer, await Decoder.open(model.config, model.parameters, options), limits);
  }

  begin(context: EpisodeContext): PocketSession {
    return new PocketSession(this, this.decoder.open(generator(context.key)));
  }

  end(sequence: Sequence): void {
    this.decoder.close(sequence);
  }

  /** True if `read` more tokens and a reply of full length still fit into the context. */
  fits(sequence: Sequence, read: number): boolean {
    return this.decoder.fits(sequence, read + this.limits.maxTokens);
  }

  /** Resolves when the sequence has written one more reply. */
  reply(sequence: Sequence): Promise<void> {
    return this.decoder.reply([sequence], this.limits);
  }

  async release(): Promise<void> {
    await this.decoder.release();
  }
}

export class PocketSession implements Session {
  constructor(
    private readonly policy: PocketPolicy,
    /** What was read and written so far, token by token. */
    readonly sequence: Sequence,
  ) {}

  async act(shown: string): Promise<Reply | undefined> {
    const { sequence, policy } = this;
    const read = policy.tokenizer.encode(shown);
    if (!policy.fits(sequence, read.length)) return undefined;
    sequence.feed(read);
    const start = sequence.tokens.length;
    await policy.reply(sequence);
    const written = sequence.tokens.slice(start);
    const text = policy.tokenizer.decode(written.filter((token) => token !== END_OF_REPLY));
    return { text, tokens: { input: read.length, output: written.length } };
  }

  close(): void {
    this.policy.end(this.sequence);
  }
}
