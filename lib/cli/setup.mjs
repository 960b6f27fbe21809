/**
 * Gets a checkout ready: Node, packages, the built library, both kernels. Runs before anything is installed, so it is
 * plain JavaScript without packages. What is in place already is only looked at, which takes well under a second.
 * `setup.mjs build` builds the library and does nothing else; `setup.mjs quiet` speaks only of what it has to do. All
 * words go to the standard error, so that commands may print data.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const oldest = [20, 19];

const quiet = process.argv[2] === "quiet";
const say = (line) => console.error(line);
const inPlace = (line) => quiet || say(line);

try {
  const steps = process.argv[2] === "build" ? [buildLibrary] : [checkNode, installPackages, buildLibrary, checkKernels];
  for (const step of steps) await step();
} catch (error) {
  console.error(`setup: ${error.message}`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
    throw new Error(
      `this is Node ${process.versions.node}, and ${oldest.join(".")} or later is needed. ` +
        `Install a current Node from https://nodejs.org or with your version manager, and run the command again.`,
    );
  inPlace(`node       ${process.versions.node}`);
}

function installPackages() {
  if (packagesInPlace()) return inPlace("packages   in place");
  say("packages   installing with npm ci (a minute)");
  const { status } = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", process.stderr, process.stderr],
    shell: process.platform === "win32",
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
  });
  if (status !== 0 || !packagesInPlace())
    throw new Error(
      "npm ci did not finish; its own words are above. Is the npm registry within reach, and is there 1 GB of disk? " +
        "Remove node_modules and run the command again.",
    );
}

/** npm writes down what it installed; every package of the lock must be there in the same version. */
function packagesInPlace() {
  const installed = path.join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).every(
    ([name, { version, optional, link }]) =>
      !name.startsWith("node_modules/") || optional || link || present[name]?.version === version,
  );
}

function buildLibrary() {
  const output = path.join(root, "lib", "dist");
  const stamp = path.join(output, ".sources");
  const sources = digest(sourceFiles(path.join(root, "lib")));
  if (read(stamp) === sources) return inPlace("library    in place");
  say("library    building");
  rmSync(output, { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "lib"], {
    cwd: root,
    stdio: ["ignore", process.stderr, process.stderr],
  });
  if (status !== 0)
    throw new Error("the library does not compile; correct what is said above and run the command again.");
  writeFileSync(stamp, sources);
}

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return ["dist", "node_modules"].includes(entry.name) ? [] : sourceFiles(file);
    return /\.ts$|\.json$/.test(entry.name) ? [file] : [];
  });
}

/** Starts each kernel once after an installation or a change of Node and runs `1 + 1` in it. */
async function checkKernels() {
  const stamp = path.join(root, "node_modules", ".heldout-kernels");
  const folder = path.join(root, "notebooks", "kernels");
  const kernels = readdirSync(folder).sort();
  const specs = kernels.map((name) => path.join(folder, name, "kernel.json"));
  const state = digest([path.join(root, "package-lock.json"), ...specs]) + process.version + process.arch;
  if (read(stamp) === state) return inPlace(`kernels    ${kernels.join(", ")} in place`);
  const { executeNotebook } = createRequire(import.meta.url)("../dist/notebook/runner.js");
  const cell = { cell_type: "code", id: "sum", metadata: {}, source: "1 + 1", execution_count: null, outputs: [] };
  const notebook = { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  for (const kernel of kernels) {
    const failed = (reason) =>
      new Error(`the kernel ${kernel} does not work: ${reason}\nRemove node_modules and run the command again.`);
    const { error } = await executeNotebook({ notebook, kernel, timeout: 60 }).catch((reason) => {
      throw failed(reason.message);
    });
    if (error) throw failed(error);
  }
  writeFileSync(stamp, state);
  say(`kernels    ${kernels.join(", ")} start`);
}

function digest(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(path.relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

function read(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
