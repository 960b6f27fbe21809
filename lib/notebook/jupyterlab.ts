/** JupyterLab with the repository's two kernels: from the machine, or in a Python environment of the repository's own. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/** The version that is installed where there is none. */
export const jupyterLabVersion = "4.6.6";

const windows = process.platform === "win32";

/** The command of a JupyterLab 4 or later on the PATH or in `.venv`; undefined if there is none. */
export function findJupyterLab(root: string): string | undefined {
  return ["jupyter-lab", inEnvironment(root, "jupyter-lab")].find((command) => {
    const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8", shell: windows });
    return status === 0 && parseInt(stdout.trim(), 10) >= 4;
  });
}

/** Installs JupyterLab into `.venv` with the machine's Python; throws with the next step to take when that fails. */
export function installJupyterLab(root: string): string {
  const python = ["python3", "python"].find((name) => spawnSync(name, ["--version"], { shell: windows }).status === 0);
  if (!python)
    throw new Error(
      `JupyterLab needs Python 3, and there is none on the PATH. Install Python from your system's packages and run ` +
        `this again, or open the notebooks in VS Code, or run them without a browser: npm run reproduce`,
    );
  run(python, ["-m", "venv", path.join(root, ".venv")], "On Debian and Ubuntu: apt-get install python3-venv");
  const pip = inEnvironment(root, "pip");
  run(pip, ["install", "--quiet", `jupyterlab==${jupyterLabVersion}`], "Is the Python package index within reach?");
  return inEnvironment(root, "jupyter-lab");
}

/** Environment variables with which Jupyter finds the repository's kernels, and these the Node that runs now. */
export function jupyterEnvironment(root: string): NodeJS.ProcessEnv {
  const join = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(path.delimiter);
  return {
    ...process.env,
    JUPYTER_PATH: join(path.join(root, "notebooks"), process.env.JUPYTER_PATH),
    PATH: join(path.dirname(process.execPath), process.env.PATH),
  };
}

/** Arguments for a server of the whole repository that lets large figures pass. */
export function jupyterArguments(root: string): string[] {
  return [
    `--ServerApp.root_dir=${root}`,
    "--LabApp.default_url=/lab/tree/notebooks",
    "--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=100000000",
  ];
}

function inEnvironment(root: string, name: string): string {
  return windows ? path.join(root, ".venv", "Scripts", `${name}.exe`) : path.join(root, ".venv", "bin", name);
}

function run(command: string, args: string[], advice: string): void {
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status === 0 && (args[0] === "install" || existsSync(args.at(-1)!))) return;
  throw new Error(`this failed: ${command} ${args.join(" ")}\n${advice}`);
}
