import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readNotebook } from "../../lib/notebook/nbformat";
import type { CodeCell } from "../../lib/notebook/nbformat";
import { executeNotebook } from "../../lib/notebook/runner";

const folder = path.resolve(__dirname, "../../notebooks");
const notebooks = fs.readdirSync(folder).filter((file) => file.endsWith(".ipynb"));
const runs = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-notebooks-"));

afterAll(() => fs.rmSync(runs, { recursive: true, force: true }));

describe.each(notebooks)("%s", (file) => {
  it("is committed without outputs", () => {
    const { cells } = JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
    for (const cell of cells) if (cell.cell_type === "code") expect(cell.outputs).toEqual([]);
  });

  it.each(["tslab", "deno"])(
    "runs unchanged from nothing at profile smoke in %s, and shows something in each cell",
    async (kernel) => {
      const env = { HELDOUT_PROFILE: "smoke", HELDOUT_RUNS: path.join(runs, kernel) };
      const result = await executeNotebook({
        notebook: readNotebook(path.join(folder, file)),
        kernel,
        env,
        timeout: 240,
      });
      expect(result.error).toBeUndefined();
      const code = result.notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
      for (const cell of code) expect(cell.outputs.length, cell.source).toBeGreaterThan(0);
    },
    300_000,
  );
});

describe.each(notebooks.filter((file) => /^0[1236]-/.test(file)))("%s, opened by hand", (file) => {
  it.each(["tslab", "deno"])(
    "shows the shipped records at once in %s, without running anything",
    async (kernel) => {
      const env = { HELDOUT_RUNS: path.join(runs, "none") };
      const notebook = readNotebook(path.join(folder, file));
      const result = await executeNotebook({ notebook, kernel, env, timeout: 240 });
      expect(result.error).toBeUndefined();
      expect(JSON.stringify(result.notebook.cells)).toContain("shipped records, profile standard");
      expect(fs.existsSync(env.HELDOUT_RUNS)).toBe(false);
    },
    300_000,
  );
});
