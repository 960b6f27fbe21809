/**
 * Records as files: `<profile>.jsonl.gz` with the records, the same bytes for the same records, and `<profile>.json`
 * with the manifest.
 *
 * The first line lists all test tasks, then comes a line per stage of training (shared by the policies that went through
 * it), then a line per policy, whose tests name tasks by their place in the list.
 */
import * as fs from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { MODE_NAMES } from "../failures/modes";
import { settingsHash, writeAtomically } from "../store";
import { mergeRecords } from "./records";
import type { Manifest, PolicyRecord, StageRecord, StudyRecords, TaskResult } from "./records";

const FORMAT = 1;

type PackedTask = readonly [env: string, task: string, level: string, part?: string];
/** Failure modes are named by their place in {@link MODE_NAMES}. */
type PackedTest = readonly [
  task: number,
  success: string,
  reward: readonly number[],
  turns: readonly number[],
  tokens: readonly number[],
  invalid: readonly number[],
  failures?: readonly (readonly number[])[],
];
interface PackedPolicy extends Omit<PolicyRecord, "stages" | "tests"> {
  readonly stages: readonly string[];
  readonly tests: readonly PackedTest[];
}
type Line =
  | { readonly format: number; readonly tasks: readonly PackedTask[] }
  | ({ readonly stage: string } & StageRecord)
  | PackedPolicy;

/** Records as compressed JSON lines. */
export function packRecords(records: readonly PolicyRecord[]): Buffer {
  const tasks = new Map<string, { readonly place: number; readonly packed: PackedTask }>();
  const stages = new Map<string, Line>();
  const policies = records.map((record): PackedPolicy => {
    for (const stage of record.stages)
      stages.set(settingsHash(stage.settings), { stage: settingsHash(stage.settings), ...stage });
    const tests = record.tests.map((test): PackedTest => {
      const { env, task, level, part, success, reward, turns, tokens, invalid, failures } = test;
      if (!tasks.has(task))
        tasks.set(task, {
          place: tasks.size,
          packed: part === undefined ? [env, task, level] : [env, task, level, part],
        });
      const numbers = [tasks.get(task)!.place, success.join(""), reward, turns, tokens, invalid] as const;
      if (!failures) return numbers;
      return [...numbers, failures.map((modes) => modes.map((mode) => MODE_NAMES.indexOf(mode)))];
    });
    return { ...record, stages: record.stages.map(({ settings }) => settingsHash(settings)), tests };
  });
  const head = { format: FORMAT, tasks: [...tasks.values()].map(({ packed }) => packed) };
  const lines: Line[] = [head, ...stages.values(), ...policies];
  return gzipSync(lines.map((line) => JSON.stringify(line) + "\n").join(""), { level: 9 });
}

/** Records from {@link packRecords}; policies share the objects of stages that they share. */
export function unpackRecords(bytes: Uint8Array): PolicyRecord[] {
  const text = gunzipSync(bytes).toString("utf8");
  const lines = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  const stages = new Map<string, StageRecord>();
  const records: PolicyRecord[] = [];
  let tasks: readonly PackedTask[] = [];
  for (const line of lines) {
    if ("format" in line) {
      if (line.format !== FORMAT) throw new RangeError(`format of records: got ${line.format}, accepted: ${FORMAT}`);
      tasks = line.tasks;
    } else if ("stage" in line) {
      stages.set(line.stage, { settings: line.settings, curve: line.curve });
    } else {
      const tests = line.tests.map((test) => unpackTest(test, tasks));
      records.push({ ...line, stages: line.stages.map((id) => stages.get(id)!), tests });
    }
  }
  return records;
}

function unpackTest(test: PackedTest, tasks: readonly PackedTask[]): TaskResult {
  const [place, success, reward, turns, tokens, invalid, failures] = test;
  const [env, task, level, part] = tasks[place];
  return {
    env,
    task,
    level,
    ...(part !== undefined && { part }),
    success: [...success].map((digit): 0 | 1 => (digit === "1" ? 1 : 0)),
    reward,
    turns,
    tokens,
    invalid,
    ...(failures && { failures: failures.map((modes) => modes.map((mode) => MODE_NAMES[mode])) }),
  };
}

const files = (folder: string, profile: string) => ({
  records: path.join(folder, `${profile}.jsonl.gz`),
  manifest: path.join(folder, `${profile}.json`),
});

/** Writes a study's records and manifest below `folder`, with those of its profile that are there, and returns the files. */
export function saveRecords(folder: string, study: StudyRecords): string[] {
  const before = savedRecords(folder, study.manifest.profile);
  const { manifest, records } = before ? mergeRecords(before, study) : study;
  const to = files(folder, manifest.profile);
  writeAtomically(to.records, packRecords(records));
  writeAtomically(to.manifest, JSON.stringify(manifest, null, 2) + "\n");
  return [to.records, to.manifest];
}

/** The records of a profile that were saved below `folder`; undefined where there are none. */
export function savedRecords(folder: string, profile: string): StudyRecords | undefined {
  const from = files(folder, profile);
  if (!fs.existsSync(from.records)) return undefined;
  const manifest: Manifest = JSON.parse(fs.readFileSync(from.manifest, "utf8"));
  return { manifest, records: unpackRecords(fs.readFileSync(from.records)) };
}
