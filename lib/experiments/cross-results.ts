/** What experiment 2 found: RFT on one environment, tested on all of them. Pure functions of records. */
import { forest } from "../figures/forest";
import type { Figure } from "../figures/figure";
import { heatMap } from "../figures/heat";
import { cellEstimate, transferMatrix, transferSummary } from "../metrics";
import type { Result, TransferStudy, TransferSummary, TransferView } from "../metrics";
import { table } from "../table";
import type { Table } from "../table";
import {
  attemptsPerTask,
  difference,
  hasPolicy,
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

/** The environments that a policy was trained on alone. */
export function trainedAlone(records: Records): string[] {
  return testedEnvironments(records).filter((env) => hasPolicy(records, env));
}

/** The base and one policy per environment, on all environments. Throws where no policy was trained on one alone. */
export function transferStudy(records: Records): TransferStudy {
  const test = testedEnvironments(records);
  const train = trainedAlone(records);
  if (train.length === 0) throw new RangeError("no policy was trained on a single environment in these records");
  const cells = (policy: string) =>
    test.map((env) => {
      const cell = recordCell(records, policy, { env });
      if (!cell) throw new RangeError(`the policy "${policy}" was not tested on ${env}`);
      return cell;
    });
  return { test, base: cells("base"), rows: train.map((env) => ({ train: env, cells: cells(env) })) };
}

export interface TransferRow extends Difference {
  readonly train: string;
  readonly test: string;
  readonly held: "in" | "out";
  /** pass@k after training. */
  readonly solved: Result;
  /** (R - b) / (s - b): 1 is as good as training there. */
  readonly ratio: Result;
  /** s - R: what training there has ahead. */
  readonly gap: Result;
  readonly holm: number;
}

/** Every pair of training and test environment in all four views, with tests of the change, Holm over all pairs. */
export const transferRows = perRecords((records: Records): readonly TransferRow[] => {
  const study = transferStudy(records);
  const [ratio, gap] = (["ratio", "gap"] as const).map((view) => transferMatrix(study, view));
  const rows = study.rows.flatMap(({ train, cells }, i) =>
    cells.map((cell, j) => {
      const test = study.test[j];
      return {
        train,
        test,
        held: train === test ? ("in" as const) : ("out" as const),
        ...difference([study.base[j]], [cell]),
        solved: meanOver([recordCell(records, train, { env: test }, "solved")!]),
        ratio: ratio[i][j],
        gap: gap[i][j],
      };
    }),
  );
  return withHolm(rows);
});

/** All pairs as a long table: one row each. */
export function transferTable(records: Records): Table {
  const k = attemptsPerTask(records);
  const rows = transferRows(records);
  return table(
    rows.map((row) => ({
      ...row,
      train: titleOf(row.train),
      test: titleOf(row.test),
      holm: pCell(row.holm),
    })),
    [
      { key: "train", title: "RFT on", kind: "label" },
      { key: "test", title: "tested on", kind: "label" },
      { key: "held", title: "held", kind: "label" },
      { key: "before", title: "base", metric: `avg@${k}` },
      { key: "after", title: "after RFT", metric: `avg@${k}` },
      { key: "change", signed: true },
      { key: "solved", title: "after RFT", metric: `pass@${k}` },
      { key: "ratio", title: "share of the gain of training there" },
      { key: "gap", title: "behind training there", signed: true },
      { key: "holm", title: "change: p, Holm", kind: "p" },
    ],
    { caption: `Transfer across environments (${seedWords(records)})`, notes: [powerLine(rows), P_NOTE] },
  );
}

const VIEWS: { readonly [view in TransferView]: { readonly title: string; readonly unit: string } } = {
  raw: { title: "Success after RFT", unit: "success, %" },
  delta: { title: "Change from base", unit: "change, points" },
  ratio: { title: "Share of the gain of training there", unit: "share, %" },
  gap: { title: "Behind training there", unit: "difference, points" },
};

/** Heat map of one view: trained on (rows) by tested on (columns); held-in cells are framed. */
export function transferFigure(records: Records, view: TransferView = "delta"): Figure {
  const study = transferStudy(records);
  const rows = transferRows(records);
  const matrix = transferMatrix(study, view);
  const base = study.base.map((cell) => cellEstimate(cell));
  const raw = view === "raw";
  const diverging = !raw;
  return heatMap(raw ? [base, ...matrix] : matrix, {
    title: `${VIEWS[view].title} (${seedWords(records)})`,
    alt: `${VIEWS[view].title}, by environment trained on and environment tested on; held-in cells are framed${diverging ? ", cells whose interval covers 0 are in brackets" : ""}.`,
    rows: [...(raw ? ["base"] : []), ...study.rows.map(({ train }) => titleOf(train))],
    columns: study.test.map(titleOf),
    rowTitle: "RFT on",
    columnTitle: diverging ? "tested on (in brackets: interval covers 0)" : "tested on",
    unit: VIEWS[view].unit,
    diverging,
    framed: study.rows.flatMap(({ train }, i) =>
      study.test.flatMap((test, j) => (train === test ? [[i + (raw ? 1 : 0), j] as const] : [])),
    ),
    ...(view === "delta" && { note: (i: number, j: number) => pWords(rows[i * study.test.length + j]) }),
  });
}

/** Held-in, held-out and overall change per training environment, and their means. */
export const heldRows = perRecords((records: Records): readonly TransferSummary[] =>
  transferSummary(transferStudy(records)),
);

const nameOf = ({ train }: TransferSummary) => (train === "mean" ? "mean" : titleOf(train));

/** Forest plot: held-in beside held-out and overall change. */
export function heldFigure(records: Records): Figure {
  const series = [
    { key: "heldIn", name: "held-in" },
    { key: "heldOut", name: "held-out" },
    { key: "overall", name: "overall" },
  ] as const;
  return forest(
    heldRows(records).flatMap((row) =>
      series.map(({ key, name }) => ({
        label: row.train === "mean" ? "mean of all" : `RFT on ${titleOf(row.train)}`,
        series: name,
        estimate: row[key],
      })),
    ),
    {
      title: `Held-in and held-out change (${seedWords(records)})`,
      alt: "Change in success on the environment trained on, on the mean of the others, and on the mean of all, per training environment and on average, with 95 % intervals; open marks cover 0.",
      axis: "change in success, points",
    },
  );
}

/** The same as a table. */
export function heldTable(records: Records): Table {
  return table(
    heldRows(records).map((row) => ({ ...row, train: nameOf(row) })),
    [
      { key: "train", title: "RFT on", kind: "label" },
      { key: "heldIn", title: "held-in change", signed: true },
      { key: "heldOut", title: "held-out change", signed: true },
      { key: "overall", title: "overall change", signed: true },
    ],
    {
      caption: `Held-in and held-out change over the base (${seedWords(records)})`,
      notes: [powerLine(transferRows(records))],
    },
  );
}
