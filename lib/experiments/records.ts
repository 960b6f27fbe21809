/**
 * What a study keeps of each policy: how it came to be, how training went, and how it did on held-out tasks.
 *
 * A record holds outcomes per task and attempt, not texts: small enough to be shipped, and enough to compute every
 * table and figure of the experiments anew.
 */
import type { TrainSettings } from "../training/settings";
import type { StepRecord } from "../training/step-record";

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
}

/** One stage of training: its complete settings and a row per step. */
export interface StageRecord {
  readonly settings: TrainSettings;
  readonly curve: readonly StepRecord[];
}

export interface PolicyRecord {
  /** What it was trained on, in words that sort and print: see {@link policyName}; "base" without training. */
  readonly name: string;
  /** Hash of the base and of all stages' settings. */
  readonly id: string;
  /** The base's name ("small") and the hash of its weights. */
  readonly base: { readonly name: string; readonly hash: string };
  /** Training seed; null for the base itself. */
  readonly seed: number | null;
  /** In order of training; each started from the policy that the one before ended with. */
  readonly stages: readonly StageRecord[];
  readonly tests: readonly TaskResult[];
}
