/** Behaviour cloning: teaches a pocket model to write what demonstrations write. */
import { batchByLength, Engine } from "../pocket/engine";
import type { TokenSequence } from "../pocket/engine";
import type { PocketModel } from "../pocket/model";
import { adamState, adamUpdate, cosineRate } from "../pocket/optimizer";
import type { AdamState } from "../pocket/optimizer";

export interface ImitationOptions {
  /** Updates. */
  readonly steps: number;
  /** Tokens read and written per update, at least. */
  readonly tokensPerStep: number;
  /** Peak of the learning rate: linear warm-up, then a cosine towards 0. */
  readonly learningRate: number;
  /** Updates of warm-up. */
  readonly warmup: number;
}

export interface ImitationEvent {
  readonly step: number;
  /** Tokens seen so far, what was shown included. */
  readonly tokens: number;
  /** Mean −log p of the written tokens of this step, in nats. */
  readonly loss: number;
  readonly gradientNorm: number;
  /** The optimizer after this step; it changes in place with the next. */
  readonly adam: AdamState;
}

/**
 * Updates `model.parameters` in place and reports every step. With the optimizer of an earlier event (and its parameters
 * in the model) it goes on behind that event's step, as if it had never stopped; `stream` begins anew all the same.
 */
export async function* imitate(
  model: PocketModel,
  stream: Iterator<TokenSequence>,
  { steps, tokensPerStep, learningRate, warmup }: ImitationOptions,
  adam = adamState(model.parameters.length),
): AsyncGenerator<ImitationEvent> {
  const engine = await Engine.open(model.config, model.parameters, { kind: "imitation" });
  const done = adam.step;
  let seen = 0;
  try {
    for (let step = 0; step < steps; step++) {
      const sequences: TokenSequence[] = [];
      let tokens = 0;
      let written = 0;
      while (tokens < tokensPerStep) {
        const sequence: TokenSequence = stream.next().value;
        sequences.push(sequence);
        tokens += sequence.tokens.length;
        written += sequence.agent.reduce((a, b) => a + b, 0);
      }
      seen += tokens;
      if (step < done) continue;
      const gradient = new Float32Array(model.parameters.length);
      let loss = 0;
      for (const batch of batchByLength(sequences)) {
        const weight = 1 / written;
        const weighted = batch.map((i) => ({ ...sequences[i], weight }));
        loss += (await engine.run(weighted, gradient)).loss;
      }
      const rate = cosineRate(step, steps, learningRate, warmup);
      const gradientNorm = adamUpdate(model.parameters, gradient, adam, rate);
      yield { step, tokens: seen, loss, gradientNorm, adam };
    }
  } finally {
    await engine.close();
  }
}
