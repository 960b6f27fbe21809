/** The graph that extends sequences token by token or chunk by chunk, with keys and values cached outside of it. */
import { Graph } from "./graph";
import { blocks, declareInputs, embedTokens } from "./transformer";
import type { ModelConfig } from "./transformer";

/**
 * Inputs: `tokens`, `before`, `positions` [batch, chunk]; `last` [batch], flat index of each row's last real token;
 * `causal` [heads / keyHeads · chunk, chunk]; `cached` [batch, 1, cache], 0 or −1e9; `copyable` [batch, 1, chunk], 0 where a
 * chunk position lies before the last token; `keys<l>` [batch, keyHeads, headSize, cache], `values<l>`
 * [batch, keyHeads, cache, headSize] per layer and `pointerKeys` [batch, pointer, cache].
 * Outputs: `vocabulary` [batch, vocabulary] and `copy` [batch, 1, cache + chunk], two distributions over the next
 * token, `copyShare` [batch, 1, 1], the weight of the second; `newKeys<l>`, `newValues<l>` [batch, keyHeads, chunk,
 * headSize],
 * `newPointerKeys` [batch, chunk, pointer].
 */
export function decodingGraph(c: ModelConfig): Uint8Array {
  const g = new Graph();
  const inputs = declareInputs(g, c);
  const p = inputs.parameters;
  const tokens = g.input("tokens", ["batch", "chunk"], "int64");
  const before = g.input("before", ["batch", "chunk"], "int64");
  const positions = g.input("positions", ["batch", "chunk"], "int64");
  const last = g.input("last", ["batch"], "int64");
  const causal = g.input("causal", ["queries", "chunk"]);
  const cached = g.input("cached", ["batch", 1, "cache"]);
  const copyable = g.input("copyable", ["batch", 1, "chunk"]);

  const scale = 1 / Math.sqrt(c.headSize);
  const hidden = blocks(g, c, inputs, embedTokens(g, c, p, tokens, before), positions, (l, query, key, value) => {
    g.output(key, `newKeys${l}`, ["batch", c.keyHeads, "chunk", c.headSize]);
    g.output(value, `newValues${l}`, ["batch", c.keyHeads, "chunk", c.headSize]);
    const keys = g.input(`keys${l}`, ["batch", c.keyHeads, c.headSize, "cache"]);
    const values = g.input(`values${l}`, ["batch", c.keyHeads, "cache", c.headSize]);
    const old = g.op("Add", [g.product(query, keys, { alpha: scale }), g.reshape(cached, [0, 1, 1, -1])]);
    const fresh = g.op("Add", [g.product(query, key, { transposeB: true, alpha: scale }), causal]);
    const weights = g.op("Softmax", [g.op("Concat", [old, fresh], { axis: { i: -1 } })], { axis: { i: -1 } });
    const sizes = [old, fresh].map((t) => g.op("Shape", [t], { start: { i: -1 } }));
    const [toOld, toFresh] = g.split(weights, g.op("Concat", sizes, { axis: { i: 0 } }), 2);
    return g.op("Add", [g.op("MatMul", [toOld, values]), g.op("MatMul", [toFresh, value])]);
  });

  const at = g.op("Gather", [g.reshape(hidden, [-1, c.width]), last]);
  const logits = g.product(at, p.embedding, { transposeB: true });
  g.output(g.op("Softmax", [logits], { axis: { i: -1 } }), "vocabulary", ["batch", c.vocabulary]);

  const row = g.reshape(at, [-1, 1, c.width]);
  const query = g.op("MatMul", [row, p.pointerQuery]);
  const newPointerKeys = g.op("MatMul", [hidden, p.pointerKey]);
  g.output(newPointerKeys, "newPointerKeys", ["batch", "chunk", c.pointer]);
  const pointerKeys = g.input("pointerKeys", ["batch", c.pointer, "cache"]);
  const alpha = 1 / Math.sqrt(c.pointer);
  const old = g.op("Add", [g.product(query, pointerKeys, { alpha }), cached]);
  const fresh = g.op("Add", [g.product(query, newPointerKeys, { transposeB: true, alpha }), copyable]);
  const copy = g.op("Softmax", [g.op("Concat", [old, fresh], { axis: { i: -1 } })], { axis: { i: -1 } });
  g.output(copy, "copy", ["batch", 1, "reach"]);
  g.output(g.op("Sigmoid", [g.op("MatMul", [row, p.gate])]), "copyShare", ["batch", 1, 1]);
  return g.build();
}
