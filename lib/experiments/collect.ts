/** From what runs left on disk to records. */
import { existsSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { loadCheckpoint, modelHash } from "../pocket/checkpoint";
import { readRows, settingsHash } from "../store";
import type { TrainSettings } from "../training/settings";
import { version } from "../version";
import type { StepRecord } from "../training/step-record";
import { curveFile, finishedTraining, policyFolder, stageSettings } from "./jobs";
import { missing } from "./plan";
import type { PlannedPolicy, StudyPlan } from "./plan";
import { byNameAndSeed } from "./records";
import type { Manifest, PolicyRecord, StageRecord } from "./records";
import { testFile, testResults } from "./tests";

type Recordable = Pick<PlannedPolicy, "name" | "id" | "seed" | "job">;

/** A function from finished policies of one base to their records; records share the stages that they have in common. */
export function recorder(baseFile: string): (policy: Recordable) => PolicyRecord {
  const { model } = loadCheckpoint(baseFile);
  const base = { name: path.basename(path.dirname(baseFile)), hash: modelHash(model) };
  const stages = new Map<string, StageRecord>();
  const stage = (root: string, settings: TrainSettings): StageRecord => {
    const id = settingsHash(settings);
    if (!stages.has(id)) stages.set(id, { settings, curve: curve(policyFolder(root, id)) });
    return stages.get(id)!;
  };
  return ({ name, id, seed, job }) => ({
    name,
    id,
    base,
    seed,
    stages: stageSettings(model, job.stages, base.hash).map((settings) => stage(job.root, settings)),
    tests: job.evaluations.flatMap((plan) => testResults(policyFolder(job.root, id), plan)!),
  });
}

/** The records of a plan's finished policies: base first, then by name and seed, whatever the order of the plan. */
export function collect({ settings, policies }: StudyPlan): PolicyRecord[] {
  const finished = policies.filter((policy) => {
    const { training, tests } = missing(policy);
    return !training && tests.length === 0;
  });
  return finished.map(recorder(settings.base)).sort(byNameAndSeed);
}

/** Where a plan's results come from: this machine, and the day of the newest of them. */
export function manifest({ settings, policies }: StudyPlan): Manifest {
  const { job } = policies[0];
  const results = policies.flatMap((policy) =>
    policy.job.evaluations.map((plan) => testFile(policyFolder(settings.root, policy.id), plan)),
  );
  const newest = Math.max(0, ...results.filter((file) => existsSync(file)).map((file) => statSync(file).mtimeMs));
  return {
    profile: settings.levels ? `${settings.profile.name}-by-model` : settings.profile.name,
    version,
    date: new Date(newest).toISOString().slice(0, 10),
    machine: machine(),
    tests: job.evaluations.map(({ tasks, ...rest }) => ({ ...rest, tasks: tasks.length })),
    ...(settings.levels && { levels: settings.levels }),
  };
}

/** Processor, cores, Node and platform: where these are the same, results are the same to the last digit. */
export function machine(): string {
  const [{ model }] = os.cpus();
  return `${model.trim()}, ${os.availableParallelism()} cores, Node ${process.versions.node}, ${os.platform()} ${os.arch()}`;
}

/** A finished training's curve, to six digits: enough for every figure, and short. */
function curve(folder: string): StepRecord[] {
  const digits = (_: string, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(6)) : value);
  return readRows<StepRecord>(curveFile(finishedTraining(folder)!)).map((row) =>
    JSON.parse(JSON.stringify(row, digits)),
  );
}
