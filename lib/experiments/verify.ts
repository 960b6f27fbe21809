/** Runs policies of shipped records again from nothing and compares. */
import { loadCheckpoint } from "../pocket/checkpoint";
import { cellEstimate, lift } from "../metrics";
import type { Result } from "../metrics";
import { fold, generator } from "../random";
import { canonicalJson } from "../store";
import { table } from "../table";
import type { Table } from "../table";
import type { TrainSettings } from "../training/settings";
import { version } from "../version";
import { machine, recorder } from "./collect";
import { policyId } from "./jobs";
import type { Job, JobProgress, TrainingPlan } from "./jobs";
import { runJobs } from "./pool";
import { recordCell } from "./record-results";
import type { PolicyRecord, StudyRecords } from "./records";
import type { EvaluationPlan } from "./tests";

export interface VerifyOptions {
  /** How many policies. */
  readonly count: number;
  /** Checkpoint that the records started from. */
  readonly base: string;
  /** An empty folder. */
  readonly root: string;
  readonly jobs?: number;
  /** Another key chooses other policies. */
  readonly key?: string;
}

/** A policy's results on one environment, as recorded and again. */
export interface Verification {
  readonly policy: string;
  readonly seed: number;
  readonly env: string;
  readonly recorded: Result;
  readonly again: Result;
  /** Again minus recorded, paired by task. */
  readonly difference: Result;
  /** Whether curves and all outcomes on this environment are the same. */
  readonly identical: boolean;
}

/** Trains and tests `count` of the recorded policies again, with all stages before them. */
export async function verify(
  study: StudyRecords,
  options: VerifyOptions,
  report: (job: Job, progress: JobProgress) => void,
): Promise<Verification[]> {
  const { model } = loadCheckpoint(options.base);
  const hash = policyId(model, []);
  const trained = study.records.filter(({ stages }) => stages.length > 0);
  const other = trained.find(({ base }) => base.hash !== hash);
  if (other) throw new Error(`the records start from a base with hash ${other.base.hash}, ${options.base} has ${hash}`);
  const chosen = generator(fold("verify", options.key ?? ""))
    .shuffle(trained)
    .slice(0, options.count);
  const { root, base } = options;
  const jobs = new Map<string, Job>();
  const planned = chosen.map((record) => {
    const stages = record.stages.map(({ settings }) => trainingPlan(settings));
    stages.forEach((_, i) => {
      const own = stages.slice(0, i + 1);
      const id = policyId(model, own);
      const last = own.length === stages.length;
      const name = last ? record.name : `${record.name}, stage ${own.length}`;
      const evaluations = last ? testsOf(study, record) : (jobs.get(id)?.evaluations ?? []);
      jobs.set(id, { name, base, root, stages: own, evaluations });
    });
    return policyId(model, stages);
  });
  await runJobs([...jobs.values()], report, options.jobs);
  const again = recorder(base);
  return chosen.flatMap((record, i) =>
    compare(record, again({ ...record, id: planned[i], job: jobs.get(planned[i])! })),
  );
}

/** What settings hold beside the options that they come from. */
const DERIVED: readonly string[] = ["kind", "version", "base", "environments"];

/** How a recorded stage was trained. */
function trainingPlan(settings: TrainSettings): TrainingPlan {
  const options = Object.entries(settings).filter(([key, value]) => !DERIVED.includes(key) && value !== null);
  return Object.fromEntries(options) as unknown as TrainingPlan;
}

/** How a recorded policy was tested. */
function testsOf({ manifest }: StudyRecords, record: PolicyRecord): EvaluationPlan[] {
  return manifest.tests.map((test) => ({
    ...test,
    tasks: record.tests.filter(({ env }) => env === test.env).map(({ task }) => task),
  }));
}

function compare(recorded: PolicyRecord, again: PolicyRecord): Verification[] {
  const curves = ({ stages }: PolicyRecord) => canonicalJson(stages.map(({ curve }) => curve));
  const sameCurves = curves(recorded) === curves(again);
  return [...new Set(recorded.tests.map(({ env }) => env))].map((env): Verification => {
    // Failure modes are left out: rules may get better without the episodes being others.
    const tests = (record: PolicyRecord) =>
      record.tests.filter((t) => t.env === env).map((test) => ({ ...test, failures: null }));
    const [before, after] = [recorded, again].map((record) => recordCell([record], record.name, { env })!);
    return {
      policy: recorded.name,
      seed: recorded.seed!,
      env,
      recorded: cellEstimate(before),
      again: cellEstimate(after),
      difference: lift(after, before),
      identical: sameCurves && canonicalJson(tests(recorded)) === canonicalJson(tests(again)),
    };
  });
}

/** The comparison as a table; its notes say whether the machines are the same, so that results must be, too. */
export function verificationTable({ manifest }: StudyRecords, rows: readonly Verification[]): Table {
  const same = manifest.machine === machine() && manifest.version === version;
  const note = same
    ? "Recorded by this version on such a machine: everything has to be identical."
    : `Recorded by version ${manifest.version} on ${manifest.machine}; here: version ${version} on ${machine()}. ` +
      "Digits may differ; an interval of the difference that leaves out 0 would be a surprise.";
  const metric = `avg@${manifest.tests[0].k}`;
  return table(
    rows.map((row) => ({ ...row, seed: String(row.seed), identical: row.identical ? "yes" : "no" })),
    [
      { key: "policy", kind: "label" },
      { key: "seed", kind: "label" },
      { key: "env", title: "test", kind: "label" },
      { key: "recorded", metric },
      { key: "again", metric },
      { key: "difference", signed: true },
      { key: "identical", kind: "label" },
    ],
    { caption: "Recorded policies, run again from nothing", notes: [note] },
  );
}
