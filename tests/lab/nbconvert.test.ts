/** The notebooks as JupyterLab's own tools execute them: `jupyter nbconvert`, both kernels, from the shipped records. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { repositoryRoot } from "../../lib/data";
import { findJupyterLab, jupyterEnvironment } from "../../lib/notebook/jupyterlab";

const root = repositoryRoot();
const jupyter = findJupyterLab(root);
const missing = jupyter ? undefined : "JupyterLab is missing; `npm run lab` installs it into .venv";
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-nbconvert-"));
const NOTEBOOKS = ["01-within-environment", "02-cross-environment", "03-sequential-and-mixture", "06-paper-and-ours"];

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function execute(notebook: string, kernel: string, env: NodeJS.ProcessEnv): string {
  const args = ["nbconvert", "--to", "notebook", "--execute", `--ExecutePreprocessor.kernel_name=${kernel}`];
  const command = jupyter!.replace(/jupyter-lab(?=(\.exe)?$)/, "jupyter");
  const { status, stderr } = spawnSync(
    command,
    [...args, "--output-dir", folder, "--output", `${kernel}-${notebook}`, `notebooks/${notebook}.ipynb`],
    { cwd: root, env: { ...jupyterEnvironment(root), ...env }, encoding: "utf8" },
  );
  expect(status, stderr).toBe(0);
  return fs.readFileSync(path.join(folder, `${kernel}-${notebook}.ipynb`), "utf8");
}

describe.skipIf(missing)(missing ?? "jupyter nbconvert", () => {
  for (const kernel of ["tslab", "deno"]) {
    it.each(NOTEBOOKS)(`executes %s in ${kernel} from the shipped records, without running anything`, (notebook) => {
      const runs = path.join(folder, "none");
      const text = execute(notebook, kernel, { HELDOUT_RUNS: runs });
      expect(text).toContain("shipped records, profile standard");
      expect(fs.existsSync(runs)).toBe(false);
    });

    it(`executes 01-within-environment in ${kernel} from nothing`, () => {
      const env = { HELDOUT_PROFILE: "smoke", HELDOUT_RUNS: path.join(folder, `runs-${kernel}`) };
      const text = execute(NOTEBOOKS[0], kernel, env);
      expect(text).toContain("profile smoke");
      expect(text).not.toContain("shipped records");
    });
  }
});
