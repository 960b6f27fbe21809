/** ONNX Runtime: sessions, and tensors that are views of our own arrays. */
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { parameterSpecs, rotaryTables } from "./transformer";
import type { ModelConfig } from "./transformer";

export type Feeds = { [name: string]: OrtTensor };

function runtime(): typeof import("onnxruntime-node") {
  // Loaded on first use: importing heldout must not load a native library.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("onnxruntime-node");
}

/** A session on one CPU thread: parallel work uses processes, so results do not depend on thread timing. */
export async function openSession(model: Uint8Array): Promise<InferenceSession> {
  return runtime().InferenceSession.create(model, {
    executionProviders: ["cpu"],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
  });
}

/** A float tensor that shares memory with `data`. */
export function floats(data: Float32Array, dimensions: readonly number[]): OrtTensor {
  return new (runtime().Tensor)("float32", data, dimensions as number[]);
}

/** An int64 tensor that shares memory with `data`. */
export function integers(data: BigInt64Array, dimensions: readonly number[]): OrtTensor {
  return new (runtime().Tensor)("int64", data, dimensions as number[]);
}

/** The parameters as views of the flat vector, under `prefix` + name. */
export function parameterTensors(config: ModelConfig, flat: Float32Array, prefix = ""): Feeds {
  const feeds: Feeds = {};
  for (const p of parameterSpecs(config)) {
    feeds[prefix + p.name] = floats(flat.subarray(p.offset, p.offset + p.size), p.shape);
  }
  return feeds;
}

/** Parameters and rotary tables: what every graph of the model reads. */
export function modelFeeds(config: ModelConfig, flat: Float32Array): Feeds {
  const { cosine, sine } = rotaryTables(config);
  const dimensions = [config.context, config.headSize / 2];
  return { ...parameterTensors(config, flat), cosine: floats(cosine, dimensions), sine: floats(sine, dimensions) };
}

/** The additive causal mask for all heads, [heads · length, length]: 0 where a query may look, else −1e9. */
export function causalMask(heads: number, length: number): Float32Array {
  const mask = new Float32Array(heads * length * length);
  for (let row = 0; row < heads * length; row++) {
    mask.fill(-1e9, row * length + (row % length) + 1, (row + 1) * length);
  }
  return mask;
}
