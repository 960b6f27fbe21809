import { describe, expect, it } from "vitest";
import { Engine } from "../../lib/pocket/engine";
import type { TrainingSequence } from "../../lib/pocket/engine";
import { KL_ESTIMATORS } from "../../lib/pocket/training-graph";
import type { KlEstimator, Objective } from "../../lib/pocket/training-graph";
import { parameterCount, parameterSpecs } from "../../lib/pocket/transformer";
import { generator } from "../../lib/random";

const config = { layers: 1, width: 8, heads: 2, keyHeads: 1, headSize: 4, pointer: 4, vocabulary: 9, context: 16 };
const random = generator("objective");
const flat = Float32Array.from({ length: parameterCount(config) }, () => 0.4 * random.normal());

function sequences(): (TrainingSequence & { old: Float32Array; reference: Float32Array; weight: number })[] {
  return [10, 16, 16, 7].flatMap((length) =>
    [1.5, -0.8].map((advantage) => {
      const tokens = Int32Array.from({ length }, () => random.integer(config.vocabulary));
      const agent = Uint8Array.from({ length }, (_, t) => Number(t > 1));
      const column = () => Float32Array.from({ length: length - 2 }, () => -2.2 + random.normal());
      return { tokens, agent, advantage, weight: random.next(), old: column(), reference: column() };
    }),
  );
}

async function gradientOf(objective: Objective, batch: readonly TrainingSequence[]): Promise<Float32Array> {
  const engine = await Engine.open(config, flat, objective);
  const gradient = new Float32Array(flat.length);
  await engine.run(batch, gradient);
  await engine.close();
  return gradient;
}

async function scores(temperature: number, batch: readonly TrainingSequence[]): Promise<Float32Array[]> {
  const engine = await Engine.open(config, flat, { kind: "score", temperature });
  const result = await engine.score(batch);
  await engine.close();
  return result;
}

/** d(estimate of KL) / d(log-probability) for d = log policy − log reference. */
const slopes: { [k in KlEstimator]: (d: number) => number } = {
  k1: () => 1,
  k2: (d) => d,
  k3: (d) => 1 - Math.exp(-d),
};

describe("the objective of training", () => {
  it.each(KL_ESTIMATORS)("has the gradient of PPO's clipped surrogate minus KL by %s, token by token", async (kl) => {
    const [clipLow, clipHigh, klCoefficient] = [0.2, 0.5, 0.3];
    const batch = sequences();
    const now = await scores(1, batch);
    const cases = new Set<string>();
    const weighted = batch.map((s, b) => {
      const weight = now[b].map((logProbability, t) => {
        const ratio = Math.exp(logProbability - s.old[t]);
        const side = ratio < 1 - clipLow ? "below" : ratio > 1 + clipHigh ? "above" : "within";
        cases.add(`${side} ${s.advantage! > 0}`);
        const stopped = side === (s.advantage! > 0 ? "above" : "below");
        const gain = stopped ? 0 : s.advantage! * ratio;
        return s.weight * (gain - klCoefficient * slopes[kl](logProbability - s.reference[t]));
      });
      return { tokens: s.tokens, agent: s.agent, weight };
    });
    expect(cases.size).toBe(6);
    // Imitation's gradient is −Σ weight · ∇ log p, so that the slopes above as weights must give the same gradient.
    const expected = await gradientOf({ kind: "imitation" }, weighted);
    const objective = { kind: "policyGradient", clipLow, clipHigh, klCoefficient, klEstimator: kl } as const;
    const gradient = await gradientOf(objective, batch);
    const size = Math.hypot(...expected);
    expect(Math.hypot(...gradient.map((g, i) => g - expected[i])) / size).toBeLessThan(1e-5);
  });

  it("at another temperature is about p^(1/T), normalised over the vocabulary, copies included", async () => {
    const read = [3, 1, 4, 1, 5, 3];
    const each = Array.from({ length: config.vocabulary }, (_, token) => ({
      tokens: Int32Array.from([...read, token]),
      agent: Uint8Array.from([...read.map(() => 0), 1]),
      weight: 0,
    }));
    const p = (await scores(1, each)).map(([value]) => Math.exp(value));
    for (const temperature of [0.7, 1.6]) {
      const tempered = (await scores(temperature, each)).map(([value]) => Math.exp(value));
      const total = p.reduce((sum, value) => sum + value ** (1 / temperature), 0);
      tempered.forEach((value, token) => expect(value).toBeCloseTo(p[token] ** (1 / temperature) / total, 5));
    }
  });

  it("at another temperature has the gradient of finite differences", async () => {
    const kind = "policyGradient";
    const objective = { kind, clipLow: 0.2, clipHigh: 0.2, klCoefficient: 0.1, klEstimator: "k2", temperature: 1.5 };
    const batch = sequences();
    const engine = await Engine.open(config, flat, objective as Objective);
    const gradient = new Float32Array(flat.length);
    await engine.run(batch, gradient);
    const lossAt = async (i: number, value: number) => {
      const kept = flat[i];
      flat[i] = value;
      const { loss } = await engine.run(batch);
      flat[i] = kept;
      return loss;
    };
    for (const { name, offset, size } of parameterSpecs(config)) {
      const i = offset + random.integer(size);
      const step = 2e-3;
      const difference = ((await lossAt(i, flat[i] + step)) - (await lossAt(i, flat[i] - step))) / (2 * step);
      expect(Math.abs(difference - gradient[i]), `${name}[${i}]`).toBeLessThan(2e-3 + 0.02 * Math.abs(difference));
    }
    await engine.close();
  });
});
