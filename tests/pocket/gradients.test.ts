import { describe, expect, it } from "vitest";
import { Engine } from "../../lib/pocket/engine";
import type { TrainingSequence } from "../../lib/pocket/engine";
import type { Objective } from "../../lib/pocket/training-graph";
import { parameterCount, parameterSpecs } from "../../lib/pocket/transformer";
import type { ModelConfig } from "../../lib/pocket/transformer";
import { generator } from "../../lib/random";

const config = { layers: 2, width: 8, heads: 4, keyHeads: 2, headSize: 4, pointer: 4, vocabulary: 11, context: 16 };

function randomParameters(of: ModelConfig = config): Float32Array {
  const random = generator("parameters");
  return Float32Array.from({ length: parameterCount(of) }, () => 0.4 * random.normal());
}

function randomSequences(): TrainingSequence[] {
  const random = generator("sequences");
  return [7, 5, 9].map((length) => {
    const tokens = Int32Array.from({ length }, () => random.integer(config.vocabulary));
    const agent = Uint8Array.from({ length }, (_, t) => (t > 0 && random.next() < 0.6 ? 1 : 0));
    agent[1] = 1;
    const count = agent.reduce((a, b) => a + b, 0);
    const column = (f: () => number) => Float32Array.from({ length: count }, f);
    return {
      tokens,
      agent,
      weight: column(() => random.next()),
      old: column(() => -2.4 + 0.8 * random.next()),
      reference: column(() => -2.4 + 0.8 * random.next()),
      advantage: random.normal(),
    };
  });
}

/** The model without what can be left out. */
const plain = { ...config, pointer: 0, smear: false };

const objectives: Objective[] = [
  { kind: "imitation" },
  { kind: "policyGradient", clipLow: 0.2, clipHigh: 0.28, klCoefficient: 0.1 },
];

describe("gradients of the pocket model", () => {
  it.each([
    ...objectives.map((objective) => ({ ...objective, model: "with pointer and smear", of: config, objective })),
    { kind: "imitation", model: "without", of: plain, objective: objectives[0] },
  ])("equal finite differences in every parameter tensor: $kind, $model", async ({ of, objective }) => {
    const flat = randomParameters(of);
    const engine = await Engine.open(of, flat, objective);
    const batch = randomSequences();
    const gradient = new Float32Array(flat.length);
    await engine.run(batch, gradient);
    const random = generator("probe");
    for (const parameter of parameterSpecs(of)) {
      for (let probe = 0; probe < 6; probe++) {
        const i = parameter.offset + random.integer(parameter.size);
        const original = flat[i];
        const step = 2e-3;
        flat[i] = original + step;
        const above = (await engine.run(batch)).loss;
        flat[i] = original - step;
        const below = (await engine.run(batch)).loss;
        flat[i] = original;
        const difference = (above - below) / (2 * step);
        expect(Math.abs(difference - gradient[i]), `${parameter.name}[${i}]`).toBeLessThan(
          2e-3 + 0.02 * Math.abs(difference),
        );
      }
    }
    await engine.close();
  });

  it("are the same bytes in a second engine", async () => {
    const run = async () => {
      const flat = randomParameters();
      const engine = await Engine.open(config, flat, objectives[0]);
      const gradient = new Float32Array(flat.length);
      await engine.run(randomSequences(), gradient);
      await engine.close();
      return gradient;
    };
    expect(await run()).toEqual(await run());
  });

  it("do not depend on how sequences are padded together", async () => {
    const flat = randomParameters();
    const engine = await Engine.open(config, flat, objectives[0]);
    const sequences = randomSequences();
    const together = new Float32Array(flat.length);
    const apart = new Float32Array(flat.length);
    await engine.run(sequences, together);
    for (const sequence of sequences) await engine.run([sequence], apart);
    await engine.close();
    together.forEach((g, i) => expect(apart[i]).toBeCloseTo(g, 4));
  });
});
