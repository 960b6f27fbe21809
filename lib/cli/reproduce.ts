/** `npm run reproduce`: executes the notebooks in a real Jupyter kernel and leaves their figures and tables as files. */
import { Command, Option } from "commander";
import { readdirSync } from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../data";
import { notAccepted } from "../errors";
import { PROFILES } from "../experiments/profiles";
import { exportFigures } from "../notebook/export";
import { readNotebook, writeNotebook } from "../notebook/nbformat";
import type { CodeCell, Notebook } from "../notebook/nbformat";
import { executeNotebook } from "../notebook/runner";
import { checkpointFile } from "../policies";
import { main } from "./common";

interface Options {
  readonly profile: string;
  readonly kernel: string;
  readonly only?: string;
  readonly base?: string;
  readonly seeds?: string;
  readonly jobs?: string;
  readonly out: string;
}

/** The notebooks that make up the reproduction, by the number in front of their names. */
const REPRODUCED = ["01", "02", "03", "06"];

function notebooks(only?: string): string[] {
  const folder = path.join(repositoryRoot(), "notebooks");
  const known = readdirSync(folder).filter((file) => REPRODUCED.some((n) => file.startsWith(`${n}-`)));
  const wanted = only?.split(",").map((name) => known.find((file) => file.startsWith(name)) ?? name);
  const missing = wanted?.find((name) => !known.includes(name));
  if (missing) throw notAccepted("--only", missing, known);
  return (wanted ?? known).map((file) => path.join(folder, file));
}

/** The plain text of what the cells tagged "summary" showed. */
function summary(notebook: Notebook): string {
  const tagged = notebook.cells.filter(
    (cell): cell is CodeCell =>
      cell.cell_type === "code" && ((cell.metadata.tags ?? []) as string[]).includes("summary"),
  );
  const shown = tagged.flatMap((cell) => cell.outputs.map((o) => ("data" in o ? o.data["text/plain"] : undefined)));
  return shown.filter(Boolean).join("\n\n");
}

async function reproduce(file: string, options: Options): Promise<void> {
  const name = path.basename(file, ".ipynb");
  const started = performance.now();
  console.log(`\n${name}: profile ${options.profile}, kernel ${options.kernel}`);
  const env: Record<string, string> = { HELDOUT_PROFILE: options.profile };
  if (options.base) env.HELDOUT_BASE = checkpointFile(options.base);
  if (options.seeds) env.HELDOUT_SEEDS = options.seeds;
  if (options.jobs) env.HELDOUT_JOBS = options.jobs;
  let last = "";
  const result = await executeNotebook({
    notebook: readNotebook(file),
    kernel: options.kernel,
    env,
    onOutput: (event) => {
      if (event.kind === "start") process.stderr.write(`  cell ${event.cell} of ${event.cells}\n`);
      if (event.kind === "display" && event.id && event.text !== last) process.stderr.write(`${(last = event.text)}\n`);
      if (event.kind === "stderr") process.stderr.write(event.text);
    },
  });
  const target = path.join(options.out, `${name}.ipynb`);
  writeNotebook(target, result.notebook);
  if (!result.ok) throw new Error(`${result.error}\nWhat ran so far is in ${target}.`);
  const files = await exportFigures(result.notebook, path.join(options.out, name));
  console.log(`\n${summary(result.notebook)}\n`);
  console.log(`${name}: done in ${((performance.now() - started) / 60e3).toFixed(1)} minutes; written:`);
  for (const written of [target, ...files.written]) console.log(`  ${path.relative(process.cwd(), written)}`);
  if (files.note) console.log(`  (${files.note})`);
}

async function run(): Promise<void> {
  const command = new Command("npm run reproduce --")
    .description(
      "Executes the notebooks headless in a Jupyter kernel and exports their figures. Finished runs are reused.",
    )
    .addOption(new Option("--profile <profile>", "how large").choices(Object.keys(PROFILES)).default("quick"))
    .addOption(new Option("--kernel <kernel>", "which kernel").choices(["tslab", "deno"]).default("tslab"))
    .option("--only <notebooks>", "numbers or names of notebooks, separated by commas")
    .option("--base <base>", "what RFT starts from: a checkpoint, or the name of a shipped base (default: small)")
    .option("--seeds <seeds>", "training seeds, separated by commas (default: the profile's)")
    .option("--jobs <n>", "runs side by side (default: one per core)")
    .option("--out <folder>", "where to write executed notebooks and figures", "out")
    .parse();
  const options: Options = command.opts();
  for (const file of notebooks(options.only)) await reproduce(file, options);
}

if (require.main === module) main(run);
