import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readNotebook, writeNotebook, type CodeCell } from "../../lib/notebook/nbformat";
import { repositoryRoot } from "../../lib/data";
import { executeNotebook, type RunEvent } from "../../lib/notebook/runner";
import { notebook, outputs } from "./notebooks";

const root = repositoryRoot();
let folder: string;

beforeAll(() => {
  mkdirSync(path.join(root, "out"), { recursive: true });
  folder = mkdtempSync(path.join(root, "out", "runner-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(["tslab", "deno"])("the %s kernel", (kernel) => {
  it("runs cells in order, with parameters from the environment, and says what the running cell says", async () => {
    const events: RunEvent[] = [];
    const run = await executeNotebook({
      notebook: notebook(
        `const profile: string = process.env.HELDOUT_PROFILE ?? "none";`,
        ``,
        `for (let i = 0; i < 3; i++) { await new Promise((r) => setTimeout(r, 200)); console.log(profile, i); }`,
        `console.error("a warning");`,
      ),
      kernel,
      cwd: folder,
      env: { HELDOUT_PROFILE: "quick" },
      onOutput: (event) => events.push(event),
      timeout: 30,
    });
    expect(run.error).toBeUndefined();
    expect(run.ok).toBe(true);
    expect(outputs(run)[2]).toEqual([{ output_type: "stream", name: "stdout", text: "quick 0\nquick 1\nquick 2\n" }]);
    expect(outputs(run)[3]).toEqual([{ output_type: "stream", name: "stderr", text: "a warning\n" }]);
    const third = events.filter((event) => event.cell === 3).map((event) => event.kind);
    expect(third[0]).toBe("start");
    expect(third.at(-1)).toBe("end");
    expect(third.filter((kind) => kind === "stdout").length).toBeGreaterThan(1);
    expect(run.notebook.metadata.kernelspec).toMatchObject({ name: kernel, language: "typescript" });
  });

  it("stops at the first failing cell with its words", async () => {
    const run = await executeNotebook({
      notebook: notebook(
        `console.log("before");`,
        `throw new RangeError("depth 7 is too deep");`,
        `console.log("after");`,
      ),
      kernel,
      cwd: folder,
      timeout: 30,
    });
    expect(run.ok).toBe(false);
    expect(run.error).toMatch(/^code cell 2 of 3 failed: /);
    expect(run.error).toContain("depth 7 is too deep");
    expect(outputs(run)[0]).toHaveLength(1);
    expect(outputs(run)[2]).toEqual([]);
  });

  it("gives up on a cell that takes too long", async () => {
    const slow = notebook(`console.log("begun"); await new Promise((r) => setTimeout(r, 60_000));`);
    const run = await executeNotebook({ notebook: slow, kernel, cwd: folder, timeout: 1 });
    expect(run.error).toContain("it took longer than 1 s");
    expect(outputs(run)[0]).toHaveLength(1);
  });

  it("tells when the kernel dies", async () => {
    const run = await executeNotebook({ notebook: notebook(`process.exit(3);`), kernel, cwd: folder, timeout: 30 });
    expect(run.error).toMatch(/code cell 1 of 1 failed: the kernel ".*" died \(exit code 3\)/);
  });
});

describe("a kernel that does not start", () => {
  it.each([
    ["a program that is not there", ["/nowhere/kernel"], "cannot be started: spawn /nowhere/kernel ENOENT"],
    ["a program that ends", ["node", "-e", "console.error('no such module'); process.exit(2)"], "no such module"],
  ])("%s is told with its last words", async (name, argv, words) => {
    const spec = path.join(folder, name.replaceAll(" ", "-"));
    mkdirSync(spec);
    writeFileSync(path.join(spec, "kernel.json"), JSON.stringify({ argv, display_name: name, language: "typescript" }));
    await expect(executeNotebook({ notebook: notebook("1"), kernel: spec, cwd: folder })).rejects.toThrow(words);
  });
});

describe("a notebook file", () => {
  it("comes back as it was written, long texts as lists of lines, without outputs", () => {
    const file = path.join(folder, "written.ipynb");
    const written = notebook("const a = 1;\nconst b = 2;");
    (written.cells[0] as CodeCell).outputs.push({ output_type: "stream", name: "stdout", text: "one\ntwo" });
    writeNotebook(file, written);
    const raw = JSON.parse(readFileSync(file, "utf8"));
    expect(raw.cells[0].source).toEqual(["const a = 1;\n", "const b = 2;"]);
    expect(raw.cells[0].outputs[0].text).toEqual(["one\n", "two"]);
    expect(readNotebook(file)).toEqual(notebook("const a = 1;\nconst b = 2;"));
  });

  it("of another format is refused", () => {
    const file = path.join(folder, "old.ipynb");
    writeFileSync(file, JSON.stringify({ nbformat: 3, worksheets: [] }));
    expect(() => readNotebook(file)).toThrow("has nbformat 3; 4 is supported");
  });
});
