/** How large a study is: from a test of the machinery to as many samples as the claims need. */
import { notAccepted } from "../errors";

export interface Profile {
  readonly name: string;
  /** Training steps of every run. */
  readonly steps: number;
  readonly tasksPerStep: number;
  readonly groupSize: number;
  readonly seeds: readonly number[];
  /** Test tasks per level; fewer where the environment has fewer. */
  readonly testTasks: number;
  /** Attempts at each test task. */
  readonly k: number;
}

export const PROFILES: { readonly [name: string]: Profile } = {
  smoke: { name: "smoke", steps: 2, tasksPerStep: 2, groupSize: 4, seeds: [1], testTasks: 6, k: 2 },
  quick: { name: "quick", steps: 64, tasksPerStep: 8, groupSize: 8, seeds: [1], testTasks: 90, k: 8 },
  standard: { name: "standard", steps: 200, tasksPerStep: 8, groupSize: 8, seeds: [1, 2, 3], testTasks: 240, k: 8 },
  full: { name: "full", steps: 400, tasksPerStep: 16, groupSize: 8, seeds: [1, 2, 3, 4, 5], testTasks: 240, k: 16 },
};

/** The profile with this name. */
export function profile(name: string): Profile {
  if (!Object.hasOwn(PROFILES, name)) throw notAccepted("profile", name, Object.keys(PROFILES));
  return PROFILES[name];
}

export interface StudyOptions {
  /** Default "quick". */
  readonly profile?: string;
  /** Replaces the profile's training seeds. */
  readonly seeds?: readonly number[];
  /** Runs side by side. Default: one per core. */
  readonly jobs?: number;
  /** Folder of runs. Default `runs/` of the repository. */
  readonly root?: string;
}

/**
 * What the caller of a notebook set in the process environment: HELDOUT_PROFILE, HELDOUT_SEEDS ("1,2,3"),
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
    ...(env.HELDOUT_SEEDS && { seeds: env.HELDOUT_SEEDS.split(",").map((s) => whole("HELDOUT_SEEDS", s)) }),
    ...(env.HELDOUT_JOBS && { jobs: whole("HELDOUT_JOBS", env.HELDOUT_JOBS) }),
    ...(env.HELDOUT_RUNS && { root: env.HELDOUT_RUNS }),
  };
}
