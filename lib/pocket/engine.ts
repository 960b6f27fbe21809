/** Scores and trains batches of whole sequences. */
import type { InferenceSession } from "onnxruntime-node";
import { causalMask, floats, integers, modelFeeds, openSession, parameterTensors } from "./runtime";
import type { DeviceOptions, Feeds } from "./runtime";
import { trainingGraph } from "./training-graph";
import type { Objective } from "./training-graph";
import { parameterCount } from "./transformer";
import type { ModelConfig } from "./transformer";

/** A whole episode as tokens; `agent[t]` is 1 where token t was (or should be) written by the agent. */
export interface TokenSequence {
  readonly tokens: Int32Array;
  readonly agent: Uint8Array;
}

/** Numbers for each of the agent's tokens, in order; `weight` scales a token's part of the loss. */
export interface TrainingSequence extends TokenSequence {
  readonly weight: Float32Array | number;
  readonly old?: Float32Array;
  readonly reference?: Float32Array;
  readonly advantage?: number;
}

/** Padded tokens per batch: what fits into a core's cache runs fastest (measured from 1,024 to 12,288). */
export const BATCH_TOKENS = 2048;

/** Indices of sequences grouped by similar length so that padded batches hold at most `tokens` tokens. */
export function batchByLength(sequences: readonly TokenSequence[], tokens = BATCH_TOKENS): number[][] {
  const order = sequences
    .map((_, i) => i)
    .sort((a, b) => sequences[b].tokens.length - sequences[a].tokens.length || a - b);
  const batches: number[][] = [];
  let longest = 0;
  for (const i of order) {
    const batch = batches[batches.length - 1];
    if (!batch || (batch.length + 1) * longest > tokens) {
      batches.push([i]);
      longest = sequences[i].tokens.length;
    } else {
      batch.push(i);
    }
  }
  return batches;
}

/**
 * One graph on one flat parameter vector. Parameters are read anew at each run, so an optimizer may change them in
 * place between runs.
 */
export class Engine {
  private readonly feeds: Feeds;
  private readonly gradient?: Float32Array;
  private readonly fetches: Feeds = {};
  private readonly masks = new Map<number, Float32Array>();

  private constructor(
    private readonly config: ModelConfig,
    private readonly session: InferenceSession,
    flat: Float32Array,
    private readonly objective: Objective,
  ) {
    this.feeds = modelFeeds(config, flat);
    if (objective.kind !== "score") {
      this.gradient = new Float32Array(parameterCount(config));
      this.fetches = parameterTensors(config, this.gradient, "gradient_");
    }
  }

  static async open(
    config: ModelConfig,
    flat: Float32Array,
    objective: Objective,
    options: DeviceOptions = {},
  ): Promise<Engine> {
    if (flat.length !== parameterCount(config)) {
      throw new RangeError(`the model has ${parameterCount(config)} parameters, the vector ${flat.length}`);
    }
    return new Engine(config, await openSession(trainingGraph(config, objective), options), flat, objective);
  }

  /**
   * Runs one padded batch. Returns the log-probabilities of each sequence's agent tokens, and the loss; adds the
   * gradient to `accumulate` where one is given.
   */
  async run(
    batch: readonly TrainingSequence[],
    accumulate?: Float32Array,
  ): Promise<{ loss: number; logProbabilities: Float32Array[] }> {
    const packed = pack(batch);
    const { size, length, rows } = packed;
    const shape = [size, rows, 1];
    const feeds: Feeds = {
      ...this.feeds,
      tokens: integers(packed.tokens, [size, length]),
      before: integers(packed.before, [size, length]),
      positions: integers(packed.positions, [size, length]),
      next: integers(packed.next, [size, 1, length]),
      keyPosition: integers(packed.positions.subarray(0, length), [1, 1, length]),
      causal: floats(this.mask(length), [(this.config.heads / this.config.keyHeads) * length, length]),
      rows: integers(packed.rowIndex, [size, rows]),
      rowPosition: integers(packed.rowPosition, shape),
      target: integers(packed.target, shape),
    };
    const logProbability = new Float32Array(size * rows);
    const fetches: Feeds = { ...this.fetches, logProbability: floats(logProbability, shape) };
    const loss = new Float32Array(1);
    if (this.objective.kind !== "score") {
      feeds.weight = floats(
        perRow(batch, rows, (s) => s.weight),
        shape,
      );
      fetches.loss = floats(loss, []);
    }
    if (this.objective.kind === "policyGradient") {
      feeds.old = floats(
        perRow(batch, rows, (s) => s.old),
        shape,
      );
      feeds.reference = floats(
        perRow(batch, rows, (s) => s.reference),
        shape,
      );
      feeds.advantage = floats(
        perRow(batch, rows, (s) => s.advantage),
        shape,
      );
    }
    await this.session.run(feeds, fetches);
    if (accumulate && this.gradient) for (let i = 0; i < accumulate.length; i++) accumulate[i] += this.gradient[i];
    const logProbabilities = packed.counts.map((n, b) => logProbability.slice(b * rows, b * rows + n));
    return { loss: loss[0], logProbabilities };
  }

  /** Log-probabilities of all sequences' agent tokens, in order. */
  async score(sequences: readonly TokenSequence[]): Promise<Float32Array[]> {
    const result: Float32Array[] = new Array(sequences.length);
    for (const batch of batchByLength(sequences)) {
      const { logProbabilities } = await this.run(batch.map((i) => ({ ...sequences[i], weight: 0 })));
      batch.forEach((i, b) => (result[i] = logProbabilities[b]));
    }
    return result;
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  private mask(length: number): Float32Array {
    let mask = this.masks.get(length);
    if (!mask) {
      mask = causalMask(this.config.heads / this.config.keyHeads, length);
      if (this.masks.size > 8) this.masks.clear();
      this.masks.set(length, mask);
    }
    return mask;
  }
}

function pack(batch: readonly TokenSequence[]) {
  const size = batch.length;
  const length = Math.max(...batch.map((s) => s.tokens.length));
  const counts = batch.map((s) => s.agent.reduce((sum, a) => sum + a, 0));
  const rows = Math.max(1, ...counts);
  const cells = () => new BigInt64Array(size * length);
  const [tokens, before, positions, next] = [cells(), cells(), cells(), cells()];
  const perToken = () => new BigInt64Array(size * rows);
  const [rowIndex, rowPosition, target] = [perToken(), perToken(), perToken()];
  batch.forEach((sequence, b) => {
    let row = b * rows;
    for (let t = 0; t < length; t++) {
      const cell = b * length + t;
      positions[cell] = BigInt(t);
      if (t >= sequence.tokens.length) continue;
      const token = BigInt(sequence.tokens[t]);
      tokens[cell] = token;
      if (t + 1 < length) before[cell + 1] = token;
      if (t > 0) next[cell - 1] = token;
      if (!sequence.agent[t]) continue;
      if (t === 0) throw new RangeError("the first token of a sequence cannot be the agent's");
      rowIndex[row] = BigInt(cell - 1);
      rowPosition[row] = BigInt(t - 1);
      target[row++] = token;
    }
  });
  return { size, length, rows, counts, tokens, before, positions, next, rowIndex, rowPosition, target };
}

function perRow(
  batch: readonly TrainingSequence[],
  rows: number,
  pick: (s: TrainingSequence) => Float32Array | number | undefined,
): Float32Array {
  const result = new Float32Array(batch.length * rows);
  batch.forEach((sequence, b) => {
    const value = pick(sequence) ?? 0;
    if (typeof value !== "number") return result.set(value, b * rows);
    const count = sequence.agent.reduce((sum, a) => sum + a, 0);
    result.fill(value, b * rows, b * rows + count);
  });
  return result;
}
