/**
 * What each choice behind the base policy is worth: short trainings that differ from a reference in one thing each, all
 * with the same number of tokens, tested on the same held-out tasks.
 */
import { environment } from "../environments";
import { notAccepted } from "../errors";
import { evaluate } from "../evaluate";
import { cell } from "../metrics";
import type { Cell, Result } from "../metrics";
import { modelHash } from "../pocket/checkpoint";
import { PocketPolicy } from "../pocket/policy";
import { BASES, baseEnvironments, trainBase } from "../training/base";
import type { BasePhase, BaseSettings } from "../training/base";
import { testTasks } from "../training/base-scores";
import { nameCopying } from "../training/name-copying";
import { difference } from "./record-results";

/** The first phase of `small`, shortened, with the second phase's invented names. */
export function referenceSettings(steps: number): BaseSettings {
  const [phase] = BASES.small.phases;
  return { ...BASES.small, phases: [{ ...phase, steps, invented: 0.25 }] };
}

export const REFERENCE = "as it is";

const inPhases = (settings: BaseSettings, change: Partial<BasePhase>): BaseSettings => ({
  ...settings,
  phases: settings.phases.map((phase) => ({ ...phase, ...change })),
});

/** One change each. */
const CHANGES: { readonly [name: string]: (settings: BaseSettings) => BaseSettings } = {
  [REFERENCE]: (settings) => settings,
  "no pointer head": (settings) => ({ ...settings, model: { pointer: 0 } }),
  "no smear": (settings) => ({ ...settings, model: { smear: false } }),
  "no thoughts": (settings) => inPhases(settings, { thoughts: false }),
  "no exchanged names": (settings) => inPhases(settings, { renaming: false }),
  "no invented names": (settings) => inPhases(settings, { invented: 0 }),
};

export const ABLATIONS: readonly string[] = Object.keys(CHANGES);

/** The settings of an ablation by name. */
export function ablationSettings(name: string, steps: number): BaseSettings {
  if (!Object.hasOwn(CHANGES, name)) throw notAccepted("ablation", name, ABLATIONS);
  return CHANGES[name](referenceSettings(steps));
}

/** One held-out task under one ablation. */
export interface AblationTask {
  readonly env: string;
  readonly task: string;
  /** Share of the attempts that solved it. */
  readonly success: number;
  /** Probability of writing names as they were shown, the task's own and invented ones; absent where no action needs one. */
  readonly shown?: number;
  readonly invented?: number;
}

export interface AblationResult {
  readonly name: string;
  readonly settings: BaseSettings;
  /** Tokens read and written in training. */
  readonly tokens: number;
  readonly k: number;
  readonly tasks: readonly AblationTask[];
}

export interface AblationOptions {
  /** Updates of 4,096 tokens. */
  readonly steps: number;
  /** Held-out tasks per environment and level (easy, hard), and attempts at each. */
  readonly testTasks: number;
  readonly k: number;
}

/** Trains and tests one ablation; `report` is called after every step of the training. */
export async function runAblation(
  name: string,
  options: AblationOptions,
  report: (steps: number, loss: number) => void,
): Promise<AblationResult> {
  const settings = ablationSettings(name, options.steps);
  let tokens = 0;
  const training = trainBase(settings);
  let next = await training.next();
  for (; !next.done; next = await training.next()) {
    tokens = next.value.tokens;
    report(next.value.step + 1, next.value.loss);
  }
  const model = next.value;
  const policy = await PocketPolicy.open(modelHash(model), model);
  const tasks: AblationTask[] = [];
  for (const id of baseEnvironments(settings)) {
    const definition = environment(id);
    const chosen = ["easy", "hard"].flatMap((level) => testTasks(id, level, options.testTasks));
    const played = await evaluate(definition, policy, chosen, { k: options.k });
    const copied = new Map((await nameCopying(model, definition, chosen)).map((row) => [row.task.id, row]));
    const solved = cell(id, name, [played]);
    for (const [i, task] of solved.tasks.entries()) {
      const { shown, invented } = copied.get(task) ?? {};
      tasks.push({ env: id, task, success: solved.scores[0][i], shown, invented });
    }
  }
  await policy.release();
  return { name, settings, tokens, k: options.k, tasks };
}

const MEASURES = ["success", "shown", "invented"] as const;
export type AblationMeasure = (typeof MEASURES)[number];

/** Means over the environments, each counting alike, and changes against the reference paired by task; its own are null. */
export type AblationRow = { readonly name: string } & {
  readonly [measure in AblationMeasure]: { readonly value: Result; readonly change: Result | null };
};

/** Compares ablations with the reference on the same tasks; intervals are over tasks, not over trainings. */
export function compareAblations(results: readonly AblationResult[]): AblationRow[] {
  const reference = results.find(({ name }) => name === REFERENCE);
  if (!reference) throw new Error(`the ablation "${REFERENCE}" is missing, with which the others are compared`);
  return results.map((result) => {
    const measures = MEASURES.map((measure) => {
      const [before, after] = [reference, result].map((of) => cellsOf(of, measure));
      const { after: value, change } = difference(before, after);
      return [measure, { value, change: result === reference ? null : change }];
    });
    return { name: result.name, ...Object.fromEntries(measures) };
  });
}

function cellsOf({ name, k, tasks }: AblationResult, measure: AblationMeasure): Cell[] {
  return [...new Set(tasks.map(({ env }) => env))].map((env) => {
    const rows = tasks.filter((row) => row.env === env && row[measure] !== undefined);
    const scores = [rows.map((row) => row[measure]!)];
    return { env, run: name, tasks: rows.map(({ task }) => task), scores, k: measure === "success" ? k : 1 };
  });
}
