/** The graphs that score and train whole sequences: log-probabilities of the agent's tokens, loss and gradients. */
import { Graph } from "./graph";
import type { Tensor } from "./graph";
import { blocks, declareInputs, embedTokens, parameterSpecs } from "./transformer";
import type { ModelConfig } from "./transformer";

/**
 * `score`: log-probabilities only. `imitation`: −Σ weight · log p. `policyGradient`: the clipped surrogate of PPO
 * (arXiv:1707.06347) with per-token advantages, minus β times the k3 estimate of the KL divergence to a reference
 * (http://joschu.net/blog/kl-approx.html), as GRPO uses it (arXiv:2402.03300, eq. 3 and 4).
 */
export type Objective =
  | { readonly kind: "score" }
  | { readonly kind: "imitation" }
  | {
      readonly kind: "policyGradient";
      readonly clipLow: number;
      readonly clipHigh: number;
      readonly klCoefficient: number;
    };

/**
 * Inputs: `tokens`, `before` (the token before each), `positions` [batch, length]; `causal` [heads / keyHeads · length, length],
 * 0 or −1e9; `next` [batch, 1, length], the token after each position; `keyPosition` [1, 1, length]; and for each
 * predicted token a row: `rows` [batch, rows], its index in the flattened batch, `rowPosition` and `target`
 * [batch, rows, 1], `weight` (0 for padding) and for policyGradient `old`, `reference`, `advantage` of that shape.
 * Outputs: `logProbability` [batch, rows, 1]; `loss` and `gradient_<parameter>` unless only scoring.
 */
export function trainingGraph(c: ModelConfig, objective: Objective): Uint8Array {
  const g = new Graph();
  const inputs = declareInputs(g, c);
  const p = inputs.parameters;
  const tokens = g.input("tokens", ["batch", "length"], "int64");
  const before = g.input("before", ["batch", "length"], "int64");
  const positions = g.input("positions", ["batch", "length"], "int64");
  const causal = g.input("causal", ["queries", "length"]);
  const rows = g.input("rows", ["batch", "rows"], "int64");
  const target = g.input("target", ["batch", "rows", 1], "int64");

  const scale = 1 / Math.sqrt(c.headSize);
  const hidden = blocks(g, c, inputs, embedTokens(g, c, p, tokens, before), positions, (_, query, key, value) => {
    const scores = g.shift(g.matmulTransposed(query, key, scale), causal);
    return g.matmul(g.softmax(scores), value);
  });

  const at = g.selectRows(hidden, rows, c.width);
  const written = g.exp(g.logProbability(g.linearTransposed(at, p.embedding, c.width, c.vocabulary), target));
  const copied = copyProbability(g, c, hidden, at, target, p.pointerQuery, p.pointerKey);
  const gate = g.sigmoid(g.linear(at, p.gate, c.width, 1));
  const rest = g.shift(g.scale(gate, g.scalar(-1)), g.scalar(1));
  const probability = g.add(g.multiply(rest, written), g.multiply(gate, copied));
  const logProbability = g.log(g.shift(probability, g.scalar(1e-9)));
  g.output(logProbability, "logProbability", ["batch", "rows", 1]);

  if (objective.kind !== "score") {
    const weight = g.op("Neg", [g.input("weight", ["batch", "rows", 1])]);
    const gain = objective.kind === "imitation" ? logProbability : surrogate(g, objective, logProbability);
    const loss = g.weightedSum(gain, weight);
    g.output(loss, "loss", []);
    const specs = parameterSpecs(c);
    const gradients = g.gradients(
      loss,
      specs.map((spec) => p[spec.name]),
    );
    specs.forEach((spec, i) => g.output(gradients[i], `gradient_${spec.name}`, spec.shape));
  }
  return g.build();
}

function copyProbability(
  g: Graph,
  c: ModelConfig,
  hidden: Tensor,
  at: Tensor,
  target: Tensor,
  pointerQuery: Tensor,
  pointerKey: Tensor,
): Tensor {
  const rowPosition = g.input("rowPosition", ["batch", "rows", 1], "int64");
  const keyPosition = g.input("keyPosition", [1, 1, "length"], "int64");
  const next = g.input("next", ["batch", 1, "length"], "int64");
  const readBefore = g.op("Less", [keyPosition, rowPosition]);
  const mask = g.op("Where", [readBefore, g.scalar(0), g.scalar(-1e9)]);
  const matches = g.op("Cast", [g.op("And", [readBefore, g.op("Equal", [next, target])])], { to: { i: 1 } });
  const query = g.linear(at, pointerQuery, c.width, c.pointer);
  const key = g.linear(hidden, pointerKey, c.width, c.pointer);
  const attention = g.softmax(g.shift(g.matmulTransposed(query, key, 1 / Math.sqrt(c.pointer)), mask));
  return g.weightedRowSum(attention, matches);
}

function surrogate(
  g: Graph,
  objective: Extract<Objective, { kind: "policyGradient" }>,
  logProbability: Tensor,
): Tensor {
  const [old, reference, advantage] = ["old", "reference", "advantage"].map((name) =>
    g.input(name, ["batch", "rows", 1]),
  );
  const ratio = g.exp(g.shift(logProbability, g.op("Neg", [old])));
  const clipped = g.clip(ratio, 1 - objective.clipLow, 1 + objective.clipHigh);
  const gain = g.minimum(g.scale(ratio, advantage), g.scale(clipped, advantage));
  const behind = g.scale(g.shift(logProbability, g.op("Neg", [reference])), g.scalar(-1));
  const kl = g.shift(g.subtract(g.exp(behind), behind), g.scalar(-1));
  return g.subtract(gain, g.scale(kl, g.scalar(objective.klCoefficient)));
}
