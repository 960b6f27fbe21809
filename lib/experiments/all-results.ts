/** Every figure and table of the three experiments by name: what `npm run figures` writes. */
import type { Figure } from "../figures/figure";
import { transferViews } from "../metrics";
import type { Table } from "../table";
import { claimRows, claimsTable } from "./claims-results";
import {
  heldFigure,
  heldRows,
  heldTable,
  trainedAlone,
  transferFigure,
  transferRows,
  transferTable,
} from "./cross-results";
import { environmentFeatures } from "./environment-features";
import { effortChangeFigure, effortFigure, effortRows, effortTable } from "./effort-results";
import {
  balanceRows,
  balanceTable,
  mixtureFigure,
  mixtureRows,
  mixtureTable,
  orderFigure,
  orderRows,
  orderTable,
  replayRows,
  replayTable,
} from "./order-results";
import { knownRows, knownTable, paperFigure, relatedTable } from "./paper-results";
import { testedEnvironments } from "./record-results";
import type { Records } from "./record-results";
import {
  continualRows,
  continualTable,
  forgettingFigure,
  sequenceFigure,
  sequencesOf,
  stageFigure,
  stageRows,
} from "./sequential-results";
import type { SequenceRecord } from "./sequential-results";
import { featureTable, pairRows, shiftFigure, shiftRows, shiftTable } from "./shift-results";
import {
  changeFigure,
  curriculumFigure,
  curriculumRows,
  curriculumTable,
  difficultyFigure,
  generalizationRows,
  generalizationTable,
  liftFigure,
  withinEnvironments,
  withinRows,
  withinTable,
} from "./within-results";

/** A figure or a table, or both, with the rows behind it: `frame(flatRows(rows))` is their data frame. */
export interface NamedResult {
  /** File name without extension: "cross-delta". */
  readonly name: string;
  readonly figure?: Figure;
  readonly table?: Table;
  readonly rows: readonly object[];
}

/** All results that these records have something for. */
export async function allResults(records: Records): Promise<NamedResult[]> {
  return [
    ...withinResults(records),
    ...(await crossResults(records)),
    ...sequentialResults(records),
    ...(await paperResults(records)),
  ];
}

function withinResults(records: Records): NamedResult[] {
  const envs = withinEnvironments(records);
  if (envs.length === 0) return [];
  const effort = (["turns", "tokens"] as const).flatMap((kind): NamedResult[] => {
    const rows = effortRows(records).filter((row) => row.effort === kind);
    return [
      { name: `effort-${kind}`, figure: effortFigure(records, kind), rows },
      { name: `effort-${kind}-change`, figure: effortChangeFigure(records, kind), rows },
    ];
  });
  return [
    ...envs.flatMap((env): NamedResult[] => [
      {
        name: `within-${env}`,
        figure: difficultyFigure(records, env),
        table: withinTable(records, env),
        rows: withinRows(records, env),
      },
      {
        name: `within-${env}-change`,
        figure: changeFigure(records, env),
        table: withinTable(records, env, "parts"),
        rows: withinRows(records, env, "parts"),
      },
    ]),
    {
      name: "within-lift",
      figure: liftFigure(records),
      table: generalizationTable(records),
      rows: generalizationRows(records),
    },
    {
      name: "within-curriculum",
      figure: curriculumFigure(records),
      table: curriculumTable(records),
      rows: curriculumRows(records),
    },
    ...effort,
    { name: "effort", table: effortTable(records), rows: effortRows(records) },
  ];
}

async function crossResults(records: Records): Promise<NamedResult[]> {
  if (trainedAlone(records).length === 0) return [];
  const features = await environmentFeatures(testedEnvironments(records));
  const rows = transferRows(records);
  return [
    ...transferViews.map((view): NamedResult => ({
      name: `cross-${view}`,
      figure: transferFigure(records, view),
      rows,
    })),
    { name: "cross", table: transferTable(records), rows },
    { name: "cross-held", figure: heldFigure(records), table: heldTable(records), rows: heldRows(records) },
    {
      name: "cross-shift",
      figure: shiftFigure(records, features),
      table: shiftTable(records, features),
      rows: shiftRows(records, features),
    },
    { name: "cross-pairs", table: featureTable(features), rows: pairRows(records, features) },
  ];
}

function sequentialResults(records: Records): NamedResult[] {
  const sequences = sequencesOf(records);
  const perSequence = sequences.flatMap((sequence): NamedResult[] => {
    const { name } = sequence;
    const rows = stageRows(records, name);
    return [
      { name: `sequence-${fileName(sequence)}`, figure: sequenceFigure(records, name), rows },
      { name: `stages-${fileName(sequence)}`, figure: stageFigure(records, name), rows },
      { name: `forgetting-${fileName(sequence)}`, figure: forgettingFigure(records, name), rows },
    ];
  });
  const orders = orderRows(records);
  const mixtures = mixtureRows(records);
  const replays = replayRows(records);
  return [
    ...perSequence,
    ...(sequences.length > 0
      ? [{ name: "continual", table: continualTable(records), rows: continualRows(records) }]
      : []),
    ...(orders.length > 0
      ? [{ name: "order", figure: orderFigure(records), table: orderTable(records), rows: orders }]
      : []),
    ...(mixtures.length > 0
      ? [
          { name: "mixture", figure: mixtureFigure(records), table: mixtureTable(records), rows: mixtures },
          { name: "balance", table: balanceTable(records), rows: balanceRows(records) },
        ]
      : []),
    ...(replays.length > 0 ? [{ name: "replay", table: replayTable(records), rows: replays }] : []),
  ];
}

function fileName({ order, replay }: SequenceRecord): string {
  return order.join("-") + (replay > 0 ? "-replay" : "");
}

async function paperResults(records: Records): Promise<NamedResult[]> {
  const known = knownRows(records);
  const compared = known.some((row) => row.ourDelta !== null);
  return [
    {
      name: "paper",
      ...(compared && { figure: paperFigure(records) }),
      table: knownTable(records),
      rows: known,
    },
    { name: "related", table: relatedTable(records), rows: [] },
    {
      name: "claims",
      table: await claimsTable(records),
      rows: (await claimRows(records)).map(({ claim: { id, expect, unit }, ...rest }) => ({
        id,
        expect,
        unit,
        ...rest,
      })),
    },
  ];
}
