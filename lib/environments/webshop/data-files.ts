/** Reading the original's data files from a folder, the large ones without holding them in memory. */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import path from "node:path";

/** Paths of the original's files. */
export interface OriginalFiles {
  readonly products: string;
  readonly instructions: string;
  readonly human?: string;
}

/**
 * Finds `items_shuffle*.json`, `items_ins_v2*.json` and, if `human`, `items_human_ins*.json` in a folder. Of several
 * the one with `_1000` in its name is taken, the set that AgentGym serves; `all` prefers the one without. Throws a
 * RangeError when one is missing.
 */
export function findOriginalFiles(folder: string, { all = false, human = false } = {}): OriginalFiles {
  const names = readdirSync(folder).sort();
  const find = (prefix: string): string => {
    const candidates = names.filter((name) => name.startsWith(prefix) && name.endsWith(".json"));
    const found = candidates.find((name) => name.includes("_1000") !== all) ?? candidates[0];
    if (!found) throw new RangeError(`no ${prefix}*.json in ${folder}; there: ${names.join(", ") || "nothing"}`);
    return path.join(folder, found);
  };
  return {
    products: find("items_shuffle"),
    instructions: find("items_ins_v2"),
    human: human ? find("items_human_ins") : undefined,
  };
}

/** A JSON file of one object, as a map. */
export function readJsonMap<T>(file: string): ReadonlyMap<string, T> {
  return new Map(Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, T>));
}

const CHUNK = 1 << 20;
const [QUOTE, BACKSLASH, COMMA] = [34, 92, 44];
const OPENING = new Set([91, 123]);
const CLOSING = new Set([93, 125]);

/** The elements of a JSON file that holds one array of objects, one at a time; the file may be of any size. */
export function* readJsonArray<T>(file: string): Generator<T> {
  const descriptor = openSync(file, "r");
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    let pending: Buffer[] = [];
    let depth = 0;
    let inString = false;
    let escaped = false;
    for (let size = readSync(descriptor, chunk); size > 0; size = readSync(descriptor, chunk)) {
      let start = 0;
      for (let i = 0; i < size; i++) {
        const byte = chunk[i];
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) inString = false;
        } else if (byte === QUOTE) inString = true;
        else if (OPENING.has(byte)) {
          if (++depth === 1) start = i + 1;
        } else if (CLOSING.has(byte)) depth--;
        if (!inString && ((byte === COMMA && depth === 1) || (CLOSING.has(byte) && depth === 0))) {
          const text = Buffer.concat([...pending, chunk.subarray(start, i)]).toString("utf8");
          if (text.trim() !== "") yield JSON.parse(text) as T;
          pending = [];
          start = i + 1;
        }
      }
      if (depth > 0) pending.push(Buffer.from(chunk.subarray(start, size)));
    }
  } finally {
    closeSync(descriptor);
  }
}
