import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadCheckpoint, readTensors, saveCheckpoint, writeTensors } from "../../lib/pocket/checkpoint";
import { initialModel } from "../../lib/pocket/model";
import { Tokenizer } from "../../lib/pocket/tokenizer";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-checkpoint-"));
const file = path.join(folder, "model.safetensors");
const size = { layers: 1, width: 8, heads: 2, keyHeads: 1, headSize: 4, pointer: 4, context: 16 };
const tokenizer = new Tokenizer({ phrases: ["Goal: "], merges: [[103, 104]] });
const model = initialModel(size, tokenizer, "test");

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("a checkpoint", () => {
  it("brings back model, tokenizer, metadata and further vectors", () => {
    const mean = new Float32Array(model.parameters.length).fill(0.5);
    saveCheckpoint(file, model, { step: "7" }, { mean });
    const loaded = loadCheckpoint(file);
    expect(loaded.model.parameters).toEqual(model.parameters);
    expect(loaded.model.config).toEqual(model.config);
    expect(loaded.model.tokenizer.encode("Goal: oak")).toEqual(tokenizer.encode("Goal: oak"));
    expect(loaded.metadata.step).toBe("7");
    expect(loaded.extra.mean).toEqual(mean);
  });

  it("is refused when a tensor has another shape, naming it", () => {
    const { tensors, metadata } = readTensors(file);
    const gate = { shape: [4, 2], data: tensors.gate.data };
    writeTensors(path.join(folder, "misshapen"), { tensors: { ...tensors, gate }, metadata });
    expect(() => loadCheckpoint(path.join(folder, "misshapen"))).toThrow(/gate should be \[8,1\] but is \[4,2\]/);
  });

  it("is refused when its tokenizer is another one", () => {
    const { tensors, metadata } = readTensors(file);
    const other = { ...metadata, tokenizer: JSON.stringify({ phrases: [], merges: [] }) };
    writeTensors(path.join(folder, "other"), { tensors, metadata: other });
    expect(() => loadCheckpoint(path.join(folder, "other"))).toThrow(/tokenizer has 259 tokens, the model 261/);
  });

  it("is refused when bytes changed, are missing, or it is no checkpoint at all", () => {
    const bytes = fs.readFileSync(file);
    const damaged = path.join(folder, "damaged");
    const flipped = Buffer.from(bytes);
    flipped[bytes.length - 4 * model.parameters.length - 40] ^= 1;
    fs.writeFileSync(damaged, flipped);
    expect(() => loadCheckpoint(damaged)).toThrow(/damaged: its content does not match its hash/);
    fs.writeFileSync(damaged, bytes.subarray(0, bytes.length - 8));
    expect(() => loadCheckpoint(damaged)).toThrow(/cut off/);
    fs.writeFileSync(damaged, "hello");
    expect(() => loadCheckpoint(damaged)).toThrow(/not a readable checkpoint/);
  });
});
