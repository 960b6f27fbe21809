/** `npm run study`: the three experiments as one plan; says how long it takes, runs it, and says what came out. */
import { Command, Option } from "commander";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { dataFile } from "../data";
import { collect, manifest } from "../experiments/collect";
import { runPlan } from "../experiments/plan";
import { PROFILES } from "../experiments/profiles";
import { savedRecords, saveRecords } from "../experiments/record-files";
import { EXPERIMENTS, measureLevels, planStudy } from "../experiments/study";
import type { FullStudyOptions } from "../experiments/study";
import { expectation, missingPolicies, planTable, successTable } from "../experiments/study-text";
import { verificationTable, verify } from "../experiments/verify";
import { watchPlan, watchRuns } from "../experiments/watch";
import { checkpointFile } from "../policies";
import { main, wholeNumber } from "./common";

interface Options {
  readonly profile: string;
  readonly experiment?: string;
  readonly envs?: string;
  readonly seeds?: string;
  readonly jobs?: number;
  readonly workers?: number;
  readonly base: string;
  readonly root?: string;
  readonly difficulty: "level" | "model";
  readonly plan?: boolean;
  readonly save?: string;
  readonly verify?: number;
  readonly records: string;
}

function studyOptions(options: Options): FullStudyOptions {
  const list = (text?: string) => text?.split(",").map((part) => part.trim());
  const defined = {
    profile: options.profile,
    experiments: list(options.experiment),
    envs: list(options.envs),
    seeds: list(options.seeds)?.map(wholeNumber("--seeds")),
    jobs: options.jobs,
    workers: options.workers,
    base: checkpointFile(options.base),
    root: options.root && path.resolve(options.root),
    difficulty: options.difficulty,
  };
  return Object.fromEntries(Object.entries(defined).filter(([, value]) => value !== undefined));
}

async function study(options: Options): Promise<void> {
  const asked = studyOptions(options);
  if (asked.difficulty === "model" && !options.plan) await watchRuns((report) => measureLevels(asked, report));
  const plan = planStudy(asked);
  console.log(planTable(plan).toText());
  console.log(expectation(plan));
  if (options.plan) return;
  let failure: unknown;
  await watchPlan(plan, (report) => runPlan(plan, report)).catch((error: unknown) => (failure = error));
  const found = { manifest: manifest(plan), records: collect(plan) };
  if (found.records.length > 0) console.log(successTable(found).toText());
  const lacking = missingPolicies(plan);
  console.log(`${found.records.length} of ${plan.policies.length} policies are finished (${plan.settings.root})`);
  if (lacking.length > 0) console.log(`missing; the same command goes on with them:\n  ${lacking.join("\n  ")}`);
  if (options.save && found.records.length > 0) {
    for (const file of saveRecords(options.save, found)) console.log(`written: ${file}`);
  }
  if (failure) throw failure;
}

async function verifyRecords(options: Options): Promise<void> {
  const name = options.difficulty === "model" ? `${options.profile}-by-model` : options.profile;
  const records = savedRecords(options.records, name);
  if (!records) throw new Error(`there are no records of profile "${name}" in ${options.records}`);
  const root = mkdtempSync(path.join(os.tmpdir(), "heldout-verify-"));
  try {
    const run = { count: options.verify!, base: checkpointFile(options.base), root, jobs: options.jobs };
    const rows = await watchRuns((report) => verify(records, run, report));
    console.log(verificationTable(records, rows).toText());
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function run(): Promise<void> {
  const command = new Command("npm run study --")
    .description(
      "Runs the three experiments: each policy is trained once and tested on all environments. Finished runs are " +
        "reused, interrupted ones go on; adding a seed or an environment runs only what that adds.",
    )
    .addOption(new Option("--profile <profile>", "how large").choices(Object.keys(PROFILES)).default("quick"))
    .option("--experiment <names>", `${Object.keys(EXPERIMENTS).join(", ")}, separated by commas (default: all)`)
    .option("--envs <ids>", "environments, separated by commas (default: the profile's)")
    .option("--seeds <seeds>", "training seeds, separated by commas (default: the profile's)")
    .option("--jobs <n>", "runs side by side (default: as many as there are cores)", wholeNumber("--jobs"))
    .option("--workers <n>", "processes that share each training (default: 1)", wholeNumber("--workers"))
    .option("--base <file>", "what RFT starts from: a checkpoint, or the name of a shipped base", "small")
    .option("--root <folder>", "where runs are kept (default: runs/)")
    .addOption(
      new Option("--difficulty <kind>", "easy and hard by the environments' levels, or by the base's own success")
        .choices(["level", "model"])
        .default("level"),
    )
    .option("--plan", "only say what would be done and how long it would take")
    .option("--save <folder>", "also add the records to those there; data/records is what is shipped")
    .option("--verify <n>", "run n of the saved policies again from nothing and compare", wholeNumber("--verify"))
    .option("--records <folder>", "where the saved records are", dataFile("records"))
    .parse();
  const options: Options = command.opts();
  await (options.verify === undefined ? study(options) : verifyRecords(options));
}

if (require.main === module) main(run);
