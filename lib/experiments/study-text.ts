/** What a study says about itself: what it is going to do and how long that takes, what is missing, what came out. */
import os from "node:os";
import type { Result } from "../metrics";
import { table } from "../table";
import type { Column, Table } from "../table";
import { costs, wallSeconds } from "./costs";
import type { Costs } from "./costs";
import { lanesOf, missing, parentIn, workOf } from "./plan";
import type { PlannedPolicy, StudyPlan } from "./plan";
import { meanOver, recordCell } from "./record-results";
import type { StudyRecords } from "./records";
import { stageSchedule } from "./stages";

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** One row per policy: its last stage's steps, and what is still to be done of it with the expected time of one core. */
export function planTable(plan: StudyPlan): Table {
  const work = new Map(workOf(plan).map((w) => [w.policy.id, w]));
  const { profile, levels, envs } = plan.settings;
  const rows = plan.policies.map(({ name, seed, chain, id }) => {
    const open = work.get(id);
    const tests = open?.missing.tests.length ?? 0;
    const todo = [open?.missing.training ? "train" : "", tests > 0 ? `test on ${tests} of ${envs.length}` : ""];
    return {
      policy: name,
      seed: seed === null ? "" : String(seed),
      steps: chain.length === 0 ? 0 : stageSchedule(chain, profile.steps, levels).steps,
      todo: todo.filter(Boolean).join(", ") || "done",
      time: open ? duration(open.seconds) : "",
    };
  });
  return table(rows, [
    { key: "policy", kind: "label" },
    { key: "seed", kind: "label" },
    { key: "steps", title: "steps of the last stage", kind: "count" },
    { key: "todo", title: "to do", kind: "label" },
    { key: "time", title: "expected, one core", kind: "label" },
  ]);
}

/** How much there is to do, how it is spread over the cores, and when it is expected to end. */
export function expectation(plan: StudyPlan): string {
  const { settings, policies } = plan;
  const known = costs(settings.root, settings.envs);
  const work = workOf(plan, known);
  if (work.length === 0) return `${policies.length} policies, all trained and tested: nothing to do`;
  const parent = parentIn(work);
  const cores = os.availableParallelism();
  const lanes = lanesOf(settings);
  const runnable = work.filter((w) => !parent(w)?.missing.training).length;
  const trainings = work.filter((w) => w.missing.training).length;
  const tests = work.reduce((sum, w) => sum + w.missing.tests.length, 0);
  const core = workOf(plan, known, 1).reduce((sum, w) => sum + w.seconds, 0);
  const each = settings.workers === 1 ? "one core" : `${settings.workers} workers`;
  const spread =
    runnable >= lanes
      ? `${lanes === 1 ? "one after another" : `${lanes} side by side`}, ${each} each (${cores} cores, ${runnable} can start at once)`
      : `at first ${runnable} side by side, since the others wait for these; then up to ${lanes} (${cores} cores)`;
  return [
    `${policies.length} policies; to do: ${trainings} trainings, ${tests} tests of a policy on an environment`,
    `runs: ${spread}`,
    `expected: ${duration(wallSeconds(work, parent, lanes))}, ${duration(core)} of one core (by ${known.source})`,
    ...quickest(plan, known),
  ].join("\n");
}

/** Which use of this machine's cores is quickest; nothing where there is no choice. */
function quickest(plan: StudyPlan, known: Costs): string[] {
  const { settings } = plan;
  if (settings.jobs !== undefined) return [];
  const numbers = new Set([settings.workers]);
  for (let workers = 1; workers <= os.availableParallelism(); workers *= 2) numbers.add(workers);
  const choices = [...numbers].map((workers) => {
    const work = workOf(plan, known, workers);
    return { workers, seconds: wallSeconds(work, parentIn(work), lanesOf({ workers })) };
  });
  const [first, second] = choices.sort((a, b) => a.seconds - b.seconds);
  if (!second) return [];
  if (first.workers === settings.workers)
    return [`nothing is quicker on this machine: --workers ${second.workers} would take ${duration(second.seconds)}`];
  const identity = settings.workers === 1 ? "; these are runs of their own, their sums round differently" : "";
  return [`quicker on this machine: --workers ${first.workers}, expected ${duration(first.seconds)}${identity}`];
}

/** The policies that are not finished, with what they lack; empty when nothing is missing. */
export function missingPolicies({ policies }: StudyPlan): string[] {
  return policies.flatMap((policy: PlannedPolicy) => {
    const { training, tests } = missing(policy);
    const lacks = [...(training ? ["training"] : []), ...tests.map(({ env }) => `test on ${env}`)];
    return lacks.length > 0 ? [`${policy.job.name}: ${lacks.join(", ")}`] : [];
  });
}

/** Held-out success of every policy on every environment, over its seeds. */
export function successTable({ manifest, records }: StudyRecords): Table {
  const envs = manifest.tests.map(({ env }) => env);
  const names = [...new Set(records.map(({ name }) => name))];
  const rows = names.map((name) => ({
    policy: name,
    ...Object.fromEntries(envs.map((env): [string, Result] => [env, meanOver([recordCell(records, name, { env })!])])),
  }));
  const columns: Column[] = envs.map((env) => ({ key: env, title: env, metric: `avg@${manifest.tests[0].k}` }));
  return table<{ policy: string; [env: string]: Result | string }>(
    rows,
    [{ key: "policy", kind: "label" }, ...columns],
    {
      caption: "Held-out success on easy and hard tasks together",
    },
  );
}
