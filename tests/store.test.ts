import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { appendRows, canonicalJson, keepRows, openRun, readRows, settingsHash, withLock } from "../lib/store";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-store-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("runs on disk", () => {
  it("have a name that depends on what the settings say, not on the order of their keys", () => {
    expect(settingsHash({ a: 1, b: { c: [2], d: 3 } })).toBe(settingsHash({ b: { d: 3, c: [2] }, a: 1 }));
    expect(settingsHash({ a: 1 })).not.toBe(settingsHash({ a: 2 }));
    expect(canonicalJson({ b: 1, a: null })).toBe('{"a":null,"b":1}');
  });

  it("keep their settings beside them", () => {
    const run = openRun(folder, { seed: 3 });
    expect(JSON.parse(fs.readFileSync(path.join(run, "settings.json"), "utf8"))).toEqual({ seed: 3 });
    expect(path.basename(run)).toBe(settingsHash({ seed: 3 }));
  });

  it("give back whole rows only, and can be cut back to some of them", () => {
    const file = path.join(folder, "rows.jsonl");
    appendRows(file, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    fs.appendFileSync(file, '{"n": 4, "cut o');
    expect(readRows(file)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    keepRows(file, 2);
    expect(fs.readFileSync(file, "utf8")).toBe('{"n":1}\n{"n":2}\n');
  });

  it("belong to one living process at a time; a dead one holds nothing", async () => {
    const run = path.join(folder, "locked");
    await withLock(run, async () => {
      await expect(withLock(run, async () => 1, 0)).rejects.toThrow(/is working on this run already/);
    });
    expect(await withLock(run, async () => 2)).toBe(2);
    fs.writeFileSync(path.join(run, "lock"), "999999999");
    expect(await withLock(run, async () => 3)).toBe(3);
  });
});
