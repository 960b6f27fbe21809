/** Runs on disk: a folder named by the hash of the settings, files that are whole or absent, append-only JSON lines. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

/** JSON with sorted keys: the same value, the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, v) =>
    v && typeof v === "object" && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}

/** A run's identity: 16 hexadecimal digits of the SHA-256 of its settings. */
export function settingsHash(settings: unknown): string {
  return createHash("sha256").update(canonicalJson(settings)).digest("hex").slice(0, 16);
}

/** Writes a file so that a crash leaves the old one or the new one, never a part. */
export function writeAtomically(file: string, content: string | Uint8Array): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.part`;
  const handle = fs.openSync(temporary, "w");
  try {
    fs.writeFileSync(handle, content);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  fs.renameSync(temporary, file);
}

/** The folder of a run below `root`, with its settings beside what it will hold. */
export function openRun(root: string, settings: unknown): string {
  const folder = path.join(root, settingsHash(settings));
  const file = path.join(folder, "settings.json");
  if (!fs.existsSync(file)) writeAtomically(file, JSON.stringify(settings, null, 2) + "\n");
  return folder;
}

/** The rows of a JSON lines file; a last line cut off by a crash is dropped. No file, no rows. */
export function readRows<T>(file: string): T[] {
  if (!fs.existsSync(file)) return [];
  const text = fs.readFileSync(file, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

/** Appends rows as JSON lines. */
export function appendRows(file: string, rows: readonly unknown[]): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.appendFileSync(file, rows.map((row) => JSON.stringify(row) + "\n").join(""));
}

/** Cuts a JSON lines file back to its first `count` rows, dropping what an interrupted run wrote after them. */
export function keepRows(file: string, count: number): void {
  if (!fs.existsSync(file)) return;
  replaceRows(file, readRows<unknown>(file).slice(0, count));
}

/** Makes a JSON lines file hold these rows, all at once; a file that does already is left alone. */
export function replaceRows(file: string, rows: readonly unknown[]): void {
  const text = rows.map((row) => JSON.stringify(row) + "\n").join("");
  if (!fs.existsSync(file) || fs.readFileSync(file, "utf8") !== text) writeAtomically(file, text);
}

/**
 * Runs `work` while no other process may do so in this folder; throws when one does. A dead process holds nothing, and
 * one whose parent was killed ends by itself: it is given `patience` milliseconds, by default 20,000.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>, patience = 20_000): Promise<T> {
  const file = path.join(folder, "lock");
  fs.mkdirSync(folder, { recursive: true });
  const holder = fs.existsSync(file) ? Number(fs.readFileSync(file, "utf8")) : 0;
  const alive = () => holder > 0 && isAlive(holder);
  for (let waited = 0; waited < patience && alive(); waited += 100) await setTimeout(100);
  if (alive()) {
    throw new Error(`process ${holder} is working on this run already (${folder}); wait for it or end it`);
  }
  fs.writeFileSync(file, String(process.pid));
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
