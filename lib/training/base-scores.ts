/** How good a base is: success on test tasks, and how well it copies names that it has never seen. */
import { environment } from "../environments";
import { evaluate } from "../evaluate";
import { avgAt, meanEstimate } from "../metrics";
import { modelHash } from "../pocket/checkpoint";
import type { PocketModel } from "../pocket/model";
import { PocketPolicy } from "../pocket/policy";
import { fold, generator } from "../random";
import type { Estimate, TaskSpec, Trajectory } from "../types";
import { baseEnvironments } from "./base";
import type { BaseSettings } from "./base";
import { nameCopying } from "./name-copying";
import type { NameCopying } from "./name-copying";

export interface BaseScore {
  readonly env: string;
  /** A level, or a value of the environment's breakdown such as "depth 3". */
  readonly level: string;
  readonly split: "test";
  readonly avg8: Estimate;
}

export interface BaseNames {
  readonly env: string;
  /** Mean probability of writing a name at an action: names of the task, and invented ones in their place. */
  readonly shown: Estimate;
  readonly invented: Estimate;
}

/** Test tasks per environment and level that a base is scored on; fewer where there are fewer. */
const SCORED = 80;
const NAMED = 40;

/** A fixed choice of an environment's test tasks of a level; a smaller choice is part of a greater one. */
export function testTasks(id: string, level: string, count: number): readonly TaskSpec[] {
  const tasks = environment(id).tasks({ split: "test", level });
  return generator(fold("base test", id, level))
    .shuffle(tasks)
    .slice(0, count);
}

/** avg@8 on test tasks by level and by the environment's breakdown, each with the environment's own turn limit. */
export async function scoreBase(
  settings: BaseSettings,
  model: PocketModel,
  onProgress?: (env: string, done: number, total: number) => void,
): Promise<BaseScore[]> {
  const policy = await PocketPolicy.open(modelHash(model), model);
  const rows: BaseScore[] = [];
  for (const id of baseEnvironments(settings)) {
    const definition = environment(id);
    const report = (done: number, total: number) => onProgress?.(id, done, total);
    const tasks = Object.keys(definition.levels).flatMap((level) => testTasks(id, level, SCORED));
    const played = await evaluate(definition, policy, tasks, { onProgress: report });
    const row = (level: string, has: (t: Trajectory) => boolean) =>
      rows.push({ env: id, level, split: "test", avg8: avgAt(8)(played.filter(has)) });
    for (const level of Object.keys(definition.levels)) row(level, (t) => t.task.level === level);
    const { breakdown } = definition;
    if (!breakdown) continue;
    for (const value of [...new Set(played.map((t) => String(t.task.params[breakdown])))].sort()) {
      row(`${breakdown} ${value}`, (t) => String(t.task.params[breakdown]) === value);
    }
  }
  await policy.release();
  return rows;
}

/** How well the base copies names, per environment. */
export async function scoreNames(settings: BaseSettings, model: PocketModel): Promise<BaseNames[]> {
  const rows: BaseNames[] = [];
  for (const id of baseEnvironments(settings)) {
    const tasks = ["easy", "hard"].flatMap((level) => testTasks(id, level, NAMED));
    const copied = await nameCopying(model, environment(id), tasks);
    const mean = (of: (row: NameCopying) => number) => meanEstimate(copied.map(of));
    rows.push({ env: id, shown: mean((row) => row.shown), invented: mean((row) => row.invented) });
  }
  return rows;
}
