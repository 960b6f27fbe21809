/** The graphs that score and train whole sequences: log-probabilities of the agent's tokens, loss and gradients. */
import { Graph } from "./graph";
import type { Tensor } from "./graph";
import { blocks, declareInputs, embedTokens, parameterSpecs } from "./transformer";
import type { ModelConfig, Parameters } from "./transformer";

/**
 * Estimates of KL(policy ‖ reference) per token from d = log policy − log reference (Schulman,
 * http://joschu.net/blog/kl-approx.html): `k1` d, `k2` d² / 2, `k3` exp(−d) − 1 + d. In a loss, k1's expected gradient
 * is zero and k2's is the divergence's own; k3's differs from it by its tail (arXiv:2506.09477).
 */
export type KlEstimator = "k1" | "k2" | "k3";
export const KL_ESTIMATORS: readonly KlEstimator[] = ["k1", "k2", "k3"];

/**
 * `score`: log-probabilities only. `imitation`: −Σ weight · log p. `policyGradient`: the clipped surrogate of PPO
 * (arXiv:1707.06347) with per-token advantages, minus β times an estimate of the KL divergence to a reference (default
 * k3), as GRPO uses it (arXiv:2402.03300, eq. 3 and 4). A `temperature` other than 1 (the default) makes all
 * probabilities those of p^(1/temperature), normalised, which is what the decoder samples from.
 */
export type Objective =
  | { readonly kind: "score"; readonly temperature?: number }
  | { readonly kind: "imitation" }
  | {
      readonly kind: "policyGradient";
      readonly clipLow: number;
      readonly clipHigh: number;
      readonly klCoefficient: number;
      readonly klEstimator?: KlEstimator;
      readonly temperature?: number;
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
  const logits = g.linearTransposed(at, p.embedding, c.width, c.vocabulary);
  const temperature = objective.kind === "imitation" ? 1 : (objective.temperature ?? 1);
  const logProbability =
    c.pointer === 0
      ? g.logProbability(g.scale(logits, g.scalar(1 / temperature)), target)
      : mixedLogProbability(g, c, p, hidden, at, logits, target, temperature);
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

interface Pointer {
  /** How much each row copies from each position, [batch, rows, length]. */
  readonly attention: Tensor;
  /** Where a row may copy from. */
  readonly readBefore: Tensor;
  /** The token that is copied from a position, [batch, 1, length]. */
  readonly next: Tensor;
}

function readPointer(
  g: Graph,
  c: ModelConfig,
  hidden: Tensor,
  at: Tensor,
  pointerQuery: Tensor,
  pointerKey: Tensor,
): Pointer {
  const rowPosition = g.input("rowPosition", ["batch", "rows", 1], "int64");
  const keyPosition = g.input("keyPosition", [1, 1, "length"], "int64");
  const next = g.input("next", ["batch", 1, "length"], "int64");
  const readBefore = g.op("Less", [keyPosition, rowPosition]);
  const mask = g.op("Where", [readBefore, g.scalar(0), g.scalar(-1e9)]);
  const query = g.linear(at, pointerQuery, c.width, c.pointer);
  const key = g.linear(hidden, pointerKey, c.width, c.pointer);
  const attention = g.softmax(g.shift(g.matmulTransposed(query, key, 1 / Math.sqrt(c.pointer)), mask));
  return { attention, readBefore, next };
}

/** log of the target's share in the mixture of writing and copying, at a temperature. */
function mixedLogProbability(
  g: Graph,
  c: ModelConfig,
  p: Parameters,
  hidden: Tensor,
  at: Tensor,
  logits: Tensor,
  target: Tensor,
  temperature: number,
): Tensor {
  const pointer = readPointer(g, c, hidden, at, p.pointerQuery, p.pointerKey);
  const gate = g.sigmoid(g.linear(at, p.gate, c.width, 1));
  const rest = g.shift(g.scale(gate, g.scalar(-1)), g.scalar(1));
  return temperature === 1
    ? targetLogProbability(g, logits, pointer, gate, rest, target)
    : temperedLogProbability(g, c, logits, pointer, gate, rest, target, temperature);
}

function targetLogProbability(
  g: Graph,
  logits: Tensor,
  { attention, readBefore, next }: Pointer,
  gate: Tensor,
  rest: Tensor,
  target: Tensor,
): Tensor {
  const written = g.exp(g.logProbability(logits, target));
  const matches = g.op("Cast", [g.op("And", [readBefore, g.op("Equal", [next, target])])], { to: { i: 1 } });
  const copied = g.weightedRowSum(attention, matches);
  const probability = g.add(g.multiply(rest, written), g.multiply(gate, copied));
  return g.log(g.shift(probability, g.scalar(1e-9)));
}

/** At another temperature than 1, for which the mixture's share of every token is needed. */
function temperedLogProbability(
  g: Graph,
  c: ModelConfig,
  logits: Tensor,
  { attention, next }: Pointer,
  gate: Tensor,
  rest: Tensor,
  target: Tensor,
  temperature: number,
): Tensor {
  const indices = g.op("Squeeze", [next, g.integers(1)]);
  const oneHot = g.op("OneHot", [indices, g.integers(c.vocabulary), g.scalars(0, 1)], { axis: { i: -1 } });
  const copied = g.matmulConstant(attention, oneHot);
  const probability = g.add(g.scaleRows(g.softmax(logits), rest), g.scaleRows(copied, gate));
  const energies = g.log(g.shift(probability, g.scalar(1e-20)));
  return g.logProbability(g.scale(energies, g.scalar(1 / temperature)), target);
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
  return g.subtract(
    gain,
    g.scale(divergence(g, objective.klEstimator ?? "k3", behind), g.scalar(objective.klCoefficient)),
  );
}

function divergence(g: Graph, estimator: KlEstimator, behind: Tensor): Tensor {
  if (estimator === "k1") return g.scale(behind, g.scalar(-1));
  if (estimator === "k2") return g.scale(g.multiply(behind, behind), g.scalar(0.5));
  return g.shift(g.subtract(g.exp(behind), behind), g.scalar(-1));
}
