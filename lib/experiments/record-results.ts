/** What the results of all experiments share: cells of records, comparisons in pairs, words for seeds and for power. */
import { environment, environments } from "../environments";
import {
  cellEstimate,
  coversZero,
  derive,
  holm,
  isEstimate,
  lift,
  mean,
  signFlip,
  taskDifferences,
  visibleDifference,
} from "../metrics";
import type { Cell, Result } from "../metrics";
import type { Mode } from "../failures/modes";
import type { FrameRow } from "../frame";
import { MODEL_LEVELS } from "./difficulty";
import type { PolicyRecord, TaskResult } from "./records";
import { LEVELS, parsePolicyName, policyName } from "./stages";
import type { Chain } from "./stages";

export type Records = readonly PolicyRecord[];

/** The same function, computed once for each array of records and the rest: figures and tables share what is slow to resample. */
export function perRecords<Rest extends readonly (string | undefined)[], Result>(
  compute: (records: Records, ...rest: Rest) => Result,
): (records: Records, ...rest: Rest) => Result {
  const known = new WeakMap<Records, Map<string, Result>>();
  return (records, ...rest) => {
    let results = known.get(records);
    if (!results) known.set(records, (results = new Map()));
    const key = JSON.stringify(rest);
    if (!results.has(key)) results.set(key, compute(records, ...rest));
    return results.get(key)!;
  };
}

/** Some tasks of an environment: all, those of a level, or those of a value of its breakdown. */
export interface Place {
  readonly env: string;
  readonly level?: string;
  readonly part?: string;
}

/**
 * One number per task from its attempts, undefined to leave the task out. `success` is avg@k, `solved` is pass@k with k
 * all attempts that there are.
 */
const MEASURES = {
  success: (test) => mean(test.success),
  solved: (test) => Number(test.success.some((s) => s === 1)),
  reward: (test) => mean(test.reward),
  turns: (test) => mean(test.turns),
  tokens: (test) => mean(test.tokens),
  turnsSolved: (test) => ofSolved(test, test.turns),
  tokensSolved: (test) => ofSolved(test, test.tokens),
  confirmationBias: (test) => ofFailed(test, "confirmation bias"),
} satisfies { readonly [name: string]: (test: TaskResult) => number | undefined };

export type Measure = keyof typeof MEASURES;

function ofSolved({ success }: TaskResult, values: readonly number[]): number | undefined {
  const solved = values.filter((_, i) => success[i] === 1);
  return solved.length > 0 ? mean(solved) : undefined;
}

/** The share of the failed attempts that show a failure mode. */
function ofFailed({ success, failures }: TaskResult, mode: Mode): number | undefined {
  const failed = failures?.filter((_, i) => success[i] === 0) ?? [];
  return failed.length > 0 ? mean(failed.map((modes) => Number(modes.includes(mode)))) : undefined;
}

/** "textcraft", "textcraft/easy", "textcraft/depth 3". */
export function placeName({ env, level, part }: Place): string {
  if (part !== undefined) return `${env}/${environment(env).breakdown} ${part}`;
  return level === undefined ? env : `${env}/${level}`;
}

/**
 * All seeds of a policy on some tasks; undefined where there is no record or no test. Tasks that a seed lacks are left
 * out. The same cell each time: what is resampled for it is found again.
 */
export function recordCell(
  records: Records,
  policy: string,
  { env, level, part }: Place,
  measure: Measure = "success",
): Cell | undefined {
  return makeCell(records, policy, measure, env, level, part);
}

const makeCell = perRecords(
  (records, policy: string, measure: Measure, env: string, level?: string, part?: string): Cell | undefined => {
    const has = (t: TaskResult) =>
      t.env === env && (level === undefined || t.level === level) && (part === undefined || t.part === part);
    const own = records.filter(({ name }) => name === policy);
    const tests = own.map((record) => record.tests.filter(has));
    if (tests.length === 0) return undefined;
    const seeds = tests.map((own) => new Map(own.map((test) => [test.task, MEASURES[measure](test)])));
    const tasks = [...seeds[0].keys()].filter((task) => seeds.every((seed) => seed.get(task) !== undefined)).sort();
    if (tasks.length === 0) return undefined;
    return {
      env: placeName({ env, level, part }),
      run: trainingOf(policy, own),
      tasks,
      scores: seeds.map((seed) => tasks.map((task) => seed.get(task)!)),
      k: Math.min(...tests.flat().map((test) => test.success.length)),
    };
  },
);

/** Policies with the same first stage are the same trainings up to there: their seeds are drawn together. */
function trainingOf(policy: string, records: Records): string {
  const first = policyName(parsePolicyName(policy).slice(0, 1));
  return first === "base" ? first : `${first}, seeds ${records.map(({ seed }) => seed).join(", ")}`;
}

/** The policies that there are records of, each with what it was trained on. */
export function policiesOf(records: Records): { readonly name: string; readonly chain: Chain }[] {
  return [...new Set(records.map(({ name }) => name))].map((name) => ({ name, chain: parsePolicyName(name) }));
}

export function hasPolicy(records: Records, policy: string): boolean {
  return records.some(({ name }) => name === policy);
}

/** The environments that policies were tested on, in the order of the first record's tests. */
export const testedEnvironments = perRecords((records: Records): readonly string[] => {
  return [...new Set(records.flatMap(({ tests }) => tests.map(({ env }) => env)))];
});

/** The two levels that the records know: by environment, or by model where tests are divided so. */
export const levelsOf = perRecords((records: Records): readonly string[] => {
  const found = new Set(records.flatMap(({ tests }) => tests.map(({ level }) => level)));
  return MODEL_LEVELS.every((level) => found.has(level)) ? MODEL_LEVELS : LEVELS;
});

/** Attempts per test task; the fewest where they differ. */
export const attemptsPerTask = perRecords((records: Records): number => {
  return Math.min(...new Set(records.flatMap(({ tests }) => tests.map(({ success }) => success.length))));
});

/** "1 seed", or "1 to 2 seeds" where policies have different numbers of them: belongs into every title. */
export function seedWords(records: Records): string {
  const seeds = new Map<string, number>();
  for (const { name, seed } of records) if (seed !== null) seeds.set(name, (seeds.get(name) ?? 0) + 1);
  const [least, most] = [Math.min(...seeds.values()), Math.max(0, ...seeds.values())];
  if (least < most) return `${least} to ${most} seeds`;
  return most === 1 ? "1 seed" : `${most} seeds`;
}

/** "TextCraft"; an id that is not registered stays as it is. */
export function titleOf(env: string): string {
  return environments.find(({ id }) => id === env)?.title ?? env;
}

/** What a policy was trained on, for axes and legends: "BabyAI > TextCraft". */
export function policyTitle(policy: string): string {
  return policy.replace(/\w+/g, titleOf);
}

/** Two policies on the same tasks. */
export interface Difference {
  readonly before: Result;
  readonly after: Result;
  /** after - before, paired by task; over several environments the mean of their changes. */
  readonly change: Result;
  /** Sign-flip permutation test over tasks, two-sided; NaN where nothing can be compared. */
  readonly p: number;
  /** The smallest change that these tasks show with 80 % power; NaN where all tasks changed alike. */
  readonly visible: number;
}

/** Compares two policies on one kind of tasks, or on several, each kind counting alike. */
export function difference(before: readonly Cell[], after: readonly Cell[]): Difference {
  const count = before.length;
  const perPlace = before.map((cell, i) => taskDifferences(cell, after[i]));
  const total = perPlace.reduce((sum, tasks) => sum + tasks.length, 0);
  // Scaled so that the mean over all tasks is the mean of the places' means.
  const scaled = perPlace.flatMap((tasks) => tasks.map((d) => (d * total) / (count * tasks.length)));
  const visible = visibleDifference(scaled);
  return {
    before: meanOver(before),
    after: meanOver(after),
    change: count === 1 ? lift(after[0], before[0]) : meanChange(before, after),
    p: signFlip(scaled).p,
    visible: visible > 0 ? visible : NaN,
  };
}

function meanChange(before: readonly Cell[], after: readonly Cell[]): Result {
  const n = before.length;
  return derive([...before, ...after], (means) => ({ change: mean(means.slice(n)) - mean(means.slice(0, n)) })).change;
}

/** The mean of several cells, each counting alike. */
export function meanOver(cells: readonly Cell[]): Result {
  return cells.length === 1 ? cellEstimate(cells[0]) : derive(cells, (means) => ({ value: mean(means) })).value;
}

/** Adds Holm's adjustment of the p-values within this family: one figure or table. */
export function withHolm<Row extends { readonly p: number }>(
  rows: readonly Row[],
): (Row & { readonly holm: number })[] {
  const tested = rows.filter(({ p }) => !Number.isNaN(p));
  const adjusted = holm(tested.map(({ p }) => p));
  return rows.map((row) => ({ ...row, holm: Number.isNaN(row.p) ? NaN : adjusted[tested.indexOf(row)] }));
}

/** "p = 0.012, Holm 0.048": for hovers. */
export function pWords({ p, holm }: { readonly p: number; readonly holm: number }): string {
  return Number.isNaN(p) ? "" : `p = ${p.toFixed(4)}, Holm ${holm.toFixed(4)}`;
}

/** How p-values of all tables are made: belongs below them. */
export const P_NOTE =
  "p: sign-flip permutation test of the paired change over tasks, two-sided, the policies as they are; Holm: adjusted within this table.";

/** A p-value for a table. */
export function pCell(p: number): number | { readonly na: string } {
  return Number.isNaN(p) ? { na: "nothing to compare" } : p;
}

/** What this study could have seen: belongs below every table of differences. */
export function powerLine(rows: readonly { readonly visible: number }[], unit = "points"): string {
  const scale = unit === "points" ? 100 : 1;
  const seen = rows.map(({ visible }) => visible * scale).filter((x) => !Number.isNaN(x));
  if (seen.length === 0) return "No difference varies over tasks: what this study could see is not known.";
  const [least, most] = [Math.min(...seen), Math.max(...seen)].map((x) => x.toFixed(1));
  const range = least === most ? least : `${least} to ${most}`;
  return `With 80 % power this study could see differences of ${range} ${unit} (by row; seeds as they are).`;
}

/** True where a result leaves the sign open, or there is none. */
export function undecided(result: Result): boolean {
  return !isEstimate(result) || coversZero(result);
}

/** Rows for `frame()`: an estimate becomes value, low, high, n, k and method columns, "n/a" a reason. */
export function flatRows(rows: readonly object[]): FrameRow[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).flatMap(([key, value]): [string, FrameRow[string]][] => {
        if (isEstimate(value)) {
          const { value: point, low, high, n, k, method } = value;
          const fields = { low, high, n, k, method };
          return [
            [key, point],
            ...Object.entries(fields).map(([f, v]): [string, FrameRow[string]] => [`${key} ${f}`, v]),
          ];
        }
        if (typeof value === "number") return [[key, Number.isFinite(value) ? value : null]];
        if (typeof value === "string" || typeof value === "boolean" || value == null) return [[key, value]];
        if ("na" in value)
          return [
            [key, null],
            [`${key} method`, `n/a: ${value.na}`],
          ];
        return [];
      }),
    ),
  );
}
