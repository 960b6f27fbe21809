/** What experiment 1 found: RFT on one difficulty, tested on both. Pure functions of records, one environment or all. */
import { environment } from "../environments";
import { groupedBars } from "../figures/bars";
import { forest } from "../figures/forest";
import type { Figure } from "../figures/figure";
import { gap, recovery } from "../metrics";
import type { Result } from "../metrics";
import { table } from "../table";
import type { Table } from "../table";
import {
  attemptsPerTask,
  difference,
  hasPolicy,
  levelsOf,
  meanOver,
  P_NOTE,
  perRecords,
  pCell,
  placeName,
  powerLine,
  pWords,
  recordCell,
  seedWords,
  testedEnvironments,
  titleOf,
  withHolm,
} from "./record-results";
import type { Difference, Place, Records } from "./record-results";
import { policyName } from "./stages";
import { regimeChain, REGIMES } from "./within";

/** The policy of a regime: "textcraft/easy>hard"; "mixed" is the environment's own name. */
export function regimePolicy(records: Records, env: string, regime: string): string {
  return policyName(regimeChain(env, regime, levelsOf(records)));
}

/** The regimes that there are records of, in their fixed order. */
export function regimesOf(records: Records, env: string): string[] {
  return REGIMES.filter((regime) => hasPolicy(records, regimePolicy(records, env, regime)));
}

/** The environments that were trained on by difficulty. */
export function withinEnvironments(records: Records): string[] {
  const byLevel = REGIMES.filter((regime) => regime !== "mixed");
  return testedEnvironments(records).filter((env) => regimesOf(records, env).some((r) => byLevel.includes(r)));
}

/** The environment that is meant when none is named. */
function chosen(records: Records, env = withinEnvironments(records)[0]): string {
  if (env === undefined || regimesOf(records, env).length === 0)
    throw new RangeError(`no policy was trained by difficulty on ${env ?? "any environment"} in these records`);
  return env;
}

export type Strata = "all" | "levels" | "parts";

/** All tasks, the two levels, or the values of the environment's breakdown. */
export function placesOf(records: Records, env: string, by: Strata): Place[] {
  if (by === "all") return [{ env }];
  const tests = records.flatMap((record) => record.tests.filter((test) => test.env === env));
  if (by === "levels") return levelsOf(records).map((level) => ({ env, level }));
  return [...new Set(tests.flatMap(({ part }) => part ?? []))].sort().map((part) => ({ env, part }));
}

export interface WithinRow extends Difference {
  readonly env: string;
  /** The regime. */
  readonly train: string;
  readonly place: Place;
  /** "all", "easy", "depth 3". */
  readonly test: string;
  /** pass@k after training. */
  readonly solved: Result;
  readonly holm: number;
}

/** One row per regime and kind of test tasks: before and after RFT and the paired change, Holm over all rows. */
export const withinRows = perRecords((records: Records, env: string, by: Strata = "levels"): readonly WithinRow[] => {
  const rows = placesOf(records, env, by).flatMap((place) =>
    regimesOf(records, env).flatMap((train) => {
      const policy = regimePolicy(records, env, train);
      const [base, trained] = ["base", policy].map((name) => recordCell(records, name, place));
      if (!base || !trained) return [];
      const solved = meanOver([recordCell(records, policy, place, "solved")!]);
      return [{ env, train, place, test: stratumName(place), ...difference([base], [trained]), solved }];
    }),
  );
  return withHolm(rows);
});

function stratumName(place: Place): string {
  return place.level === undefined && place.part === undefined ? "all" : placeName(place).split("/")[1];
}

/** avg@k and pass@k by training regime and kind of test tasks. */
export function withinTable(records: Records, env?: string, by: Strata = "levels"): Table {
  const of = chosen(records, env);
  const k = attemptsPerTask(records);
  const rows = withinRows(records, of, by);
  return table(
    rows.map((row) => ({ ...row, p: pCell(row.p), holm: pCell(row.holm) })),
    [
      { key: "test", kind: "label" },
      { key: "train", title: "RFT on", kind: "label" },
      { key: "before", title: "base", metric: `avg@${k}`, threshold: "success" },
      { key: "after", title: "after RFT", metric: `avg@${k}`, threshold: "success" },
      { key: "change", signed: true },
      { key: "solved", title: "after RFT", metric: `pass@${k}` },
      { key: "p", kind: "p" },
      { key: "holm", title: "p, Holm", kind: "p" },
    ],
    {
      caption: `${titleOf(of)}: held-out success by training and test difficulty (${seedWords(records)})`,
      notes: [powerLine(rows), P_NOTE],
    },
  );
}

export interface GeneralizationRow extends Difference {
  readonly env: string;
  readonly train: string;
  readonly test: string;
  /** Share of the gain of training on the tested level. */
  readonly recovery: Result;
  /** Trained level minus tested level, after training. */
  readonly gap: Result;
  readonly holm: number;
}

/** Per environment and direction: lift over the base at the level not trained on, recovery ratio and gap. */
export const generalizationRows = perRecords((records: Records, only?: string): readonly GeneralizationRow[] => {
  const [easy, hard] = levelsOf(records);
  const directions = [
    { regime: "easy", own: "hard", from: easy, to: hard },
    { regime: "hard", own: "easy", from: hard, to: easy },
  ];
  const rows = (only === undefined ? withinEnvironments(records) : [only]).flatMap((env) =>
    directions.flatMap(({ regime, own, from, to }) => {
      const at = (policy: string, level: string) => recordCell(records, policy, { env, level });
      const policy = regimePolicy(records, env, regime);
      const [base, there, here] = [at("base", to), at(policy, to), at(policy, from)];
      if (!base || !there || !here) return [];
      const trainedThere = at(regimePolicy(records, env, own), to);
      return [
        {
          env,
          train: from,
          test: to,
          ...difference([base], [there]),
          recovery: trainedThere
            ? recovery(there, trainedThere, base)
            : { na: `no policy was trained on ${to} tasks of ${titleOf(env)}` },
          gap: gap(here, there),
        },
      ];
    }),
  );
  return withHolm(rows);
});

/** The three numbers of the question per environment and direction. */
export function generalizationTable(records: Records, env?: string): Table {
  const rows = generalizationRows(records, env);
  return table(
    rows.map((row) => ({ ...row, env: titleOf(row.env), holm: pCell(row.holm) })),
    [
      { key: "env", title: "environment", kind: "label" },
      { key: "train", title: "RFT on", kind: "label" },
      { key: "test", title: "tested on", kind: "label" },
      { key: "change", title: "lift over base", signed: true },
      { key: "recovery", title: "share of the gain of training there" },
      { key: "gap", title: "trained level minus this level", signed: true },
      { key: "holm", title: "lift: p, Holm", kind: "p" },
    ],
    { caption: `From one difficulty to the other (${seedWords(records)})`, notes: [powerLine(rows), P_NOTE] },
  );
}

/** Forest plot: the lift at the level that was not trained on, in every environment. */
export function liftFigure(records: Records): Figure {
  const rows = generalizationRows(records);
  return forest(
    rows.map((row) => ({
      label: titleOf(row.env),
      series: `RFT on ${row.train}, tested on ${row.test}`,
      estimate: row.change,
      note: pWords(row),
    })),
    {
      title: `Change at the difficulty that was not trained on (${seedWords(records)})`,
      alt: "Per environment: change in held-out success over the base on the level that RFT did not train, with 95 % intervals; open marks cover 0.",
      axis: "change in success, points (paired by task)",
    },
  );
}

/** Bars: held-out success by test level, one bar per training regime, 95 % intervals. */
export function difficultyFigure(records: Records, env?: string): Figure {
  const of = chosen(records, env);
  const bars = placesOf(records, of, "levels").flatMap((place) =>
    ["base", ...regimesOf(records, of)].flatMap((regime) => {
      const cell = recordCell(records, regime === "base" ? "base" : regimePolicy(records, of, regime), place);
      const series = regime === "base" ? "base" : `RFT on ${regime}`;
      return cell ? [{ series, group: `tested on ${stratumName(place)}`, estimate: meanOver([cell]) }] : [];
    }),
  );
  const k = attemptsPerTask(records);
  return groupedBars(bars, {
    title: `${titleOf(of)}: what RFT on one difficulty does for the other (${seedWords(records)})`,
    alt: `Held-out success (avg@${k}) of the base policy and of the training regimes on easy and hard tasks, with 95 % intervals.`,
    axis: `success, avg@${k}`,
    range: [0, 1],
  });
}

/** Parts of fewer tasks are in the table only: their intervals would press all others together. */
const FEWEST_DRAWN = 8;

/** Forest plot: paired change from base per regime, on each level and each part of the environment. */
export function changeFigure(records: Records, env?: string): Figure {
  const of = chosen(records, env);
  const { breakdown } = environment(of);
  const enough = ({ change }: WithinRow) => "n" in change && change.n >= FEWEST_DRAWN;
  const parts = breakdown === undefined ? [] : withinRows(records, of, "parts").filter(enough);
  return forest(
    [...withinRows(records, of), ...parts].map((row) => ({
      label: row.test,
      series: `RFT on ${row.train}`,
      estimate: row.change,
      note: pWords(row),
    })),
    {
      title: `${titleOf(of)}: change from base, by kind of test tasks (${seedWords(records)})`,
      alt: "Paired change in held-out success from the base policy, by kind of test tasks and training regime, with 95 % intervals; open marks cover 0.",
      axis: "change in success, points (paired by task)",
    },
  );
}

export interface CurriculumRow extends Difference {
  readonly env: string;
  /** What is compared, and what with. */
  readonly train: string;
  readonly reference: string;
  readonly holm: number;
}

const CURRICULUM = [
  ["easy then hard", "easy"],
  ["easy then hard", "hard"],
  ["easy then hard", "mixed"],
  ["easy then hard", "hard then easy"],
] as const;

/** Easy tasks first, then hard, against each other regime of the same length, on easy and hard test tasks together. */
export const curriculumRows = perRecords((records: Records, only?: string): readonly CurriculumRow[] => {
  const rows = (only === undefined ? withinEnvironments(records) : [only]).flatMap((env) =>
    CURRICULUM.flatMap(([train, reference]) => {
      const cells = [reference, train].map((r) => recordCell(records, regimePolicy(records, env, r), { env }));
      const [before, after] = cells;
      return before && after ? [{ env, train, reference, ...difference([before], [after]) }] : [];
    }),
  );
  return withHolm(rows);
});

/** Forest plot: the curriculum against the other regimes, in every environment. */
export function curriculumFigure(records: Records): Figure {
  const rows = curriculumRows(records);
  return forest(
    rows.map((row) => ({
      label: titleOf(row.env),
      series: `against ${row.reference}`,
      estimate: row.change,
      note: pWords(row),
    })),
    {
      title: `Easy then hard, against other regimes of the same length (${seedWords(records)})`,
      alt: "Per environment: success after training on easy and then hard tasks minus success after each other regime, with 95 % intervals; open marks cover 0.",
      axis: "difference in success on all test tasks, points (paired by task)",
    },
  );
}

/** The curriculum against the other regimes, as a table. */
export function curriculumTable(records: Records, env?: string): Table {
  const k = attemptsPerTask(records);
  const rows = curriculumRows(records, env);
  return table(
    rows.map((row) => ({ ...row, env: titleOf(row.env), holm: pCell(row.holm) })),
    [
      { key: "env", title: "environment", kind: "label" },
      { key: "train", title: "RFT on", kind: "label" },
      { key: "reference", title: "against", kind: "label" },
      { key: "before", title: "against", metric: `avg@${k}` },
      { key: "after", title: "easy then hard", metric: `avg@${k}` },
      { key: "change", title: "difference", signed: true },
      { key: "holm", title: "p, Holm", kind: "p" },
    ],
    {
      caption: `Curriculum and other regimes of the same length (${seedWords(records)})`,
      notes: [powerLine(rows), P_NOTE],
    },
  );
}
