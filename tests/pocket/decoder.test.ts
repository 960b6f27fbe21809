import { describe, expect, it } from "vitest";
import { Decoder } from "../../lib/pocket/decoder";
import { Engine } from "../../lib/pocket/engine";
import { parameterCount } from "../../lib/pocket/transformer";
import type { ModelConfig } from "../../lib/pocket/transformer";
import { generator } from "../../lib/random";

const config = { layers: 2, width: 8, heads: 4, keyHeads: 2, headSize: 4, pointer: 4, vocabulary: 23, context: 160 };
const limits = { maxTokens: 9, temperature: 1 };

/** The model without what can be left out. */
const plain = { ...config, pointer: 0, smear: false };

function randomParameters(of: ModelConfig = config): Float32Array {
  const random = generator("parameters");
  return Float32Array.from({ length: parameterCount(of) }, () => 0.5 * random.normal());
}

const text = (key: string, length: number) => {
  const random = generator(key);
  return Array.from({ length }, () => 2 + random.integer(config.vocabulary - 2));
};

/** Three rounds with sequences of different lengths, two of them with the same beginning, one leaving early. */
async function play(of: ModelConfig = config) {
  const decoder = await Decoder.open(of, randomParameters(of));
  const prompts = [text("a", 12), text("b", 5), text("a", 12), text("c", 30)];
  const sequences = prompts.map((prompt, i) => {
    const sequence = decoder.open(generator(`episode ${i}`));
    sequence.feed(prompt);
    return sequence;
  });
  let open = sequences;
  for (let round = 0; round < 3; round++) {
    await decoder.reply(open, limits);
    if (round === 0) decoder.close(sequences[1]);
    open = open.filter((s) => s !== sequences[1]);
    open.forEach((s, i) => s.feed(text(`observation ${round} ${i}`, 1 + 7 * i)));
  }
  sequences.forEach((s) => decoder.close(s));
  await decoder.release();
  return sequences;
}

describe("the decoder", () => {
  it.each([
    ["", config],
    [", without pointer and smear too", plain],
  ])("reports the log-probabilities that the training graph gives to the sampled tokens%s", async (_, of) => {
    const sequences = await play(of);
    const engine = await Engine.open(of, randomParameters(of), { kind: "score" });
    const scores = await engine.score(
      sequences.map((s) => ({ tokens: Int32Array.from(s.tokens), agent: Uint8Array.from(s.agent) })),
    );
    await engine.close();
    sequences.forEach((s, i) => {
      expect(s.logProbabilities.length).toBe(s.agent.filter(Boolean).length);
      expect(s.logProbabilities.length).toBeGreaterThan(0);
      s.logProbabilities.forEach((value, j) => expect(value).toBeCloseTo(scores[i][j], 4));
    });
  });

  it("writes the same tokens again for the same keys", async () => {
    const tokens = async () => (await play()).map((s) => s.tokens);
    expect(await tokens()).toEqual(await tokens());
  });

  it("uses parameters that were changed in place since the last reply", async () => {
    const parameters = randomParameters();
    const decoder = await Decoder.open(config, parameters);
    const write = async () => {
      const sequence = decoder.open(generator("same"));
      sequence.feed(text("a", 12));
      await decoder.reply([sequence], limits);
      decoder.close(sequence);
      return sequence.logProbabilities;
    };
    const before = await write();
    expect(await write()).toEqual(before);
    parameters.set(parameters.map((p) => 2 * p));
    expect(await write()).not.toEqual(before);
    await decoder.release();
  });

  it("gives a reply that joins others later the log-probabilities of the training graph", async () => {
    const decoder = await Decoder.open(config, randomParameters());
    const [early, late] = ["early", "late"].map((key, i) => {
      const sequence = decoder.open(generator(key));
      sequence.feed(text(key, 20 + 30 * i));
      return sequence;
    });
    const first = decoder.reply([early], { ...limits, maxTokens: 60 });
    for (let turn = 0; turn < 12; turn++) await new Promise(setImmediate);
    await Promise.all([first, decoder.reply([late], limits)]);
    const engine = await Engine.open(config, randomParameters(), { kind: "score" });
    for (const { tokens, agent, logProbabilities } of [early, late]) {
      const [scores] = await engine.score([{ tokens: Int32Array.from(tokens), agent: Uint8Array.from(agent) }]);
      logProbabilities.forEach((value, j) => expect(value).toBeCloseTo(scores[j], 4));
    }
    await Promise.all([engine.close(), decoder.release()]);
  });

  it("gives sequences that come and go in the middle of a step the log-probabilities of the training graph", async () => {
    const decoder = await Decoder.open(config, randomParameters());
    const random = generator("comings and goings");
    const episode = async (i: number) => {
      const pause = async () => {
        for (let n = random.integer(12); n > 0; n--) await new Promise((done) => setTimeout(done, random.integer(2)));
      };
      await pause();
      const sequence = decoder.open(generator(`episode ${i}`));
      for (let turn = 0; turn < 3; turn++) {
        sequence.feed(text(`text ${i} ${turn}`, 3 + random.integer(35)));
        await decoder.reply([sequence], limits);
        await pause();
      }
      decoder.close(sequence);
      return sequence;
    };
    const sequences = await Promise.all(Array.from({ length: 24 }, (_, i) => episode(i)));
    const engine = await Engine.open(config, randomParameters(), { kind: "score" });
    for (const { tokens, agent, logProbabilities } of sequences) {
      const [scores] = await engine.score([{ tokens: Int32Array.from(tokens), agent: Uint8Array.from(agent) }]);
      logProbabilities.forEach((value, j) => expect(value).toBeCloseTo(scores[j], 4));
    }
    await Promise.all([engine.close(), decoder.release()]);
  });

  it("refuses replies that do not fit into the context", async () => {
    const decoder = await Decoder.open(config, randomParameters());
    const sequence = decoder.open(generator("long"));
    sequence.feed(text("long", 155));
    expect(decoder.fits(sequence, 9)).toBe(false);
    await expect(decoder.reply([sequence], limits)).rejects.toThrow(/164 tokens exceed the context 160/);
    await decoder.release();
  });
});
