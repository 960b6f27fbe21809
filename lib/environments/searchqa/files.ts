/** Reads question files in the original's row format (JSONL, Parquet) and corpora of `{id, contents}` lines. */
import { createReadStream, existsSync } from "node:fs";
import path from "node:path";
import type { TaskSpec } from "../../types";
import type { Passage } from "./retriever";
import { strip } from "./score";
import { levelOf } from "./tasks";

/** Hops of the questions of the original's data sources, as far as a whole source has one; others count as 1. */
const HOPS: { readonly [source: string]: number } = {
  nq: 1,
  triviaqa: 1,
  popqa: 1,
  hotpotqa: 2,
  "2wikimultihopqa": 2,
  musique: 2,
  bamboogle: 2,
};

const EXTENSIONS = [".jsonl", ".parquet"];

/**
 * The questions of `test.*`, `train.*` (the original's names) and `questions.*` in `dataDir`, in this order, where `*` is
 * `jsonl` or `parquet`. Rows are numbered through from 0, so that the original's two complete files get its integer ids.
 * A row's split is its file's, in `questions.*` its `extra_info.split` (default test); its level follows from an optional
 * field `hops`, else from its data source. Throws with file, line and reason for a broken row.
 */
export async function readQuestions(dataDir: string): Promise<TaskSpec[]> {
  const files = ["test", "train", "questions"].flatMap((name) => {
    const found = EXTENSIONS.map((extension) => path.join(dataDir, name + extension)).filter((file) =>
      existsSync(file),
    );
    if (found.length > 1) throw new Error(`${found.join(" and ")} are two versions of one file; keep one`);
    return found;
  });
  if (files.length === 0)
    throw new Error(`no questions in ${dataDir}; accepted: questions, test or train with ${EXTENSIONS.join(" or ")}`);
  const tasks: TaskSpec[] = [];
  for (const file of files)
    for await (const { row, place } of rows(file)) tasks.push(toTask(row, place, tasks.length, file));
  if (tasks.length === 0) throw new Error(`${files.join(" and ")}: no questions in it`);
  return tasks;
}

/** The passages of a JSONL corpus, in file order; throws with file, line and reason for a broken line. */
export async function readCorpus(file: string): Promise<Passage[]> {
  const passages: Passage[] = [];
  for await (const { row, place } of jsonLines(file)) {
    const { id, contents } = fields(row, place);
    if (typeof id !== "string" && typeof id !== "number") throw broken(place, "id must be a string or a number", id);
    if (typeof contents !== "string") throw broken(place, "contents must be a string", contents);
    passages.push({ id: String(id), contents });
  }
  if (passages.length === 0) throw new Error(`${file}: no passages in it`);
  return passages;
}

interface Row {
  readonly row: unknown;
  /** "questions.jsonl line 3", for messages. */
  readonly place: string;
}

function rows(file: string): AsyncIterable<Row> {
  return file.endsWith(".parquet") ? parquetRows(file) : jsonLines(file);
}

async function* jsonLines(file: string): AsyncIterable<Row> {
  let number = 0;
  let rest = "";
  function* parse(lines: readonly string[]): Iterable<Row> {
    for (const line of lines) {
      const place = `${file} line ${++number}`;
      if (line.trim() === "") continue;
      try {
        yield { row: JSON.parse(line) as unknown, place };
      } catch (error) {
        throw new Error(`${place}: not JSON (${(error as Error).message})`, { cause: error });
      }
    }
  }
  for await (const chunk of createReadStream(file, "utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* parse(lines);
  }
  yield* parse([rest]);
}

async function* parquetRows(file: string): AsyncIterable<Row> {
  // Loaded here because it exists only as an ES module.
  const { asyncBufferFromFile, parquetReadObjects } = await import("hyparquet");
  let objects: readonly unknown[];
  try {
    objects = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
  } catch (error) {
    throw new Error(`${file}: not a readable Parquet file (${(error as Error).message})`, { cause: error });
  }
  for (const [i, row] of objects.entries()) yield { row, place: `${file} row ${i + 1}` };
}

function toTask(row: unknown, place: string, number: number, file: string): TaskSpec {
  const { question: asked, golden_answers, reward_model, data_source, extra_info, hops: given } = fields(row, place);
  if (typeof asked !== "string" || strip(asked) === "")
    throw broken(place, "question must be a non-empty string", asked);
  const target = property(property(reward_model, "ground_truth"), "target") ?? golden_answers;
  const answers = typeof target === "string" ? [target] : target;
  if (!Array.isArray(answers) || answers.length === 0 || answers.some((one) => typeof one !== "string"))
    throw broken(place, "reward_model.ground_truth.target (or golden_answers) must be a list of strings", target);
  const source = typeof data_source === "string" ? data_source : "unknown";
  const hops = given === undefined || given === null ? (HOPS[source] ?? 1) : Number(given);
  if (!Number.isInteger(hops) || hops < 1) throw broken(place, "hops must be an integer from 1", given);
  const named = path.basename(file).startsWith("questions") ? property(extra_info, "split") : path.parse(file).name;
  const split = named === "train" || named === "demonstration" ? named : "test";
  const text = strip(asked);
  const question = text.endsWith("?") ? text : `${text}?`;
  const params = { question, answers: answers as readonly string[], hops, source };
  return { id: `searchqa_${number}`, env: "searchqa", level: levelOf(hops), split, seed: number, params };
}

function fields(row: unknown, place: string): { readonly [field: string]: unknown } {
  if (typeof row !== "object" || row === null || Array.isArray(row)) throw broken(place, "must be an object", row);
  return row as { readonly [field: string]: unknown };
}

function property(value: unknown, name: string): unknown {
  return (value as { readonly [field: string]: unknown } | null | undefined)?.[name];
}

function broken(place: string, reason: string, got: unknown): Error {
  const shown = typeof got === "bigint" ? String(got) : (JSON.stringify(got) ?? "nothing");
  return new Error(`${place}: ${reason}, got ${shown.slice(0, 80)}`);
}
