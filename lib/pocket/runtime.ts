/** ONNX Runtime: sessions, and tensors that are views of our own arrays. */
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { notAccepted } from "../errors";
import { Graph } from "./graph";
import { parameterSpecs, rotaryTables } from "./transformer";
import type { ModelConfig } from "./transformer";

export type Feeds = { [name: string]: OrtTensor };

function runtime(): typeof import("onnxruntime-node") {
  // Loaded on first use: importing heldout must not load a native library.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("onnxruntime-node");
}

/** Where a graph is computed. */
export const DEVICES = ["cpu", "webgpu"] as const;

export interface DeviceOptions {
  /** Default "cpu". "webgpu" warns and uses the CPU where the runtime has no WebGPU or finds no GPU. */
  readonly device?: (typeof DEVICES)[number];
}

/** A session on one CPU thread: parallel work uses processes, so results do not depend on thread timing. */
export async function openSession(
  model: Uint8Array,
  { device = "cpu" }: DeviceOptions = {},
): Promise<InferenceSession> {
  if (!DEVICES.includes(device)) throw notAccepted("device", device, DEVICES);
  const executionProviders = device === "webgpu" && (await hasGpu()) ? ["webgpu", "cpu"] : ["cpu"];
  return create(model, executionProviders);
}

function create(model: Uint8Array, executionProviders: readonly string[]): Promise<InferenceSession> {
  return runtime().InferenceSession.create(model, {
    executionProviders,
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    // A pattern is kept for every shape that was ever seen: memory would grow with each new length of a batch.
    enableMemPattern: false,
    logSeverityLevel: 3,
  });
}

let gpu: Promise<boolean> | undefined;

/** Tries a graph of one node on the GPU, once. */
function hasGpu(): Promise<boolean> {
  gpu ??= (async () => {
    try {
      const g = new Graph();
      g.output(g.op("Neg", [g.input("x", [1])]), "y", [1]);
      await (await create(g.build(), ["webgpu"])).release();
      return true;
    } catch (error) {
      const reason = (error as Error).message.trim();
      process.emitWarning(`device "webgpu" is not available, the CPU is used instead: ${reason}`);
      return false;
    }
  })();
  return gpu;
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
