/** `npm run base`: trains a base policy again from nothing and says how near it came to the shipped one. */
import { Command, Option } from "commander";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { dataFile } from "../data";
import { progress } from "../notebook/progress";
import { SIZES } from "../pocket/model";
import type { Size } from "../pocket/model";
import { writeAtomically } from "../store";
import { table } from "../table";
import { baseRecord, BASES, baseSteps } from "../training/base";
import { forgetState, runBase } from "../training/base-run";
import { scoreBase, scoreNames } from "../training/base-scores";
import type { BaseNames, BaseScore } from "../training/base-scores";
import { main } from "./common";

async function run(): Promise<void> {
  const command = new Command("npm run base --")
    .description(
      "Trains a base policy by behaviour cloning (small: about twenty minutes on one core, large: an hour) and scores it on test tasks. " +
        "Killed, it goes on where it last saved.",
    )
    .addOption(new Option("--size <size>", "model size").choices(Object.keys(SIZES)).default("small"))
    .option("--out <folder>", "where to write it; the shipped one is data/base/<size>", "out/base/<size>")
    .parse();
  const { size, out } = command.opts() as { size: Size; out: string };
  const folder = out.replace("<size>", size);
  const settings = BASES[size];

  const total = baseSteps(settings);
  const bar = progress(`behaviour cloning, ${size}`, total);
  const training = runBase(settings, folder);
  let next = await training.next();
  for (; !next.done; next = await training.next()) bar.update(next.value.step + 1, { loss: next.value.loss });
  await bar.stop();
  const model = next.value;

  const test = progress("test", 1);
  const scores = await scoreBase(settings, model, (env, done, total) => test.update(done / total, { env }));
  await test.stop();
  const names = await scoreNames(settings, model);

  const record = baseRecord(settings, model);
  writeAtomically(path.join(folder, "settings.json"), JSON.stringify(record, null, 2) + "\n");
  writeAtomically(path.join(folder, "scores.json"), JSON.stringify(scores, null, 2) + "\n");
  writeAtomically(path.join(folder, "names.json"), JSON.stringify(names, null, 2) + "\n");
  forgetState(folder);
  console.log(compare(scores, dataFile("base", size)));
  console.log(namesTable(names));
  console.log(`hash ${record.hash}, written to ${folder}`);
}

function namesTable(names: readonly BaseNames[]): string {
  return table(
    names,
    [
      { key: "env", kind: "label" },
      { key: "shown", title: "names of the task", metric: "P(copied)" },
      { key: "invented", title: "invented names", metric: "P(copied)" },
    ],
    { caption: "Probability of writing a name at an action as it was shown" },
  ).toText();
}

function compare(scores: readonly BaseScore[], shippedFolder: string): string {
  const file = path.join(shippedFolder, "scores.json");
  const shipped: BaseScore[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const rows = scores.map(({ env, level, avg8 }) => ({
    env,
    level,
    avg8,
    shipped: shipped.find((s) => s.env === env && s.level === level)?.avg8 ?? null,
  }));
  return table(rows, [
    { key: "env", kind: "label" },
    { key: "level", kind: "label" },
    { key: "avg8", title: "this base", metric: "avg@8", threshold: "success" },
    { key: "shipped", title: "shipped base", metric: "avg@8", threshold: "success" },
  ]).toText();
}

if (require.main === module) main(run);
