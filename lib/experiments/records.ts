/**
 * What a study keeps of each policy: how it came to be, how training went, and how it did on held-out tasks.
 *
 * A record holds outcomes per task and attempt, not texts: small enough to be shipped, and enough to compute every
 * table and figure of the experiments anew.
 */
import type { Mode } from "../failures/modes";
import { canonicalJson } from "../store";
import type { TrainSettings } from "../training/settings";
import type { StepRecord } from "../training/step-record";
import type { TaskLevels } from "./stages";

/** Held-out attempts at one task, in the order of the attempts; all arrays have the same length k. */
export interface TaskResult {
  readonly env: string;
  readonly task: string;
  readonly level: string;
  /** Value of the environment's breakdown ("3" for TextCraft's depth); absent where it has none. */
  readonly part?: string;
  /** 1 where the attempt solved the task. */
  readonly success: readonly (0 | 1)[];
  readonly reward: readonly number[];
  readonly turns: readonly number[];
  /** Tokens written. */
  readonly tokens: readonly number[];
  /** Turns whose action could not be carried out. */
  readonly invalid: readonly number[];
  /** Failure modes of each attempt by rules, none where it succeeded; absent in records made before they were kept. */
  readonly failures?: readonly (readonly Mode[])[];
}

/** One stage of training: its complete settings and a row per step. */
export interface StageRecord {
  /** `base` is the hash of the base's weights in a first stage, later the id of the policy that it started from. */
  readonly settings: TrainSettings;
  readonly curve: readonly StepRecord[];
}

export interface PolicyRecord {
  /** What it was trained on, as `policyName` in stages.ts writes it: "base", "textcraft/easy", "babyai > textcraft". */
  readonly name: string;
  /** Hash of the last stage's settings, which name the policy before by its id; of the weights for the base. */
  readonly id: string;
  /** The base's name ("small") and the hash of its weights. */
  readonly base: { readonly name: string; readonly hash: string };
  /** Training seed; null for the base itself. */
  readonly seed: number | null;
  /** In order of training; each started from the policy that the one before ended with. */
  readonly stages: readonly StageRecord[];
  readonly tests: readonly TaskResult[];
}

/** How policies were tested on an environment. */
export interface TestSettings {
  readonly env: string;
  /** Tasks of all levels. */
  readonly tasks: number;
  readonly k: number;
  readonly maxTurns: number;
  readonly temperature: number;
  readonly maxReplyTokens: number;
}

/** Where records come from; kept beside them, for people. */
export interface Manifest {
  /** The profile's name, with "-by-model" where difficulty was by model. */
  readonly profile: string;
  readonly version: string;
  /** Day of the newest result, "2026-03-12". */
  readonly date: string;
  /** Processor, cores, Node and platform; several, joined by " + ", where records came together. */
  readonly machine: string;
  readonly tests: readonly TestSettings[];
  /** Easier and harder tasks, where difficulty was by model. */
  readonly levels?: TaskLevels;
}

/** The policies of a study, base first, then by name and seed. */
export interface StudyRecords {
  readonly manifest: Manifest;
  readonly records: readonly PolicyRecord[];
}

/** The order of records. */
export function byNameAndSeed(a: PolicyRecord, b: PolicyRecord): number {
  const rank = ({ name }: PolicyRecord) => (name === "base" ? "" : name);
  return rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : (a.seed ?? 0) - (b.seed ?? 0);
}

/**
 * Both studies' records as one: a seed, or an experiment, added to those before. Of a policy that both have, that of
 * `added` counts. Throws where they were not tested alike, or start from different bases.
 */
export function mergeRecords(before: StudyRecords, added: StudyRecords): StudyRecords {
  const identity = ({ manifest: { version, tests, levels }, records }: StudyRecords) =>
    canonicalJson([version, tests, levels ?? null, [...new Set(records.map(({ base }) => base.hash))]]);
  if (identity(before) !== identity(added))
    throw new Error(
      `the records of profile "${before.manifest.profile}" that are there have another version, base or tests; ` +
        "save to another folder, or remove them first",
    );
  const records = new Map([...before.records, ...added.records].map((record) => [record.id, record]));
  const machines = [...new Set([...before.manifest.machine.split(" + "), added.manifest.machine])];
  const date = [before, added].map(({ manifest }) => manifest.date).sort()[1];
  return {
    manifest: { ...added.manifest, date, machine: machines.join(" + ") },
    records: [...records.values()].sort(byNameAndSeed),
  };
}
