/** What experiment 3 found across sequences: does the order matter, mixture against sequence, replay. */
import { groupedBars } from "../figures/bars";
import type { Figure } from "../figures/figure";
import { forest } from "../figures/forest";
import { derive } from "../metrics";
import type { Cell, Result } from "../metrics";
import { table } from "../table";
import type { Table } from "../table";
import { trainedAlone } from "./cross-results";
import {
  attemptsPerTask,
  difference,
  meanOver,
  P_NOTE,
  perRecords,
  pCell,
  policiesOf,
  powerLine,
  pWords,
  recordCell,
  seedWords,
  testedEnvironments,
  titleOf,
  withHolm,
} from "./record-results";
import type { Difference, Records } from "./record-results";
import { sequencesOf, sequenceTitle } from "./sequential-results";
import type { SequenceRecord } from "./sequential-results";

/** A policy on some environments; throws where it was not tested on one. */
function cellsOn(records: Records, policy: string, envs: readonly string[]): Cell[] {
  return envs.map((env) => {
    const cell = recordCell(records, policy, { env });
    if (!cell) throw new RangeError(`the policy "${policy}" was not tested on ${env}`);
    return cell;
  });
}

export interface OrderRow extends Difference {
  readonly envs: readonly string[];
  readonly order: string;
  readonly against: string;
  readonly holm: number;
}

const setOf = ({ order, replay }: SequenceRecord) => [...[...order].sort(), replay].join();

/** Two sequences through the same environments with the same share of replay. */
export interface OrderPair {
  readonly first: SequenceRecord;
  readonly second: SequenceRecord;
  readonly envs: readonly string[];
}

/** Every two orders of the same environments. */
export function orderPairs(records: Records): OrderPair[] {
  const sequences = sequencesOf(records);
  return sequences.flatMap((second, i) =>
    sequences
      .slice(0, i)
      .filter((first) => setOf(first) === setOf(second))
      .map((first) => {
        const envs = testedEnvironments(records).filter((env) => first.order.includes(env));
        return { first, second, envs };
      }),
  );
}

/** The mean final score over their environments of every two orders, paired by task, Holm over all. */
export const orderRows = perRecords((records: Records): readonly OrderRow[] => {
  const rows = orderPairs(records).map(({ first, second, envs }) => {
    const [before, after] = [first, second].map(({ name }) => cellsOn(records, name, envs));
    return { envs, order: sequenceTitle(second), against: sequenceTitle(first), ...difference(before, after) };
  });
  return withHolm(rows);
});

/** Every two orders of the same environments, with the test of their difference. */
export function orderTable(records: Records): Table {
  const rows = orderRows(records);
  return table(
    rows.map((row) => ({ ...row, p: pCell(row.p), holm: pCell(row.holm) })),
    [
      { key: "order", kind: "label" },
      { key: "against", kind: "label" },
      { key: "after", title: "order, final average" },
      { key: "before", title: "against, final average" },
      { key: "change", title: "difference", signed: true },
      { key: "p", kind: "p" },
      { key: "holm", title: "p, Holm", kind: "p" },
    ],
    { caption: `Does the order matter? (${seedWords(records)})`, notes: [powerLine(rows), P_NOTE] },
  );
}

/** "TC > WS" for "TextCraft > WebShop" where there are more than two: long names would leave no room for the plot. */
function initials(title: string): string {
  return title.split(" > ").length > 2 ? title.replace(/[A-Z]\w+/g, (word) => word.replace(/[^A-Z]/g, "")) : title;
}

/** Forest plot: difference of the final average between two orders. */
export function orderFigure(records: Records): Figure {
  return forest(
    orderRows(records).map((row) => ({
      label: `${initials(row.order)}<br>against ${initials(row.against)}`,
      estimate: row.change,
      note: pWords(row),
    })),
    {
      title: `Does the order matter? (${seedWords(records)})`,
      alt: "Difference of the final average success between two orders of training on the same environments, with 95 % intervals; open marks cover 0.",
      axis: "difference in final average, points (paired by task)",
      line: 44,
    },
  );
}

/** A policy trained on several environments at once, or in a sequence through them, or the single ones together. */
interface Contender {
  readonly title: string;
  /** Several policies count as their mean: the single environments. */
  readonly policies: readonly string[];
}

/** Joint mixtures, sequences through all tested environments, and the single environments together. */
function contenders(records: Records): { joint: Contender[]; sequences: Contender[]; alone: Contender[] } {
  const envs = testedEnvironments(records);
  const joint = policiesOf(records).filter(({ chain }) => chain.length === 1 && chain[0].envs.length > 1);
  const full = sequencesOf(records).filter(({ order }) => order.length === envs.length);
  const alone = trainedAlone(records);
  return {
    joint: joint.map(({ name, chain }) => ({
      title: `joint${chain[0].weights ? `, ${chain[0].weights}` : ""}${chain[0].envs.length < envs.length ? ` (${chain[0].envs.map(titleOf).join(", ")})` : ""}`,
      policies: [name],
    })),
    sequences: full.map((sequence) => ({ title: sequenceTitle(sequence), policies: [sequence.name] })),
    alone: alone.length > 0 ? [{ title: "one environment each, mean", policies: alone }] : [],
  };
}

export interface MixtureRow extends Difference {
  readonly train: string;
  readonly against: string;
  readonly holm: number;
}

/**
 * Joint training against every sequence through all environments and against the policies of single environments (the mean
 * of all of them), on the mean over all tested environments.
 */
export const mixtureRows = perRecords((records: Records): readonly MixtureRow[] => {
  const { joint, sequences, alone } = contenders(records);
  const envs = testedEnvironments(records);
  const rows = joint.flatMap((train) =>
    [...sequences, ...alone].map((against) => {
      const before = against.policies.flatMap((policy) => cellsOn(records, policy, envs));
      const after = against.policies.flatMap(() => cellsOn(records, train.policies[0], envs));
      return { train: train.title, against: against.title, ...difference(before, after) };
    }),
  );
  return withHolm(rows);
});

export interface BalanceRow {
  readonly train: string;
  /** Mean over all tested environments. */
  readonly average: Result;
  /** The environment with the lowest score. */
  readonly lowest: Result;
}

/** How evenly a policy does over all environments: mean and lowest score. */
export const balanceRows = perRecords((records: Records): readonly BalanceRow[] => {
  const { joint, sequences, alone } = contenders(records);
  const envs = testedEnvironments(records);
  const single = alone.flatMap(({ policies }) =>
    policies.map((name) => ({ title: `${titleOf(name)} alone`, policies: [name] })),
  );
  const rows = [{ title: "base", policies: ["base"] }, ...single, ...sequences, ...joint];
  return rows.map(({ title, policies }) => {
    const cells = cellsOn(records, policies[0], envs);
    return {
      train: title,
      average: meanOver(cells),
      lowest: derive(cells, (means) => ({ low: Math.min(...means) })).low,
    };
  });
});

/** Mean and lowest score of every policy over all environments. */
export function balanceTable(records: Records): Table {
  return table(
    balanceRows(records),
    [
      { key: "train", title: "RFT on", kind: "label" },
      { key: "average", title: "mean over environments" },
      { key: "lowest", title: "lowest environment" },
    ],
    { caption: `Balance over all environments (${seedWords(records)})` },
  );
}

/** Joint training against sequences and single environments. */
export function mixtureTable(records: Records): Table {
  const rows = mixtureRows(records);
  return table(
    rows.map((row) => ({ ...row, holm: pCell(row.holm) })),
    [
      { key: "train", title: "RFT on", kind: "label" },
      { key: "against", kind: "label" },
      { key: "after", title: "joint" },
      { key: "before", title: "against" },
      { key: "change", title: "difference", signed: true },
      { key: "holm", title: "p, Holm", kind: "p" },
    ],
    {
      caption: `Joint training and others, mean over environments (${seedWords(records)})`,
      notes: [powerLine(rows), P_NOTE],
    },
  );
}

/** Bars: final success per environment of the base, training there alone, every full sequence and joint training. */
export function mixtureFigure(records: Records): Figure {
  const { joint, sequences } = contenders(records);
  const envs = testedEnvironments(records);
  const at = (policy: string, env: string): Result => {
    const cell = recordCell(records, policy, { env });
    return cell ? meanOver([cell]) : { na: "not trained or not tested" };
  };
  const bars = envs.flatMap((env) => [
    { series: "base", group: titleOf(env), estimate: at("base", env) },
    { series: "trained there alone", group: titleOf(env), estimate: at(env, env) },
    ...[...sequences, ...joint].map(({ title, policies }) => ({
      series: title,
      group: titleOf(env),
      estimate: at(policies[0], env),
    })),
  ]);
  return groupedBars(bars, {
    title: `One after the other, or all at once (${seedWords(records)})`,
    alt: "Final held-out success per environment of the base, of training there alone, of sequences through all environments and of joint training, with 95 % intervals.",
    axis: `success, avg@${attemptsPerTask(records)}`,
    range: [0, 1],
  });
}

export interface ReplayRow extends Difference {
  readonly sequence: string;
  readonly holm: number;
}

/** Each replayed sequence against the same order without replay: mean final score over its environments. */
export const replayRows = perRecords((records: Records): readonly ReplayRow[] => {
  const sequences = sequencesOf(records);
  const rows = sequences.flatMap((replayed) => {
    const plain = sequences.find((s) => s.replay === 0 && s.order.join() === replayed.order.join());
    if (replayed.replay === 0 || !plain) return [];
    const [before, after] = [plain, replayed].map(({ name }) => cellsOn(records, name, replayed.order));
    return [{ sequence: sequenceTitle(replayed), ...difference(before, after) }];
  });
  return withHolm(rows);
});

/** What replay of earlier environments changes in the final average; says so where nothing was replayed. */
export function replayTable(records: Records): Table {
  const rows = replayRows(records);
  return table(
    rows.map((row) => ({ ...row, holm: pCell(row.holm) })),
    [
      { key: "sequence", kind: "label" },
      { key: "before", title: "without replay" },
      { key: "after", title: "with replay" },
      { key: "change", title: "difference", signed: true },
      { key: "holm", title: "p, Holm", kind: "p" },
    ],
    {
      caption: `Replay of earlier environments: final average (${seedWords(records)})`,
      notes: rows.length > 0 ? [powerLine(rows), P_NOTE] : ["No sequence of these records was trained with replay."],
    },
  );
}
