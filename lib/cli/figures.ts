/** `npm run figures`: every figure and table of the three experiments from records, at the size of a printed page. */
import { Command, Option } from "commander";
import path from "node:path";
import { dataFile } from "../data";
import { allResults } from "../experiments/all-results";
import type { NamedResult } from "../experiments/all-results";
import { PROFILES } from "../experiments/profiles";
import { flatRows } from "../experiments/record-results";
import { loadRecords } from "../experiments/study";
import type { FullStudyOptions } from "../experiments/study";
import { plotlyJson } from "../figures/figure";
import type { Figure } from "../figures/figure";
import { findBrowser, withBrowser } from "../notebook/browser";
import type { Darkroom } from "../notebook/browser";
import { figureSvg } from "../notebook/svg";
import { checkpointFile } from "../policies";
import { writeAtomically } from "../store";
import { main, wholeNumber } from "./common";

interface Options {
  readonly profile: string;
  readonly envs?: string;
  readonly seeds?: string;
  readonly base: string;
  readonly root?: string;
  readonly records: string;
  readonly difficulty: "level" | "model";
  readonly only?: string;
  readonly out: string;
}

/** A page's text width of 6.75 inches at 96 pixels to the inch, and 300 dots to the inch for pictures. */
const PAPER = { width: 648, dots: 300 / 96 } as const;

/** The figure at the width of a printed page. */
export function onPaper(figure: Figure): Figure {
  return { ...figure, layout: { ...figure.layout, width: PAPER.width } };
}

/** Writes what there is of a result below `folder` and returns the files. */
export async function writeResult(folder: string, result: NamedResult, darkroom?: Darkroom): Promise<string[]> {
  const written: string[] = [];
  const write = (extension: string, content: string | Uint8Array) => {
    const file = path.join(folder, `${result.name}.${extension}`);
    writeAtomically(file, content);
    written.push(file);
  };
  if (result.figure) {
    const figure = onPaper(result.figure);
    write("json", JSON.stringify(plotlyJson(figure), null, 1) + "\n");
    write("svg", darkroom ? await darkroom.svg(figure) : await figureSvg(figure));
    if (darkroom) write("png", await darkroom.png(figure, PAPER.dots));
  }
  if (result.table) {
    write("md", result.table.toMarkdown());
    write("tex", result.table.toLatex());
    write("csv", result.table.toCsv());
  }
  if (result.rows.length > 0) write("rows.json", JSON.stringify(flatRows(result.rows), null, 1) + "\n");
  return written;
}

function studyOptions(options: Options): FullStudyOptions {
  const list = (text?: string) => text?.split(",").map((part) => part.trim());
  const given = {
    profile: options.profile,
    envs: list(options.envs),
    seeds: list(options.seeds)?.map(wholeNumber("--seeds")),
    base: checkpointFile(options.base),
    root: options.root && path.resolve(options.root),
    difficulty: options.difficulty,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

async function run(): Promise<void> {
  const command = new Command("npm run figures --")
    .description(
      "Writes all figures (SVG, PNG, Plotly JSON) and tables (Markdown, LaTeX, CSV) of a study from its finished runs, " +
        "or from shipped records where there are none. Same records, same bytes.",
    )
    .addOption(new Option("--profile <profile>", "which study").choices(Object.keys(PROFILES)).default("standard"))
    .option("--envs <ids>", "environments of the study, separated by commas (default: the profile's)")
    .option("--seeds <seeds>", "its training seeds, separated by commas (default: the profile's)")
    .option("--base <file>", "what its RFT started from: a checkpoint, or the name of a shipped base", "small")
    .option("--root <folder>", "where its runs are (default: runs/)")
    .option("--records <folder>", "where shipped records are", dataFile("records"))
    .addOption(
      new Option("--difficulty <kind>", "easy and hard by the environments' levels, or by the base's own success")
        .choices(["level", "model"])
        .default("level"),
    )
    .option("--only <name>", "only results whose name begins so: within, cross, sequence, paper, claims, ...")
    .option("--out <folder>", "where to write", path.join("out", "figures"))
    .parse();
  const options: Options = command.opts();
  const { records, source } = loadRecords(studyOptions(options), options.records);
  console.log(source);
  const all = await allResults(records);
  const chosen = all.filter(({ name }) => name.startsWith(options.only ?? ""));
  if (chosen.length === 0)
    throw new RangeError(`--only: got "${options.only}", accepted: beginnings of ${all.map((r) => r.name).join(", ")}`);
  const writeAll = async (darkroom?: Darkroom) => {
    let files = 0;
    for (const result of chosen) files += (await writeResult(options.out, result, darkroom)).length;
    console.log(`${chosen.length} results, ${files} files written to ${options.out}`);
  };
  if (findBrowser()) return withBrowser(writeAll);
  await writeAll();
  console.log("(no PNG, and SVG with estimated text widths: no Chromium or Chrome found; set CHROME_PATH to one)");
}

if (require.main === module) main(run);
