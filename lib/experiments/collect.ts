/** From what runs left on disk to records. */
import path from "node:path";
import { loadCheckpoint } from "../pocket/checkpoint";
import { readRows, settingsHash } from "../store";
import type { TrainSettings } from "../training/settings";
import type { StepRecord } from "../training/step-record";
import { curveFile, finishedTraining, policyFolder, stageSettings } from "./jobs";
import { missing } from "./plan";
import type { PlannedPolicy, StudyPlan } from "./plan";
import type { PolicyRecord, StageRecord, TaskResult } from "./records";
import { testResults } from "./tests";

/** The records of a plan's finished policies: base first, then by name and seed, whatever the order of the plan. */
export function collect({ settings, policies }: StudyPlan): PolicyRecord[] {
  const { model } = loadCheckpoint(settings.base);
  const base = { name: path.basename(path.dirname(settings.base)), hash: policies[0].id };
  const stages = new Map<string, StageRecord>();
  const stage = (own: TrainSettings): StageRecord => {
    const id = settingsHash(own);
    if (!stages.has(id)) stages.set(id, { settings: own, curve: curve(policyFolder(settings.root, id)) });
    return stages.get(id)!;
  };
  const finished = policies.filter((policy) => {
    const { training, tests } = missing(policy);
    return !training && tests.length === 0;
  });
  return finished
    .map((policy): PolicyRecord => {
      const { name, id, seed, job } = policy;
      return { name, id, base, seed, stages: stageSettings(model, job.stages).map(stage), tests: tests(policy) };
    })
    .sort(byNameAndSeed);
}

function byNameAndSeed(a: PolicyRecord, b: PolicyRecord): number {
  const rank = ({ name }: PolicyRecord) => (name === "base" ? "" : name);
  return rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : (a.seed ?? 0) - (b.seed ?? 0);
}

function tests({ id, job }: PlannedPolicy): TaskResult[] {
  return job.evaluations.flatMap((plan) => testResults(policyFolder(job.root, id), plan)!);
}

/** A finished training's curve, to six digits: enough for every figure, and short. */
function curve(folder: string): StepRecord[] {
  const digits = (_: string, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(6)) : value);
  return readRows<StepRecord>(curveFile(finishedTraining(folder)!)).map((row) =>
    JSON.parse(JSON.stringify(row, digits)),
  );
}
