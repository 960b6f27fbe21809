/**
 * The study: the three experiments over the same environments, as one plan in which each policy is trained once.
 */
import path from "node:path";
import { dataFile } from "../data";
import { notAccepted, refuseUnknownKeys } from "../errors";
import { collect, manifest } from "./collect";
import { crossChains } from "./cross";
import { decidingResults, difficultyJob, MODEL_LEVELS, splitBySuccess } from "./difficulty";
import type { Job, JobProgress } from "./jobs";
import { planOf, runPlan, studySettings } from "./plan";
import type { StudyPlan, StudySettings } from "./plan";
import { runJobs } from "./pool";
import type { StudyOptions } from "./profiles";
import { savedRecords } from "./record-files";
import type { StudyRecords } from "./records";
import { sequentialChains } from "./sequential";
import type { Chain } from "./stages";
import { withinChains } from "./within";

/** What each experiment trains. */
export const EXPERIMENTS: { readonly [name: string]: (settings: StudySettings) => Chain[] } = {
  within: ({ envs, levels }) => withinChains(envs, levels && MODEL_LEVELS),
  cross: ({ envs }) => crossChains(envs),
  sequential: ({ envs, profile, base }) => sequentialChains(envs, profile.sequential, base),
};

export interface FullStudyOptions extends StudyOptions {
  /** Default: all three. */
  readonly experiments?: readonly string[];
  /** Easy and hard as the environments define them (default), or by the base's own success. */
  readonly difficulty?: "level" | "model";
}

const OPTIONS = ["profile", "envs", "base", "seeds", "jobs", "workers", "root", "experiments", "difficulty"];

/** Everything that a study trains and tests. Throws where difficulty is by model and {@link measureLevels} has not run. */
export function planStudy(options: FullStudyOptions = {}): StudyPlan {
  refuseUnknownKeys("study", options, OPTIONS);
  const { experiments = Object.keys(EXPERIMENTS), difficulty = "level", ...rest } = options;
  const settings = { ...studySettings(rest), ...(difficulty === "model" && { levels: modelLevels(rest) }) };
  const chains = experiments.flatMap((name) => {
    if (!Object.hasOwn(EXPERIMENTS, name)) throw notAccepted("experiment", name, Object.keys(EXPERIMENTS));
    return EXPERIMENTS[name](settings);
  });
  return planOf(settings, chains);
}

function modelLevels(options: StudyOptions) {
  const results = decidingResults(studySettings(options));
  if (!results)
    throw new Error(
      "difficulty by model: the base's success on the tasks has not been measured yet; running the study does that first",
    );
  return splitBySuccess(results);
}

/** Plays the base's attempts that divide tasks into easier and harder ones, as far as they are missing. */
export async function measureLevels(options: FullStudyOptions, report: Report = () => {}): Promise<void> {
  const settings = studySettings(options);
  if (!decidingResults(settings)) await runJobs([difficultyJob(settings)], report, 1);
}

export type Report = (job: Job, progress: JobProgress) => void;

/** Runs what is missing of a study and returns its records; throws, after all else has ended, when something failed. */
export async function runStudy(options: FullStudyOptions = {}, report: Report = () => {}): Promise<StudyRecords> {
  if (options.difficulty === "model") await measureLevels(options, report);
  const plan = planStudy(options);
  await runPlan(plan, report);
  return { manifest: manifest(plan), records: collect(plan) };
}

export interface LoadedRecords extends StudyRecords {
  /** One line that says what is shown: how many policies, from where, of which version, day and machine. */
  readonly source: string;
}

/**
 * The records of a study: from its finished runs where all are there, else those shipped for its profile and base, else those of
 * the runs that are finished. Throws where there is nothing.
 */
export function loadRecords(options: FullStudyOptions = {}, shipped = dataFile("records")): LoadedRecords {
  const plan = planStudy(options);
  const { root } = plan.settings;
  const own: StudyRecords = { manifest: manifest(plan), records: collect(plan) };
  const complete = own.records.length === plan.policies.length;
  const found = complete ? undefined : savedRecords(shipped, own.manifest.profile);
  const saved = found?.records.some(({ base }) => base.hash === plan.policies[0].id) ? found : undefined;
  if (!saved && own.records.length === 0)
    throw new Error(
      `no finished runs in ${root} and no records of profile "${own.manifest.profile}" with this base in ${shipped}`,
    );
  const shown = saved ?? own;
  const { version, date, machine } = shown.manifest;
  const count = saved ? `${shown.records.length}` : `${own.records.length} of ${plan.policies.length}`;
  const place = saved ? "shipped records" : path.basename(root);
  return {
    ...shown,
    source: `${count} policies, ${place}, profile ${shown.manifest.profile}: version ${version}, ${date}, ${machine}`,
  };
}
