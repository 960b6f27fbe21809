/** How large a study is: from a test of the machinery to as many samples as the claims need. */
import { environment } from "../environments";
import { notAccepted } from "../errors";
import { tasksToSee } from "../metrics";

/** What experiment 3 trains beside the single environments. */
export interface SequentialSize {
  /** How many ordered pairs, from the list in sequential.ts. */
  readonly pairs: number;
  /** Orders of sequences through all environments. */
  readonly orders: readonly Order[];
  /** Orders that are also trained with a quarter of replay. */
  readonly replayed: readonly Order[];
  /** Joint mixtures of all environments. */
  readonly joint: readonly ("equal" | "proportional")[];
}

/** By the base's success, or drawn once from a fixed key. */
export type Order = "easy first" | "hard first" | "shuffled";

export interface Profile {
  readonly name: string;
  readonly environments: readonly string[];
  /** Training steps of a stage, for each of its environments. */
  readonly steps: number;
  readonly tasksPerStep: number;
  readonly groupSize: number;
  readonly seeds: readonly number[];
  /** Test tasks per level; fewer where the environment has fewer. */
  readonly testTasks: number;
  /** Attempts at each test task. */
  readonly k: number;
  readonly sequential: SequentialSize;
  /** Where difficulty is by model: training tasks per level that the base is tried on, and attempts at each task. */
  readonly difficulty: { readonly trainTasks: number; readonly k: number };
}

const FIVE = ["textcraft", "babyai", "alfworld", "webshop", "searchqa"];

/** Variance over tasks of the change in avg@8: 0.08 on easy TextCraft tasks, which vary most of what was measured. */
const VARIANCE_OF_CHANGE = 0.08;

export const PROFILES: { readonly [name: string]: Profile } = {
  smoke: {
    name: "smoke",
    environments: ["textcraft", "searchqa"],
    steps: 2,
    tasksPerStep: 2,
    groupSize: 4,
    seeds: [1],
    testTasks: 6,
    k: 2,
    sequential: { pairs: 2, orders: [], replayed: [], joint: ["equal"] },
    difficulty: { trainTasks: 20, k: 4 },
  },
  quick: {
    name: "quick",
    environments: ["textcraft", "alfworld", "searchqa"],
    // As much as two slow cores do in half an hour.
    steps: 12,
    tasksPerStep: 8,
    groupSize: 8,
    seeds: [1],
    testTasks: 16,
    k: 4,
    sequential: { pairs: 2, orders: ["easy first"], replayed: [], joint: ["equal"] },
    difficulty: { trainTasks: 60, k: 4 },
  },
  standard: {
    name: "standard",
    environments: FIVE,
    steps: 24,
    tasksPerStep: 8,
    groupSize: 8,
    seeds: [1],
    testTasks: 32,
    k: 4,
    sequential: { pairs: 8, orders: ["easy first", "hard first"], replayed: [], joint: ["equal"] },
    difficulty: { trainTasks: 200, k: 4 },
  },
  full: {
    name: "full",
    environments: FIVE,
    steps: 200,
    tasksPerStep: 8,
    groupSize: 8,
    seeds: [1, 2, 3],
    // Enough to see a change of 5 points on one level with 80 % power.
    testTasks: tasksToSee(0.05, VARIANCE_OF_CHANGE),
    k: 8,
    sequential: {
      pairs: 20,
      orders: ["easy first", "hard first", "shuffled"],
      replayed: ["easy first", "hard first"],
      joint: ["equal", "proportional"],
    },
    difficulty: { trainTasks: 600, k: 8 },
  },
};

/**
 * Turns per episode. Tests have those of AgentGym's multi-task evaluation (WebShop 10, AlfWorld 30, TextCraft 20,
 * BabyAI 20) and of AgentGym-RL's script for SearchQA (5). Training has fewer where what has not succeeded by then
 * mostly goes in circles and costs most of the time.
 */
export const TURNS: { readonly [env: string]: { readonly test: number; readonly train: number } } = {
  textcraft: { test: 20, train: 14 },
  babyai: { test: 20, train: 14 },
  alfworld: { test: 30, train: 15 },
  webshop: { test: 10, train: 10 },
  searchqa: { test: 5, train: 5 },
};

/** The turn limits of an environment; its own for both where the table has no line. */
export function turnsOf(env: string): { readonly test: number; readonly train: number } {
  const { maxTurns } = environment(env);
  return Object.hasOwn(TURNS, env) ? TURNS[env] : { test: maxTurns, train: maxTurns };
}

/** The profile with this name. */
export function profile(name: string): Profile {
  if (!Object.hasOwn(PROFILES, name)) throw notAccepted("profile", name, Object.keys(PROFILES));
  return PROFILES[name];
}

export interface StudyOptions {
  /** Default "quick". */
  readonly profile?: string;
  /** Replaces the profile's environments. */
  readonly envs?: readonly string[];
  /** What RFT starts from: a checkpoint file, or the name of a shipped base. Default "small". */
  readonly base?: string;
  /** Replaces the profile's training seeds. */
  readonly seeds?: readonly number[];
  /** Runs side by side. Default: as many as there are cores for their workers. */
  readonly jobs?: number;
  /** Processes that share the work of each training, which is part of a run's identity. Default 1. */
  readonly workers?: number;
  /** Folder of runs. Default `runs/` of the repository. */
  readonly root?: string;
}

/**
 * What the caller of a notebook set in the process environment: HELDOUT_PROFILE, HELDOUT_BASE, HELDOUT_SEEDS ("1,2,3"),
 * HELDOUT_JOBS and HELDOUT_RUNS. A notebook opened by hand finds none of them and uses the defaults.
 */
export function optionsFromEnvironment(
  env: { readonly [name: string]: string | undefined } = process.env,
): StudyOptions {
  const whole = (name: string, text: string) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name}: got "${text}", accepted: whole numbers from 1`);
    return value;
  };
  return {
    ...(env.HELDOUT_PROFILE && { profile: profile(env.HELDOUT_PROFILE).name }),
    ...(env.HELDOUT_BASE && { base: env.HELDOUT_BASE }),
    ...(env.HELDOUT_SEEDS && { seeds: env.HELDOUT_SEEDS.split(",").map((s) => whole("HELDOUT_SEEDS", s)) }),
    ...(env.HELDOUT_JOBS && { jobs: whole("HELDOUT_JOBS", env.HELDOUT_JOBS) }),
    ...(env.HELDOUT_RUNS && { root: env.HELDOUT_RUNS }),
  };
}
