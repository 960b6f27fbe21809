/** `npm run ablation`: what each choice behind the base policy is worth, measured one change at a time. */
import { Command } from "commander";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { progress } from "../notebook/progress";
import { settingsHash, writeAtomically } from "../store";
import { table } from "../table";
import { ABLATIONS, ablationSettings, compareAblations, REFERENCE, runAblation } from "../experiments/ablation";
import type { AblationOptions, AblationResult } from "../experiments/ablation";
import { main, wholeNumber } from "./common";

interface Options extends AblationOptions {
  readonly only?: string;
  readonly out: string;
  readonly save?: string;
}

async function run(): Promise<void> {
  const options: Options = new Command("npm run ablation --")
    .description(
      "Trains short versions of the small base that differ in one choice each, and tests them on the same held-out " +
        "tasks. Finished ones are kept in --out and not run again.",
    )
    .option("--only <names>", `separated by commas: ${ABLATIONS.join(", ")}`)
    .option("--steps <n>", "updates of 4,096 tokens", wholeNumber("--steps"), 400)
    .option("--test-tasks <n>", "held-out tasks per environment and level", wholeNumber("--test-tasks"), 24)
    .option("--k <n>", "attempts at each of them", wholeNumber("--k"), 4)
    .option("--out <folder>", "where finished ones are kept", "out/ablation")
    .option("--save <file>", "also write the comparison there, as JSON")
    .parse()
    .opts();
  const { steps, testTasks, k } = options;
  const names = options.only?.split(",").map((name) => name.trim()) ?? ABLATIONS;
  const files = names.map((name) => fileOf(options.out, name, { steps, testTasks, k }));
  for (const [i, name] of names.entries()) {
    if (existsSync(files[i])) continue;
    const bar = progress(name, steps);
    const result = await runAblation(name, { steps, testTasks, k }, (done, loss) => bar.update(done, { loss }));
    await bar.stop();
    writeAtomically(files[i], JSON.stringify(result) + "\n");
  }
  if (!names.includes(REFERENCE)) return console.log(`written: ${files.join(", ")}`);
  const results: AblationResult[] = files.map((file) => JSON.parse(readFileSync(file, "utf8")));
  console.log(ablationTable(results));
  if (options.save) {
    writeAtomically(options.save, JSON.stringify(compareAblations(results), null, 2) + "\n");
    console.log(`written: ${options.save}`);
  }
}

/** The name is a hash of everything that determines the result. */
function fileOf(folder: string, name: string, { steps, testTasks, k }: AblationOptions): string {
  const identity = settingsHash({ settings: ablationSettings(name, steps), testTasks, k });
  return path.join(folder, `${name.replaceAll(" ", "-")}-${identity}.json`);
}

function ablationTable(results: readonly AblationResult[]): string {
  const rows = compareAblations(results).map(({ name, success, shown, invented }) => ({
    name,
    success: success.value,
    successChange: success.change,
    shown: shown.value,
    shownChange: shown.change,
    invented: invented.value,
    inventedChange: invented.change,
  }));
  const columns = (["success", "shown", "invented"] as const).flatMap((key) => [
    { key, title: { success: "success", shown: "names", invented: "invented names" }[key] },
    { key: `${key}Change` as const, title: "change", signed: true },
  ]);
  const { tokens, k } = results[0];
  return table(rows, [{ key: "name", title: "", kind: "label" }, ...columns], {
    caption: "The base, one change at a time: means over five environments",
    notes: [
      `After ${(tokens / 1e6).toFixed(1)} million tokens each, 1 seed: intervals speak of other tasks, not of other trainings.`,
      `Success: avg@${k} on held-out easy and hard tasks. Names: probability of copying a name, of the task or invented.`,
    ],
  }).toText();
}

if (require.main === module) main(run);
