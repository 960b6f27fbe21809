/**
 * Samples replies for many episodes at once, with cached keys and values.
 *
 * Each open sequence owns a slot of the caches. A round feeds every sequence its new text as one padded chunk and
 * then writes one token per sequence and step until each has ended its reply. Finished sequences are swapped behind
 * the active ones, so that a step computes active sequences only and reads the caches in place.
 */
import type { InferenceSession } from "onnxruntime-node";
import type { RandomSource } from "../types";
import { decodingGraph } from "./decoding-graph";
import { causalMask, floats, integers, modelFeeds, openSession } from "./runtime";
import type { Feeds } from "./runtime";
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

const CHUNK_TOKENS = 4096;
const GROWTH = 64;

export class Decoder {
  private readonly feeds: Feeds;
  private readonly slots: Sequence[] = [];
  private capacity = 0;
  private reach = 0;
  private keys: Float32Array[] = [];
  private values: Float32Array[] = [];
  private pointerKeys = new Float32Array();

  private constructor(
    private readonly config: ModelConfig,
    private readonly session: InferenceSession,
    flat: Float32Array,
  ) {
    this.feeds = modelFeeds(config, flat);
  }

  static async open(config: ModelConfig, flat: Float32Array): Promise<Decoder> {
    return new Decoder(config, await openSession(decodingGraph(config)), flat);
  }

  open(random: RandomSource): Sequence {
    const sequence = new Sequence(this.slots.length, random);
    this.slots.push(sequence);
    if (this.slots.length > this.capacity) this.allocate(Math.max(16, this.capacity * 2), this.reach);
    return sequence;
  }

  close(sequence: Sequence): void {
    if (this.slots[sequence.slot] !== sequence) return;
    this.swap(sequence.slot, this.slots.length - 1);
    this.slots.pop();
    if (this.slots.length === 0) this.clear();
  }

  /** True if a reply of `maxTokens` still fits behind what the sequence holds. */
  fits(sequence: Sequence, maxTokens: number): boolean {
    return sequence.tokens.length + maxTokens <= this.config.context;
  }

  /** Lets each sequence write one reply; the tokens are appended to the sequences, END_OF_REPLY last unless cut. */
  async reply(sequences: readonly Sequence[], limits: ReplyLimits): Promise<void> {
    const longest = Math.max(...sequences.map((s) => s.tokens.length)) + limits.maxTokens;
    if (longest > this.config.context)
      throw new RangeError(`${longest} tokens exceed the context ${this.config.context}`);
    await this.prefill(sequences.filter((s) => s.cached === 0));
    sequences.forEach((s, i) => this.swap(s.slot, i));
    let active = sequences.length;
    for (let length = 1; active > 0; length++) {
      const ended: Sequence[] = [];
      await this.extend(0, active, limits.temperature, (sequence, token) => {
        if (token === END_OF_REPLY || length >= limits.maxTokens) ended.push(sequence);
      });
      for (const sequence of ended) this.swap(sequence.slot, --active);
    }
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  /** Caches all but the last token of new sequences, once for those that begin with the same text (a group). */
  private async prefill(fresh: readonly Sequence[]): Promise<void> {
    const originals = new Map<string, Sequence>();
    const copies: [Sequence, Sequence][] = [];
    for (const sequence of fresh) {
      const text = sequence.tokens.join();
      const original = originals.get(text);
      if (original) copies.push([original, sequence]);
      else originals.set(text, sequence);
    }
    [...originals.values()].forEach((s, i) => this.swap(s.slot, i));
    await this.extend(0, originals.size);
    for (const [from, to] of copies) {
      for (const [cache, size] of this.caches()) {
        cache.copyWithin(to.slot * size, from.slot * size, (from.slot + 1) * size);
      }
      to.cached = from.cached;
    }
  }

  /** Feeds what is not cached yet to slots [from, to), in pieces. With `sample`, also writes one token each. */
  private async extend(
    from: number,
    to: number,
    temperature?: number,
    written?: (sequence: Sequence, token: number) => void,
  ): Promise<void> {
    const keep = temperature === undefined ? 1 : 0;
    const pending = (s: Sequence) => s.tokens.length - keep - s.cached;
    let start = from;
    while (start < to) {
      let chunk = pending(this.slots[start]);
      let end = start + 1;
      while (end < to) {
        const wider = Math.max(chunk, pending(this.slots[end]));
        if (wider * (end + 1 - start) > CHUNK_TOKENS) break;
        chunk = wider;
        end++;
      }
      if (chunk > 0) await this.step(start, end, chunk, keep, temperature, written);
      start = end;
    }
  }

  private async step(
    from: number,
    to: number,
    chunk: number,
    keep: number,
    temperature: number | undefined,
    written: ((sequence: Sequence, token: number) => void) | undefined,
  ): Promise<void> {
    const rows = this.slots.slice(from, to);
    this.allocate(this.capacity, Math.max(...rows.map((s) => s.tokens.length)));
    const { config: c, reach } = this;
    const perKey = c.heads / c.keyHeads;
    const shared = c.keyHeads * c.headSize;
    const size = rows.length;
    const counts = rows.map((s) => s.tokens.length - keep - s.cached);
    const cells = () => new BigInt64Array(size * chunk);
    const [tokens, before, positions] = [cells(), cells(), cells()];
    const last = new BigInt64Array(size);
    const copyable = new Float32Array(size * chunk).fill(-1e9);
    const cached = new Float32Array(size * reach).fill(-1e9);
    rows.forEach((sequence, row) => {
      const start = sequence.cached;
      for (let t = 0; t < counts[row]; t++) {
        tokens[row * chunk + t] = BigInt(sequence.tokens[start + t]);
        before[row * chunk + t] = BigInt(start + t > 0 ? sequence.tokens[start + t - 1] : 0);
        positions[row * chunk + t] = BigInt(start + t);
      }
      last[row] = BigInt(row * chunk + Math.max(0, counts[row] - 1));
      copyable.fill(0, row * chunk, row * chunk + Math.max(0, counts[row] - 1));
      cached.fill(0, row * reach, row * reach + start);
    });
    const feeds: Feeds = {
      ...this.feeds,
      tokens: integers(tokens, [size, chunk]),
      before: integers(before, [size, chunk]),
      positions: integers(positions, [size, chunk]),
      last: integers(last, [size]),
      causal: floats(causalMask(perKey, chunk), [perKey * chunk, chunk]),
      cached: floats(cached, [size, 1, reach]),
      copyable: floats(copyable, [size, 1, chunk]),
    };
    const view = (cache: Float32Array, width: number) => cache.subarray(from * width * reach, to * width * reach);
    for (let l = 0; l < c.layers; l++) {
      feeds[`keys${l}`] = floats(view(this.keys[l], shared), [size, c.keyHeads, c.headSize, reach]);
      feeds[`values${l}`] = floats(view(this.values[l], shared), [size, c.keyHeads, reach, c.headSize]);
    }
    feeds.pointerKeys = floats(view(this.pointerKeys, c.pointer), [size, c.pointer, reach]);

    const output = await this.session.run(feeds);
    const data = (name: string) => output[name].data as Float32Array;
    for (let l = 0; l < c.layers; l++) {
      this.store(this.keys[l], data(`newKeys${l}`), rows, counts, chunk, [c.keyHeads, c.headSize, true]);
      this.store(this.values[l], data(`newValues${l}`), rows, counts, chunk, [c.keyHeads, c.headSize, false]);
    }
    this.store(this.pointerKeys, data("newPointerKeys"), rows, counts, chunk, [1, c.pointer, true]);
    rows.forEach((sequence, row) => (sequence.cached += counts[row]));
    if (temperature === undefined) return;

    const [vocabulary, copy, gate] = [data("vocabulary"), data("copy"), data("copyShare")];
    const mixture = new Float32Array(c.vocabulary);
    rows.forEach((sequence, row) => {
      const write = 1 - gate[row];
      for (let v = 0; v < c.vocabulary; v++) mixture[v] = write * vocabulary[row * c.vocabulary + v];
      const start = sequence.cached - counts[row];
      const attention = row * (reach + chunk);
      const known = sequence.tokens;
      for (let m = 0; m < start; m++) mixture[known[m + 1]] += gate[row] * copy[attention + m];
      for (let m = 0; m < counts[row] - 1; m++) {
        mixture[known[start + m + 1]] += gate[row] * copy[attention + reach + m];
      }
      const token = draw(mixture, temperature, sequence.random);
      sequence.push(token, 1);
      sequence.logProbabilities.push(Math.log(mixture[token] + 1e-9));
      written?.(sequence, token);
    });
  }

  /** new [rows, heads, chunk, width] into a cache [slots, heads, width, reach] (columns) or [slots, heads, reach, width]. */
  private store(
    cache: Float32Array,
    fresh: Float32Array,
    rows: readonly Sequence[],
    counts: readonly number[],
    chunk: number,
    [heads, width, columns]: readonly [number, number, boolean],
  ): void {
    const { reach } = this;
    rows.forEach((sequence, row) => {
      for (let head = 0; head < heads; head++) {
        const from = (row * heads + head) * chunk * width;
        const to = (sequence.slot * heads + head) * width * reach;
        if (!columns) {
          cache.set(fresh.subarray(from, from + counts[row] * width), to + sequence.cached * width);
          continue;
        }
        for (let t = 0; t < counts[row]; t++) {
          let at = to + sequence.cached + t;
          for (let i = 0; i < width; i++, at += reach) cache[at] = fresh[from + t * width + i];
        }
      }
    });
  }

  private caches(): [Float32Array, number][] {
    const { keyHeads, headSize, pointer } = this.config;
    const shared = keyHeads * headSize * this.reach;
    return [
      ...[...this.keys, ...this.values].map((cache): [Float32Array, number] => [cache, shared]),
      [this.pointerKeys, pointer * this.reach],
    ];
  }

  private swap(a: number, b: number): void {
    if (a === b) return;
    for (const [cache, size] of this.caches()) {
      const kept = cache.slice(a * size, (a + 1) * size);
      cache.copyWithin(a * size, b * size, (b + 1) * size);
      cache.set(kept, b * size);
    }
    const [first, second] = [this.slots[a], this.slots[b]];
    [this.slots[a], this.slots[b]] = [second, first];
    first.slot = b;
    second.slot = a;
  }

  private clear(): void {
    [this.keys, this.values, this.pointerKeys] = [[], [], new Float32Array()];
    [this.capacity, this.reach] = [0, 0];
  }

  /** Makes room for `capacity` slots and sequences of `reach` tokens, keeping what is cached. */
  private allocate(capacity: number, reach: number): void {
    const rounded = Math.max(this.reach, Math.ceil(reach / GROWTH) * GROWTH);
    if (capacity <= this.capacity && rounded === this.reach) return;
    const { layers, keyHeads, headSize, pointer } = this.config;
    const slots = Math.max(capacity, this.capacity);
    const grow = (old: Float32Array | undefined, heads: number, width: number, columns: boolean) => {
      const next = new Float32Array(slots * heads * width * rounded);
      const [lines, from, to] = columns ? [width, this.reach, rounded] : [1, width * this.reach, width * rounded];
      for (let line = 0; old && line < this.capacity * heads * lines; line++) {
        next.set(old.subarray(line * from, (line + 1) * from), line * to);
      }
      return next;
    };
    const layer = [...Array(layers).keys()];
    this.keys = layer.map((l) => grow(this.keys[l], keyHeads, headSize, true));
    this.values = layer.map((l) => grow(this.values[l], keyHeads, headSize, false));
    this.pointerKeys = grow(this.pointerKeys, 1, pointer, true);
    this.capacity = slots;
    this.reach = rounded;
  }
}

/** A token drawn from a distribution sharpened or flattened by the temperature. */
function draw(p: Float32Array, temperature: number, random: RandomSource): number {
  if (temperature === 0) return p.reduce((best, value, i) => (value > p[best] ? i : best), 0);
  const weight = temperature === 1 ? (i: number) => p[i] : (i: number) => Math.pow(p[i], 1 / temperature);
  let total = 0;
  for (let i = 0; i < p.length; i++) total += weight(i);
  let rest = random.next() * total;
  for (let i = 0; i < p.length; i++) {
    rest -= weight(i);
    if (rest < 0) return i;
  }
  return END_OF_REPLY;
}
