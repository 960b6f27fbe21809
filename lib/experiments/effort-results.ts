/** Turns and tokens per episode, before and after RFT. */
import { forest } from "../figures/forest";
import { groupedBars } from "../figures/bars";
import type { Figure } from "../figures/figure";
import type { Result } from "../metrics";
import { table } from "../table";
import type { Table } from "../table";
import {
  difference,
  meanOver,
  P_NOTE,
  perRecords,
  pCell,
  powerLine,
  pWords,
  recordCell,
  seedWords,
  testedEnvironments,
  titleOf,
  withHolm,
} from "./record-results";
import type { Difference, Records } from "./record-results";
import { regimePolicy, regimesOf } from "./within-results";

export type Effort = "turns" | "tokens";

export interface EffortRow extends Difference {
  readonly env: string;
  readonly train: string;
  readonly effort: Effort;
  /** Of the episodes that were solved, on the tasks with such an episode. */
  readonly solvedBefore: Result;
  readonly solvedAfter: Result;
  readonly holm: number;
}

/** Turns and written tokens per test episode of each regime in its own environment, beside the base. */
export const effortRows = perRecords((records: Records, only?: string): readonly EffortRow[] => {
  const rows = (["turns", "tokens"] as const).flatMap((effort) =>
    (only === undefined ? testedEnvironments(records) : [only]).flatMap((env) =>
      regimesOf(records, env).flatMap((train) => {
        const policy = regimePolicy(records, env, train);
        const [before, after] = ["base", policy].map((name) => recordCell(records, name, { env }, effort));
        if (!before || !after) return [];
        const solved = (name: string): Result => {
          const cell = recordCell(records, name, { env }, `${effort}Solved`);
          return cell ? meanOver([cell]) : { na: "nothing solved" };
        };
        const both = { solvedBefore: solved("base"), solvedAfter: solved(policy) };
        return [{ env, train, effort, ...difference([before], [after]), ...both }];
      }),
    ),
  );
  return withHolm(rows);
});

/** Effort per episode before and after, of all test episodes and of those solved. */
export function effortTable(records: Records, env?: string): Table {
  const rows = effortRows(records, env);
  const plain = { unit: "", scale: 1 } as const;
  const power = (effort: Effort) =>
    powerLine(
      rows.filter((row) => row.effort === effort),
      effort,
    );
  return table(
    rows.map((row) => ({
      ...row,
      env: titleOf(row.env),
      holm: pCell(row.holm),
    })),
    [
      { key: "effort", title: "per episode", kind: "label" },
      { key: "env", title: "environment", kind: "label" },
      { key: "train", title: "RFT on", kind: "label" },
      { key: "before", title: "base", ...plain },
      { key: "after", title: "after RFT", ...plain },
      { key: "change", ...plain, signed: true },
      { key: "solvedBefore", title: "solved, base", ...plain },
      { key: "solvedAfter", title: "solved, after RFT", ...plain },
      { key: "holm", title: "change: p, Holm", kind: "p" },
    ],
    {
      caption: `Turns and written tokens per test episode (${seedWords(records)})`,
      notes: [power("turns"), power("tokens"), P_NOTE],
    },
  );
}

/** Bars: turns or tokens per episode by environment, before RFT and after RFT on the environment. */
export function effortFigure(records: Records, effort: Effort, env?: string): Figure {
  const rows = effortRows(records, env).filter((row) => row.effort === effort);
  const bars = rows.flatMap((row, i) => [
    ...(rows.findIndex((other) => other.env === row.env) === i
      ? [{ series: "base", group: titleOf(row.env), estimate: row.before }]
      : []),
    { series: `RFT on ${row.train}`, group: titleOf(row.env), estimate: row.after },
  ]);
  return groupedBars(bars, {
    title: `${effort === "turns" ? "Turns" : "Written tokens"} per test episode (${seedWords(records)})`,
    alt: `${effort} per held-out episode of the base and after RFT on the same environment, with 95 % intervals.`,
    axis: `${effort} per episode`,
    digits: 1,
  });
}

/** Forest plot: change in turns or tokens, paired by task. */
export function effortChangeFigure(records: Records, effort: Effort, env?: string): Figure {
  const rows = effortRows(records, env).filter((row) => row.effort === effort);
  return forest(
    rows.map((row) => ({
      label: titleOf(row.env),
      series: `RFT on ${row.train}`,
      estimate: row.change,
      note: pWords(row),
    })),
    {
      title: `Change in ${effort} per test episode (${seedWords(records)})`,
      alt: `Paired change in ${effort} per held-out episode from the base, by environment and regime, with 95 % intervals; open marks cover 0.`,
      axis: `change in ${effort} per episode (paired by task)`,
      scale: 1,
    },
  );
}
