/** The graphs that extend sequences whose keys and values are cached outside of them. Parameters are constants. */
import { Graph } from "./graph";
import type { Tensor } from "./graph";
import { blocks, declareConstants, embedTokens } from "./transformer";
import type { ModelConfig, Parameters } from "./transformer";

function declareTokens(g: Graph) {
  const [tokens, before, positions] = ["tokens", "before", "positions"].map((name) =>
    g.input(name, ["batch", "chunk"], "int64"),
  );
  return { tokens, before, positions };
}

/**
 * The cache of a layer as inputs, what it is to be extended by as outputs, and the scores of the queries against both:
 * `old` [batch, keyHeads, queries, cache] and `own` [batch, keyHeads, queries, chunk].
 */
function extendCache(g: Graph, c: ModelConfig, layer: number, query: Tensor, key: Tensor, value: Tensor) {
  g.output(key, `newKeys${layer}`, ["batch", c.keyHeads, "chunk", c.headSize]);
  g.output(value, `newValues${layer}`, ["batch", c.keyHeads, "chunk", c.headSize]);
  const keys = g.input(`keys${layer}`, ["batch", c.keyHeads, "cache", c.headSize + 1]);
  const values = g.input(`values${layer}`, ["batch", c.keyHeads, "cache", c.headSize]);
  const alpha = 1 / Math.sqrt(c.headSize);
  const old = g.product(g.append(query, 1), keys, { transposeB: true, alpha });
  const own = g.product(query, key, { transposeB: true, alpha });
  return { values, old, own };
}

/**
 * Takes one token of each sequence and predicts the next.
 *
 * Inputs: `tokens`, `before`, `positions` [batch, 1]; the caches `keys<l>` [batch, keyHeads, cache, headSize + 1], `values<l>`
 * [batch, keyHeads, cache, headSize] per layer and `pointerKeys` [batch, cache, pointer + 1], masked as {@link Cache} says and
 * with values 0 where no token is; `place` [batch, keyHeads, heads / keyHeads, 1], where in the cache the token belongs.
 * Outputs: two distributions over the next token, `vocabulary` [batch, vocabulary] and `copy` [batch, 1, cache],
 * `copyShare` [batch, 1], the weight of the second; and what to cache: `newKeys<l>`, `newValues<l>`
 * [batch, keyHeads, 1, headSize], `newPointerKeys` [batch, 1, pointer]. Without a pointer head nothing of copying is there.
 */
export function writingGraph(c: ModelConfig, flat: Float32Array): Uint8Array {
  const g = new Graph();
  const inputs = declareConstants(g, c, flat);
  const p = inputs.parameters;
  const { tokens, before, positions } = declareTokens(g);
  const place = g.input("place", ["batch", c.keyHeads, c.heads / c.keyHeads, 1], "int64");
  const axis = { axis: { i: -1 } };
  const x = embedTokens(g, c, p, tokens, before);
  const hidden = blocks(g, c, inputs, x, positions, (l, query, key, value) => {
    const { values, old, own } = extendCache(g, c, l, query, key, value);
    const weights = g.op("Softmax", [g.op("ScatterElements", [old, place, own], axis)], axis);
    const ownWeight = g.op("GatherElements", [weights, place], axis);
    return g.op("Add", [g.op("MatMul", [weights, values]), g.op("MatMul", [ownWeight, value])]);
  });
  predict(g, c, p, hidden);
  return g.build();
}

function predict(g: Graph, c: ModelConfig, p: Parameters, hidden: Tensor): void {
  const axis = { axis: { i: -1 } };
  const at = g.reshape(hidden, [-1, c.width]);
  const logits = g.product(at, p.embedding, { transposeB: true });
  g.output(g.op("Softmax", [logits], axis), "vocabulary", ["batch", c.vocabulary]);
  if (c.pointer === 0) return;
  rememberForCopying(g, c, p, hidden);
  const query = g.append(g.op("MatMul", [hidden, p.pointerQuery]), 1);
  const pointerKeys = g.input("pointerKeys", ["batch", "cache", c.pointer + 1]);
  const attention = g.product(query, pointerKeys, { transposeB: true, alpha: 1 / Math.sqrt(c.pointer) });
  g.output(g.op("Softmax", [attention], axis), "copy", ["batch", 1, "cache"]);
  g.output(g.op("Sigmoid", [g.op("MatMul", [at, p.gate])]), "copyShare", ["batch", 1]);
}

function rememberForCopying(g: Graph, c: ModelConfig, p: Parameters, hidden: Tensor): void {
  g.output(g.op("MatMul", [hidden, p.pointerKey]), "newPointerKeys", ["batch", "chunk", c.pointer]);
}

/**
 * Takes several tokens of one sequence and predicts nothing.
 *
 * Inputs: `tokens`, `before`, `positions` [1, chunk]; `causal` [heads / keyHeads · chunk, chunk], 0 or −1e9; per layer
 * `keys<l>`, `values<l>` [1, keyHeads, cache, …] as for {@link writingGraph}.
 * Outputs: `newKeys<l>`, `newValues<l>` [1, keyHeads, chunk, headSize], `newPointerKeys` [1, chunk, pointer].
 */
export function readingGraph(c: ModelConfig, flat: Float32Array): Uint8Array {
  const g = new Graph();
  const inputs = declareConstants(g, c, flat);
  const p = inputs.parameters;
  const { tokens, before, positions } = declareTokens(g);
  const causal = g.input("causal", ["queries", "chunk"]);
  const axis = { axis: { i: -1 } };
  const x = embedTokens(g, c, p, tokens, before);
  const hidden = blocks(g, c, inputs, x, positions, (l, query, key, value) => {
    const { values, old, own: unmasked } = extendCache(g, c, l, query, key, value);
    const own = g.op("Add", [unmasked, causal]);
    const weights = g.op("Softmax", [g.op("Concat", [old, own], axis)], axis);
    const sizes = [old, own].map((t) => g.op("Shape", [t], { start: { i: -1 } }));
    const [toOld, toOwn] = g.split(weights, g.op("Concat", sizes, { axis: { i: 0 } }), 2);
    return g.op("Add", [g.op("MatMul", [toOld, values]), g.op("MatMul", [toOwn, value])]);
  });
  if (c.pointer > 0) rememberForCopying(g, c, p, hidden);
  return g.build();
}
