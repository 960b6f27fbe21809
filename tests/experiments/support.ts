import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { loadCheckpoint, saveCheckpoint } from "../../lib/pocket/checkpoint";
import { initialModel } from "../../lib/pocket/model";
import { checkpointFile } from "../../lib/policies";

/** A folder of its own with a base that has learned nothing and costs next to nothing. */
export function scratchWithBase(): { folder: string; base: string } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-study-"));
  const { tokenizer } = loadCheckpoint(checkpointFile("small")).model;
  const size = { layers: 1, width: 16, heads: 2, keyHeads: 1, headSize: 8, pointer: 8, context: 300 };
  const base = path.join(folder, "tiny", "model.safetensors");
  saveCheckpoint(base, initialModel(size, tokenizer, "tiny"));
  return { folder, base };
}
