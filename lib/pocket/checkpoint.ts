/**
 * Checkpoints in the safetensors format: named float32 tensors behind a JSON header with metadata, so Python reads
 * them too. A checkpoint says which model it is for; one that does not fit is refused.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeAtomically } from "../store";
import { version } from "../version";
import type { PocketModel } from "./model";
import { Tokenizer } from "./tokenizer";
import { parameterCount, parameterSpecs } from "./transformer";

export interface TensorFile {
  readonly tensors: { readonly [name: string]: { readonly shape: readonly number[]; readonly data: Float32Array } };
  readonly metadata: { readonly [key: string]: string };
}

/** Writes tensors and metadata; a crash leaves the old file or the new one. */
export function writeTensors(file: string, { tensors, metadata }: TensorFile): void {
  const header: { [name: string]: unknown } = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = JSON.stringify(header);
  const head = Buffer.from(json + " ".repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  const parts = Object.values(tensors).map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  writeAtomically(file, Buffer.concat([length, head, ...parts]));
}

/** Reads a file of {@link writeTensors}; the error names the file and what is wrong with it. */
export function readTensors(file: string): TensorFile {
  const bytes = readFileSync(file);
  try {
    const end = 8 + Number(bytes.readBigUInt64LE(0));
    const { __metadata__: metadata = {}, ...entries } = JSON.parse(bytes.subarray(8, end).toString("utf8"));
    const tensors: { [name: string]: { shape: number[]; data: Float32Array } } = {};
    for (const [name, entry] of Object.entries(entries)) {
      const { dtype, shape, data_offsets: range } = entry as { dtype: string; shape: number[]; data_offsets: number[] };
      if (dtype !== "F32") throw new Error(`tensor ${name} is ${dtype}, only F32 is read`);
      if (end + range[1] > bytes.length) throw new Error(`tensor ${name} is cut off`);
      const copy = bytes.buffer.slice(bytes.byteOffset + end + range[0], bytes.byteOffset + end + range[1]);
      tensors[name] = { shape, data: new Float32Array(copy) };
    }
    return { tensors, metadata };
  } catch (error) {
    throw new Error(`${file} is not a readable checkpoint: ${(error as Error).message}`);
  }
}

/** A short hash of the weights and everything that gives them their meaning. */
export function modelHash(model: PocketModel): string {
  const hash = createHash("sha256").update(JSON.stringify([model.config, model.tokenizer.data]));
  const { buffer, byteOffset, byteLength } = model.parameters;
  return hash
    .update(Buffer.from(buffer, byteOffset, byteLength))
    .digest("hex")
    .slice(0, 16);
}

/** The vectors `extra` (an optimizer's state) are as long as the parameters and saved beside them. */
export function saveCheckpoint(
  file: string,
  model: PocketModel,
  metadata: { readonly [key: string]: string } = {},
  extra: { readonly [name: string]: Float32Array } = {},
): void {
  const tensors: { [name: string]: { shape: readonly number[]; data: Float32Array } } = {};
  for (const p of parameterSpecs(model.config)) {
    tensors[p.name] = { shape: p.shape, data: model.parameters.subarray(p.offset, p.offset + p.size) };
  }
  for (const [name, data] of Object.entries(extra)) tensors[`extra.${name}`] = { shape: [data.length], data };
  writeTensors(file, {
    tensors,
    metadata: {
      ...metadata,
      version,
      config: JSON.stringify(model.config),
      tokenizer: JSON.stringify(model.tokenizer.data),
      hash: modelHash(model),
    },
  });
}

export interface Checkpoint {
  readonly model: PocketModel;
  readonly metadata: { readonly [key: string]: string };
  readonly extra: { readonly [name: string]: Float32Array };
}

/** Loads a checkpoint; throws if a tensor is missing or misshapen or the content does not match its own hash. */
export function loadCheckpoint(file: string): Checkpoint {
  const { tensors, metadata } = readTensors(file);
  if (!metadata.config || !metadata.tokenizer) throw new Error(`${file} is not a checkpoint of the pocket model`);
  const config = JSON.parse(metadata.config);
  const tokenizer = new Tokenizer(JSON.parse(metadata.tokenizer));
  if (tokenizer.size !== config.vocabulary) {
    throw new Error(`${file}: the tokenizer has ${tokenizer.size} tokens, the model ${config.vocabulary}`);
  }
  const parameters = new Float32Array(parameterCount(config));
  for (const p of parameterSpecs(config)) {
    const found = tensors[p.name];
    if (!found || found.shape.join() !== p.shape.join()) {
      throw new Error(`${file}: ${p.name} should be [${p.shape}] but is ${found ? `[${found.shape}]` : "missing"}`);
    }
    parameters.set(found.data, p.offset);
  }
  const model = { config, tokenizer, parameters };
  if (metadata.hash !== modelHash(model)) throw new Error(`${file} is damaged: its content does not match its hash`);
  const extra = Object.fromEntries(
    Object.entries(tensors).flatMap(([name, { data }]) => (name.startsWith("extra.") ? [[name.slice(6), data]] : [])),
  );
  return { model, metadata, extra };
}
