/**
 * What each choice behind the base policy is worth: short trainings that differ from a reference in one thing each, all
 * with the same number of tokens, tested on the same held-out tasks.
 */
import { environment } from "../environments";
import { notAccepted } from "../errors";
import { evaluate } from "../evaluate";
import { derive } from "../metrics";
import type { Cell } from "../metrics";
import { modelHash } from "../pocket/checkpoint";
import { PocketPolicy } from "../pocket/policy";
import type { Estimate } from "../types";
import { BASES, baseEnvironments, trainBase } from "./base";
import type { BasePhase, BaseSettings } from "./base";
import { testTasks } from "./base-scores";
import { nameCopying } from "./name-copying";

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
  /** Mean −log p of the written tokens over the last tenth of the steps, in nats. */
  readonly loss: number;
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
  const losses: number[] = [];
  let tokens = 0;
  const training = trainBase(settings);
  let next = await training.next();
  for (; !next.done; next = await training.next()) {
    losses.push(next.value.loss);
    tokens = next.value.tokens;
    report(losses.length, next.value.loss);
  }
  const model = next.value;
  const policy = await PocketPolicy.open(modelHash(model), model);
  const tasks: AblationTask[] = [];
  for (const id of baseEnvironments(settings)) {
    const definition = environment(id);
    const chosen = ["easy", "hard"].flatMap((level) => testTasks(id, level, options.testTasks));
    const played = await evaluate(definition, policy, chosen, { k: options.k });
    const copied = new Map((await nameCopying(model, definition, chosen)).map((row) => [row.task.id, row]));
    for (const task of chosen) {
      const attempts = played.filter((t) => t.task.id === task.id);
      const success = attempts.filter((t) => t.outcome === "success").length / attempts.length;
      const { shown, invented } = copied.get(task.id) ?? {};
      tasks.push({ env: id, task: task.id, success, shown, invented });
    }
  }
  await policy.release();
  const last = losses.slice(-Math.ceil(losses.length / 10));
  return { name, settings, tokens, loss: last.reduce((a, b) => a + b, 0) / last.length, k: options.k, tasks };
}

const MEASURES = ["success", "shown", "invented"] as const;
export type AblationMeasure = (typeof MEASURES)[number];

/** Means over the environments, each with the same weight, and paired differences to the reference. */
export type AblationRow = { readonly name: string; readonly loss: number } & {
  readonly [measure in AblationMeasure]: { readonly value: Estimate; readonly difference: Estimate | null };
};

/** Compares ablations with the reference on the same tasks; intervals are over tasks, not over trainings. */
export function compareAblations(results: readonly AblationResult[]): AblationRow[] {
  const reference = results.find(({ name }) => name === REFERENCE);
  if (!reference) throw new Error(`the ablation "${REFERENCE}" is missing, with which the others are compared`);
  return results.map((result) => {
    const measures = MEASURES.map((measure) => [measure, compareMeasure(reference, result, measure)]);
    return { name: result.name, loss: result.loss, ...Object.fromEntries(measures) };
  });
}

function compareMeasure(reference: AblationResult, result: AblationResult, measure: AblationMeasure) {
  const [before, after] = [reference, result].map((of) => cellsOf(of, measure));
  const n = before.length;
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const { value, difference } = derive([...before, ...after], (means) => ({
    value: mean(means.slice(n)),
    difference: mean(means.slice(n)) - mean(means.slice(0, n)),
  })) as { value: Estimate; difference: Estimate };
  return { value, difference: result === reference ? null : difference };
}

function cellsOf({ name, k, tasks }: AblationResult, measure: AblationMeasure): Cell[] {
  return [...new Set(tasks.map(({ env }) => env))].map((env) => {
    const rows = tasks.filter((row) => row.env === env && row[measure] !== undefined);
    const scores = [rows.map((row) => row[measure]!)];
    return { env, run: name, tasks: rows.map(({ task }) => task), scores, k: measure === "success" ? k : 1 };
  });
}
