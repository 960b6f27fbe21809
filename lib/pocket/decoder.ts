/**
 * Samples replies for many episodes at once, with cached keys and values.
 *
 * Every sequence that is to reply takes part in each step, one token wide, until its reply ends; others join and
 * leave between two steps. A long text is first read by itself, several tokens at a time. A short one rides along in
 * the steps: its tokens are fed where others write theirs.
 */
import type { InferenceSession } from "onnxruntime-node";
import type { RandomSource } from "../types";
import { Cache } from "./cache";
import { readingGraph, writingGraph } from "./decoding-graph";
import { causalMask, floats, integers, openSession } from "./runtime";
import type { DeviceOptions, Feeds } from "./runtime";
import { drawToken, probability } from "./sampling";
import { END_OF_REPLY } from "./tokenizer";
import type { ModelConfig } from "./transformer";

/** One episode's tokens so far. Made by {@link Decoder.open}, ended by {@link Decoder.close}. */
export class Sequence {
  readonly tokens: number[] = [];
  /** 1 for tokens written by the model, 0 for tokens fed to it. */
  readonly agent: number[] = [];
  /** Log-probabilities at temperature 1 of the tokens written by the model. */
  readonly logProbabilities: number[] = [];
  /** Tokens whose keys and values are cached. */
  cached = 0;

  constructor(
    public slot: number,
    readonly random: RandomSource,
  ) {}

  feed(tokens: readonly number[]): void {
    for (const token of tokens) this.push(token, 0);
  }

  push(token: number, agent: 0 | 1): void {
    this.tokens.push(token);
    this.agent.push(agent);
  }
}

export interface ReplyLimits {
  /** Longest reply in tokens, the end included. */
  readonly maxTokens: number;
  /** 1 samples from the model, 0 takes the most probable token. */
  readonly temperature: number;
}

interface Reply {
  readonly limits: ReplyLimits;
  /** Tokens of the sequence at which the reply is cut. */
  readonly end: number;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/** What a model without a pointer head copies. */
const NOTHING = new Float32Array();

/** Longest text that rides along, and longest piece that is read at a time. */
const [RIDE, PIECE] = [16, 128];

export class Decoder {
  private readonly cache: Cache;
  private readonly slots: Sequence[] = [];
  private readonly replies = new Map<Sequence, Reply>();
  /** Closed while a step reads the cache: they leave after it. */
  private readonly leaving: Sequence[] = [];
  private running = false;
  private stepping = false;
  /** The parameters that the sessions were made with. */
  private known = new Float32Array();
  private reader!: InferenceSession;
  private writer!: InferenceSession;

  private constructor(
    private readonly config: ModelConfig,
    private readonly flat: Float32Array,
    private readonly options: DeviceOptions,
  ) {
    this.cache = new Cache(config);
  }

  /** Reads `flat` anew whenever a first sequence is to reply: an optimizer may change it in place between rollouts. */
  static async open(config: ModelConfig, flat: Float32Array, options: DeviceOptions = {}): Promise<Decoder> {
    const decoder = new Decoder(config, flat, options);
    await decoder.load();
    return decoder;
  }

  private async load(): Promise<void> {
    const { config, flat, known, options } = this;
    if (Buffer.compare(bytes(flat), bytes(known)) === 0) return;
    if (known.length > 0) await this.release();
    this.known = flat.slice();
    this.reader = await openSession(readingGraph(config, flat), options);
    this.writer = await openSession(writingGraph(config, flat), options);
  }

  open(random: RandomSource): Sequence {
    const sequence = new Sequence(this.slots.length, random);
    this.slots.push(sequence);
    return sequence;
  }

  close(sequence: Sequence): void {
    if (this.slots[sequence.slot] !== sequence) return;
    if (this.stepping) {
      this.leaving.push(sequence);
      return;
    }
    this.cache.reserve(this.slots.length, this.cache.reach);
    this.swap(sequence.slot, this.slots.length - 1);
    this.slots.pop();
    if (this.slots.length === 0) this.cache.clear();
  }

  /** True if a reply of `maxTokens` still fits behind what the sequence holds. */
  fits(sequence: Sequence, maxTokens: number): boolean {
    return sequence.tokens.length + maxTokens <= this.config.context;
  }

  /**
   * Lets each sequence write one reply, together with those of other calls that are not done yet. The tokens are
   * appended to the sequences, END_OF_REPLY last unless cut.
   */
  async reply(sequences: readonly Sequence[], limits: ReplyLimits): Promise<void> {
    const longest = Math.max(...sequences.map((s) => s.tokens.length)) + limits.maxTokens;
    if (longest > this.config.context)
      throw new RangeError(`${longest} tokens exceed the context ${this.config.context}`);
    const replies = sequences.map(
      (sequence) =>
        new Promise<void>((done, fail) => {
          const end = sequence.tokens.length + limits.maxTokens;
          this.replies.set(sequence, { limits, end, done, fail });
        }),
    );
    if (!this.running) void this.run();
    await Promise.all(replies);
  }

  async release(): Promise<void> {
    await this.reader.release();
    await this.writer.release();
  }

  /** Steps until nobody is to reply. Before each step, whoever was answered has time to ask again. */
  private async run(): Promise<void> {
    this.running = true;
    let loaded = false;
    for (;;) {
      await new Promise(setImmediate);
      if (this.replies.size === 0) break;
      this.stepping = true;
      try {
        if (!loaded) await this.load();
        await this.step([...this.replies.keys()]);
        loaded = this.replies.size > 0;
      } catch (error) {
        for (const reply of this.replies.values()) reply.fail(error);
        this.replies.clear();
      }
      this.stepping = false;
      for (const sequence of this.leaving.splice(0)) this.close(sequence);
    }
    this.running = false;
  }

  /** One token for each; whoever asks meanwhile takes part in the next step. */
  private async step(active: readonly Sequence[]): Promise<void> {
    this.cache.reserve(this.slots.length, Math.max(...active.map((s) => s.tokens.length)));
    for (const sequence of active) await this.read(sequence);
    this.gather(new Set(active));
    await this.write(this.slots.slice(0, active.length));
  }

  /** Moves the sequences of a step to the first slots. */
  private gather(active: ReadonlySet<Sequence>): void {
    let hole = 0;
    for (let slot = active.size; slot < this.slots.length; slot++) {
      if (!active.has(this.slots[slot])) continue;
      while (active.has(this.slots[hole])) hole++;
      this.swap(hole, slot);
    }
  }

  private swap(a: number, b: number): void {
    if (a === b) return;
    this.cache.swap(a, b);
    const [first, second] = [this.slots[a], this.slots[b]];
    [this.slots[a], this.slots[b]] = [second, first];
    first.slot = b;
    second.slot = a;
  }

  /** Reads what is too long to ride along. A new sequence takes over what another one has read of the same text. */
  private async read(sequence: Sequence): Promise<void> {
    const { cache } = this;
    if (sequence.cached === 0) {
      const shared = this.slots.map((other) => commonStart(other, sequence));
      const best = shared.reduce((a, length, i) => (length > shared[a] ? i : a), 0);
      cache.begin(sequence.slot, this.slots[best].slot, shared[best]);
      sequence.cached = shared[best];
    }
    const { heads, keyHeads } = this.config;
    while (sequence.tokens.length - sequence.cached > RIDE) {
      const start = sequence.cached;
      const count = Math.min(PIECE, sequence.tokens.length - 1 - start);
      const feeds = this.batch([sequence], count);
      feeds.causal = floats(causalMask(heads / keyHeads, count), [(heads / keyHeads) * count, count]);
      // The rows of a single head lie side by side: only those that are filled. Several heads need their whole slot.
      this.show(feeds, sequence.slot, 1, keyHeads === 1 ? start : cache.reach);
      this.keep([sequence], await this.reader.run(feeds), count);
    }
  }

  /** Feeds the next token of each sequence in the first slots; those that have no other write one. */
  private async write(sequences: readonly Sequence[]): Promise<void> {
    const { config: c, cache } = this;
    const size = sequences.length;
    const feeds = this.batch(sequences, 1);
    this.show(feeds, 0, size, cache.reach);
    const pointerKeys = cache.pointerKeys.data.subarray(0, size * cache.size(cache.pointerKeys));
    feeds.pointerKeys = floats(pointerKeys, [size, cache.reach, c.pointer + 1]);
    const place = new BigInt64Array(size * c.heads);
    sequences.forEach((s, row) => place.fill(BigInt(s.cached), row * c.heads, (row + 1) * c.heads));
    feeds.place = integers(place, [size, c.keyHeads, c.heads / c.keyHeads, 1]);
    const output = await this.writer.run(feeds);
    this.keep(sequences, output, 1);
    const vocabulary = output.vocabulary.data as Float32Array;
    const [copy, share] = ["copy", "copyShare"].map((n) => output[n]?.data as Float32Array | undefined);
    sequences.forEach((sequence, row) => {
      if (sequence.cached < sequence.tokens.length) return;
      const next = {
        vocabulary: vocabulary.subarray(row * c.vocabulary, (row + 1) * c.vocabulary),
        copied: copy?.subarray(row * cache.reach, row * cache.reach + sequence.cached - 1) ?? NOTHING,
        known: sequence.tokens,
        share: share?.[row] ?? 0,
      };
      const reply = this.replies.get(sequence)!;
      const token = drawToken(next, reply.limits.temperature, sequence.random);
      sequence.logProbabilities.push(Math.log(probability(next, token) + 1e-9));
      sequence.push(token, 1);
      if (token !== END_OF_REPLY && sequence.tokens.length < reply.end) return;
      this.replies.delete(sequence);
      reply.done();
    });
  }

  /** The next `count` tokens of each sequence. */
  private batch(sequences: readonly Sequence[], count: number): Feeds {
    const size = sequences.length * count;
    const [tokens, before, positions] = [new BigInt64Array(size), new BigInt64Array(size), new BigInt64Array(size)];
    let cell = 0;
    for (const { tokens: known, cached } of sequences) {
      for (let t = cached; t < cached + count; t++, cell++) {
        tokens[cell] = BigInt(known[t]);
        before[cell] = BigInt(t > 0 ? known[t - 1] : 0);
        positions[cell] = BigInt(t);
      }
    }
    const shape = [sequences.length, count];
    return {
      tokens: integers(tokens, shape),
      before: integers(before, shape),
      positions: integers(positions, shape),
    };
  }

  /** Feeds the first `reach` rows of `size` slots. */
  private show(feeds: Feeds, slot: number, size: number, reach: number): void {
    const { config: c, cache } = this;
    for (let l = 0; l < c.layers; l++) {
      for (const [name, store] of Object.entries({ keys: cache.keys[l], values: cache.values[l] })) {
        const start = slot * cache.size(store);
        const data = store.data.subarray(start, start + size * c.keyHeads * reach * store.width);
        feeds[name + l] = floats(data, [size, c.keyHeads, reach, store.width]);
      }
    }
  }

  /** Caches what a run made of `count` tokens of each sequence. The pointer may copy them from the next token on. */
  private keep(sequences: readonly Sequence[], output: Feeds, count: number): void {
    const { cache } = this;
    const keep = (name: string, store: Cache["pointerKeys"]) => {
      const fresh = output[name].data as Float32Array;
      sequences.forEach((s, i) => cache.write(store, s.slot, s.cached, fresh, i, count));
    };
    cache.keys.forEach((store, l) => keep(`newKeys${l}`, store));
    cache.values.forEach((store, l) => keep(`newValues${l}`, store));
    if (this.config.pointer > 0) keep("newPointerKeys", cache.pointerKeys);
    for (const sequence of sequences) sequence.cached += count;
  }
}

const bytes = (x: Float32Array) => Buffer.from(x.buffer, x.byteOffset, x.byteLength);

/** How many of the tokens that `other` has cached a new sequence begins with, its last one aside. */
function commonStart(other: Sequence, sequence: Sequence): number {
  const most = Math.min(other.cached, sequence.tokens.length - 1);
  let length = 0;
  while (length < most && other.tokens[length] === sequence.tokens[length]) length++;
  return length;
}
