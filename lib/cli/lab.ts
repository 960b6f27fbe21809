/** `npm run lab`: opens JupyterLab with both kernels ready. */
import { spawn } from "node:child_process";
import { Command } from "commander";
import {
  findJupyterLab,
  installJupyterLab,
  jupyterArguments,
  jupyterEnvironment,
  jupyterLabVersion,
} from "../notebook/jupyterlab";
import { repositoryRoot } from "../data";

new Command("npm run lab --")
  .description(
    `Opens JupyterLab with the tslab and Deno kernels of this repository. Without a JupyterLab on the PATH, ` +
      `version ${jupyterLabVersion} is installed into .venv (needs Python 3).`,
  )
  .option("--port <number>", "port of the server (default: 8888 or the next free one)")
  .option("--no-browser", "print the address instead of opening a browser")
  .option("--prepare", "install JupyterLab where it is missing, and end")
  .argument("[jupyter...]", "further arguments for jupyter-lab, after another --")
  .action((further: string[], options: { port?: string; browser: boolean; prepare?: boolean }) => {
    const root = repositoryRoot();
    let command = findJupyterLab(root);
    if (!command) {
      console.log(`JupyterLab: not found, installing ${jupyterLabVersion} into .venv (a minute)`);
      command = installJupyterLab(root);
    }
    if (options.prepare) return;
    const args = jupyterArguments(root);
    if (options.port) args.push(`--port=${options.port}`);
    if (!options.browser) args.push("--no-browser");
    const lab = spawn(command, [...args, ...further], { cwd: root, env: jupyterEnvironment(root), stdio: "inherit" });
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => lab.kill(signal));
    lab.on("exit", (code) => process.exit(code ?? 1));
  })
  .parseAsync()
  .catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
