/**
 * The pocket language model: a decoder-only transformer with a pointer head that can copy what it has read.
 *
 * Pre-norm blocks without learned gains or biases, rotary positions, few key/value heads (grouped-query
 * attention, arXiv:2305.13245: a small cache is what makes sampling fast), squared-ReLU feed-forward layers, an
 * embedding shared with the output, and "smear": each token's embedding plus W · embedding of the token before.
 *
 * The head mixes two distributions: p = (1 − g) · softmax(vocabulary) + g · copy. Copying token j has a key made
 * from the hidden state before j, so a query finds "what came after a context like mine" (pointer-generator,
 * arXiv:1704.04368, with the key of arXiv:1609.07843).
 */
import { Graph } from "./graph";
import type { Tensor } from "./graph";

export interface ModelConfig {
  readonly layers: number;
  /** Width of the residual stream. */
  readonly width: number;
  /** Query heads. */
  readonly heads: number;
  /** Key/value heads, each shared by heads / keyHeads query heads. */
  readonly keyHeads: number;
  readonly headSize: number;
  /** Width of the pointer's queries and keys; 0 for a model without a pointer head. */
  readonly pointer: number;
  readonly vocabulary: number;
  /** Whether a token's embedding carries that of the token before. Default true. */
  readonly smear?: boolean;
  /** Longest sequence in tokens. */
  readonly context: number;
}

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Position in the flat parameter vector. */
  readonly offset: number;
  readonly size: number;
  /** Standard deviation at initialization. */
  readonly deviation: number;
}

/** All parameters in the order of the flat vector. Output projections start at 0, so each block starts as identity. */
export function parameterSpecs(c: ModelConfig): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  let offset = 0;
  const parameter = (name: string, shape: readonly number[], deviation: number) => {
    const size = shape.reduce((a, b) => a * b, 1);
    specs.push({ name, shape, offset, size, deviation });
    offset += size;
  };
  const normal = 1 / Math.sqrt(c.width);
  parameter("embedding", [c.vocabulary, c.width], 0.12);
  if (c.smear ?? true) parameter("smear", [c.width, c.width], 0.3 * normal);
  for (let l = 0; l < c.layers; l++) {
    parameter(`query${l}`, [c.width, c.heads * c.headSize], normal);
    parameter(`key${l}`, [c.width, c.keyHeads * c.headSize], normal);
    parameter(`value${l}`, [c.width, c.keyHeads * c.headSize], normal);
    parameter(`attended${l}`, [c.heads * c.headSize, c.width], 0);
    parameter(`expand${l}`, [c.width, 4 * c.width], normal);
    parameter(`contract${l}`, [4 * c.width, c.width], 0);
  }
  if (c.pointer === 0) return specs;
  parameter("pointerQuery", [c.width, c.pointer], normal);
  parameter("pointerKey", [c.width, c.pointer], normal);
  parameter("gate", [c.width, 1], 0);
  return specs;
}

export function parameterCount(config: ModelConfig): number {
  return parameterSpecs(config).reduce((sum, p) => sum + p.size, 0);
}

/** cos and sin of position · 10000^(−2i/headSize), each [context, headSize / 2]. */
export function rotaryTables(c: ModelConfig): { cosine: Float32Array; sine: Float32Array } {
  const half = c.headSize / 2;
  const cosine = new Float32Array(c.context * half);
  const sine = new Float32Array(c.context * half);
  for (let position = 0; position < c.context; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * Math.pow(10000, -i / half);
      cosine[position * half + i] = Math.cos(angle);
      sine[position * half + i] = Math.sin(angle);
    }
  }
  return { cosine, sine };
}

export type Parameters = { readonly [name: string]: Tensor };

export interface ModelTensors {
  readonly parameters: Parameters;
  readonly cosine: Tensor;
  readonly sine: Tensor;
}

/** Declares the parameters and the rotary tables as inputs of a graph. */
export function declareInputs(g: Graph, c: ModelConfig): ModelTensors {
  const parameters: { [name: string]: Tensor } = {};
  for (const p of parameterSpecs(c)) parameters[p.name] = g.input(p.name, p.shape);
  const table = [c.context, c.headSize / 2];
  return { parameters, cosine: g.input("cosine", table), sine: g.input("sine", table) };
}

/** The parameters and the rotary tables as constants of a graph: matrix products then prepare them once. */
export function declareConstants(g: Graph, c: ModelConfig, flat: Float32Array): ModelTensors {
  const parameters: { [name: string]: Tensor } = {};
  for (const p of parameterSpecs(c)) {
    parameters[p.name] = g.constant(p.name, "float32", p.shape, flat.subarray(p.offset, p.offset + p.size));
  }
  const table = [c.context, c.headSize / 2];
  const { cosine, sine } = rotaryTables(c);
  return {
    parameters,
    cosine: g.constant("cosine", "float32", table, cosine),
    sine: g.constant("sine", "float32", table, sine),
  };
}

/** Token embeddings with the smear of the token before; both index tensors are [batch, length]. */
export function embedTokens(g: Graph, c: ModelConfig, p: Parameters, tokens: Tensor, before: Tensor): Tensor {
  const own = g.embed(p.embedding, tokens, c.vocabulary, c.width);
  if (!p.smear) return own;
  const previous = g.embed(p.embedding, before, c.vocabulary, c.width);
  return g.add(own, g.linear(previous, p.smear, c.width, c.width));
}

export type Attend = (layer: number, query: Tensor, key: Tensor, value: Tensor) => Tensor;

/**
 * The stack of blocks on x [batch, length, width]. `attend` gets rotated queries
 * [batch, keyHeads, heads / keyHeads · length, size], rotated keys and values [batch, keyHeads, length, size], and
 * returns a tensor like the queries.
 */
export function blocks(
  g: Graph,
  c: ModelConfig,
  { parameters: p, cosine, sine }: ModelTensors,
  x: Tensor,
  positions: Tensor,
  attend: Attend,
): Tensor {
  const [inner, shared] = [c.heads * c.headSize, c.keyHeads * c.headSize];
  const split = (t: Tensor, heads: number) => g.transpose(g.view(t, [0, 0, heads, c.headSize]), [0, 2, 1, 3]);
  for (let l = 0; l < c.layers; l++) {
    const normed = g.layerNorm(x, c.width);
    const query = g.rotary(split(g.linear(normed, p[`query${l}`], c.width, inner), c.heads), positions, cosine, sine);
    const key = g.rotary(split(g.linear(normed, p[`key${l}`], c.width, shared), c.keyHeads), positions, cosine, sine);
    const value = split(g.linear(normed, p[`value${l}`], c.width, shared), c.keyHeads);
    const mixed = attend(l, g.view(query, [0, c.keyHeads, -1, c.headSize]), key, value);
    const perHead = g.transpose(g.view(mixed, [0, c.heads, -1, c.headSize]), [0, 2, 1, 3]);
    x = g.add(x, g.linear(g.view(perHead, [0, 0, inner]), p[`attended${l}`], inner, c.width));
    const hidden = g.squaredRelu(g.linear(g.layerNorm(x, c.width), p[`expand${l}`], c.width, 4 * c.width));
    x = g.add(x, g.linear(hidden, p[`contract${l}`], 4 * c.width, c.width));
  }
  return g.layerNorm(x, c.width);
}
