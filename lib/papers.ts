/**
 * Reported numbers of papers, as data (`papers/<arXiv id>.json`), joined with ours by key columns.
 *
 * What no source gives is null there and stays undecided here; nothing is filled in.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { repositoryRoot } from "./data";
import { isEstimate, type Result } from "./metrics/estimates";

const known = z.number().nullable();
const named = z.string().min(1).nullable();

const rowSchema = z.strictObject({
  /** arXiv id. */
  paper: z.string(),
  experiment: z.string(),
  model: named,
  /** Environment id, "a > b" for a sequence, "mean" for the mean over training environments; null: not named. */
  train: named,
  /** "easy > hard" for a curriculum; null: no level named, all tasks. */
  trainLevel: named,
  /** Environment id, or "held-out" for the mean over the environments not trained on. */
  test: named,
  testLevel: named,
  /** What `before` is: "base", or the training it stands for ("textcraft", "babyai/easy"). */
  reference: named,
  /** "avg@k", "turns per episode", "tokens per episode", ... */
  metric: z.string(),
  unit: z.enum(["%", "turns", "tokens"]),
  k: z.number().int().positive().nullable(),
  /** In the paper's unit: percent, turns, tokens. */
  before: known,
  after: known,
  delta: known,
  /** Where a source names the sign of the change but not its size. */
  direction: z.enum(["up", "down"]).nullable(),
  source: z.string().min(1),
  trust: z.string().min(1),
  note: named,
});

const claimSchema = z.strictObject({
  id: z.string(),
  experiment: z.enum(["within", "cross", "sequential", "failures"]),
  /** In our words. */
  claim: z.string().min(1),
  /** The numbers that sources give for it. */
  known: z.string(),
  source: z.string().min(1),
  trust: z.string().min(1),
  /** What would decide it, in words. */
  decidedBy: z.string().min(1),
  /** The measure of lib/experiments/claim-measures.ts that decides it; null: nothing here measures it. */
  measure: named,
  /** Where the measure lies if the claim is right: above 0, below 0, or within `margin` of 0. */
  expect: z.enum(["up", "down", "none"]),
  /** In `unit`. */
  margin: known,
  unit: z.enum(["%", "turns", "tokens", "correlation"]),
  /** Why the size of our number need not be the paper's. */
  scale: z.string().min(1),
  /** Where it is shown: "02". */
  notebook: z.string(),
});

const paperSchema = z.strictObject({
  paper: z.string(),
  title: z.string(),
  url: z.url(),
  note: z.string(),
  rows: z.array(rowSchema).min(1),
  settings: z.array(z.strictObject({ key: z.string(), value: z.json(), source: named, trust: z.string() })),
  claims: z.array(claimSchema).default([]),
});

/** One reported number. */
export type PaperRow = z.infer<typeof rowSchema>;
export type Paper = z.infer<typeof paperSchema>;
/** One thing that a paper says, and what would decide it. */
export type Claim = z.infer<typeof claimSchema>;

/** The columns that say what a number is about. */
export const keyColumns = ["train", "trainLevel", "test", "testLevel", "reference", "metric"] as const;
export type KeyColumn = (typeof keyColumns)[number];

/** One of our numbers, with the same key columns; rates are in [0, 1], not in percent. */
export type ResultRow = Pick<PaperRow, KeyColumn | "experiment" | "model" | "k"> & {
  readonly before?: Result | null;
  readonly after?: Result | null;
  readonly delta: Result | null;
};

export type Verdict = "agrees" | "disagrees" | "not decidable";

/** A reported number beside ours, ready for a table. */
export interface Comparison extends PaperRow {
  readonly ourModel: string | null;
  readonly ourBefore: Result | null;
  readonly ourAfter: Result | null;
  readonly ourDelta: Result | null;
  readonly verdict: Verdict;
  /** Why the verdict is what it is. */
  readonly reason: string;
}

export interface JoinOptions {
  /** Default: {@link keyColumns}. */
  readonly keys?: readonly KeyColumn[];
  /** A reported change smaller than this (in the paper's unit) is read as "no change"; default 0.5. */
  readonly negligible?: number;
  /** "No change" is confirmed if our interval lies within this margin (in the paper's unit) of 0; default 5. */
  readonly margin?: number;
}

/** The folder `papers/` of the repository. */
export function papersFolder(): string {
  return path.join(repositoryRoot(), "papers");
}

/** The arXiv ids that have a file. */
export function paperIds(folder = papersFolder()): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files.map((file) => path.basename(file, ".json")).sort();
}

/** One paper's numbers and settings, validated. Throws with the accepted ids, or with what is wrong in the file. */
export function paper(id: string, folder = papersFolder()): Paper {
  const ids = paperIds(folder);
  if (!ids.includes(id)) throw new RangeError(`no numbers of paper "${id}"; accepted: ${ids.join(", ")}`);
  const file = path.join(folder, `${id}.json`);
  const parsed = paperSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!parsed.success) throw new TypeError(`${file} is not a paper file:\n${z.prettifyError(parsed.error)}`);
  const stray = [parsed.data, ...parsed.data.rows].find((part) => part.paper !== id);
  if (stray) throw new TypeError(`${file} names paper "${stray.paper}"; accepted: "${id}"`);
  return parsed.data;
}

/** The rows of all papers, or of those named. */
export function paperRows(ids: readonly string[] = paperIds()): PaperRow[] {
  return ids.flatMap((id) => paper(id).rows);
}

/**
 * Every reported row beside our row with the same key columns ("all" and null are the same level); a reported row with
 * several of ours comes several times, one with none once. Rows whose `train` or `test` no source names match nothing.
 */
export function join(
  reported: readonly PaperRow[],
  ours: readonly ResultRow[],
  { keys = keyColumns, negligible = 0.5, margin = 5 }: JoinOptions = {},
): Comparison[] {
  const unknown = keys.find((key) => !keyColumns.includes(key));
  if (unknown) throw new RangeError(`unknown key column "${unknown}"; accepted: ${keyColumns.join(", ")}`);
  const level = (value: string | null) => (value === "all" ? null : value);
  return reported.flatMap((row) => {
    const placed = row.train !== null && row.test !== null;
    const matches = placed ? ours.filter((our) => keys.every((key) => level(our[key]) === level(row[key]))) : [];
    return (matches.length ? matches : [undefined]).map((our): Comparison => ({
      ...row,
      ourModel: our?.model ?? null,
      ourBefore: our?.before ?? null,
      ourAfter: our?.after ?? null,
      ourDelta: our?.delta ?? null,
      ...judge(row, our?.delta ?? null, negligible, margin),
    }));
  });
}

/** Does our change go the way the paper's does? Decided by our interval alone, as papers give none. */
function judge(
  row: PaperRow,
  ours: Result | null,
  negligible: number,
  margin: number,
): { readonly verdict: Verdict; readonly reason: string } {
  const undecided = (reason: string) => ({ verdict: "not decidable" as const, reason });
  const decided = (agrees: boolean, reason: string) => ({
    verdict: agrees ? ("agrees" as const) : ("disagrees" as const),
    reason,
  });
  if (row.delta === null && row.direction === null) return undecided("no source gives the change");
  if (ours === null) return undecided("we have no such number");
  if (!isEstimate(ours)) return undecided(`ours is n/a: ${ours.na}`);
  if (ours.low === ours.high) return undecided("no variation in our sample");
  const scale = row.unit === "%" ? 100 : 1;
  const [low, high] = [ours.low * scale, ours.high * scale];
  if (row.delta !== null && Math.abs(row.delta) < negligible) {
    if (low > -margin && high < margin) return decided(true, `both changed by less than ${margin} ${points(row)}`);
    if (low > margin || high < -margin) return decided(false, `ours changed by more than ${margin} ${points(row)}`);
    return undecided(`the paper reports no change; our interval reaches beyond ${margin} ${points(row)}`);
  }
  const up = row.delta === null ? row.direction === "up" : row.delta > 0;
  if (low <= 0 && high >= 0) return undecided("our interval covers 0");
  return decided(low > 0 === up, `ours ${low > 0 ? "rises" : "falls"}, the paper's ${up ? "rises" : "falls"}`);
}

function points({ unit }: PaperRow): string {
  return unit === "%" ? "points" : unit;
}
