/** What experiment 3 found about one sequence: the matrix of stages and environments, and what follows from it. */
import type { Figure } from "../figures/figure";
import { heatMap } from "../figures/heat";
import { sequenceLines } from "../figures/sequence";
import { cellEstimate, continualEstimates, derive } from "../metrics";
import type { Cell, Continual, Result } from "../metrics";
import { table } from "../table";
import type { Table } from "../table";
import {
  attemptsPerTask,
  hasPolicy,
  perRecords,
  policiesOf,
  recordCell,
  seedWords,
  testedEnvironments,
  titleOf,
} from "./record-results";
import type { Records } from "./record-results";
import { policyName, prefixes } from "./stages";
import type { Chain } from "./stages";

export interface SequenceRecord {
  /** The policy's name: "webshop > textcraft". */
  readonly name: string;
  /** The environments in order of training. */
  readonly order: readonly string[];
  /** Share of replayed tasks in the stages after the first; 0 for none. */
  readonly replay: number;
  /** The policies after each stage. */
  readonly stages: readonly string[];
  /** Environments tested but never trained on. */
  readonly heldOut: readonly string[];
}

/**
 * The sequences that there are records of: pairs of environments, and longer ones that nothing continues. Each stage
 * trains one environment that no other stage trains, and all stages are recorded.
 */
export function sequencesOf(records: Records): SequenceRecord[] {
  const chains = policiesOf(records)
    .map(({ chain }) => chain)
    .filter((chain) => chain.length > 1 && isSequence(chain));
  const continued = new Set(chains.flatMap((chain) => prefixes(chain).slice(0, -1).map(policyName)));
  return chains
    .filter((chain) => chain.length === 2 || !continued.has(policyName(chain)))
    .map((chain) => {
      const order = chain.map(({ envs }) => envs[0]);
      return {
        name: policyName(chain),
        order,
        replay: Math.max(...chain.map(({ replay = 0 }) => replay)),
        stages: prefixes(chain).map(policyName),
        heldOut: testedEnvironments(records).filter((env) => !order.includes(env)),
      };
    })
    .filter(({ stages }) => stages.every((stage) => hasPolicy(records, stage)));
}

function isSequence(chain: Chain): boolean {
  const order = chain.map(({ envs }) => envs[0]);
  return chain.every(({ envs, levels }) => envs.length === 1 && !levels) && new Set(order).size === order.length;
}

/** The sequence with this name, or the longest (the first of several) where none is named. */
export function sequenceNamed(records: Records, name?: string): SequenceRecord {
  const all = sequencesOf(records);
  const longest = Math.max(0, ...all.map(({ order }) => order.length));
  const found = all.find((s) => (name === undefined ? s.order.length === longest : s.name === name));
  if (found) return found;
  const known = all.map((s) => `"${s.name}"`).join(", ") || "none";
  throw new RangeError(`sequence: got ${name === undefined ? "none" : `"${name}"`}, in these records: ${known}`);
}

/** Words for axes: "WebShop > TextCraft", with the share of replay. */
export function sequenceTitle({ order, replay }: SequenceRecord): string {
  return order.map(titleOf).join(" > ") + (replay > 0 ? ` (replay ${Math.round(100 * replay)} %)` : "");
}

/** Words for titles of figures, whose axes show the stages. */
function shortTitle(sequence: SequenceRecord): string {
  const { order } = sequence;
  return order.length <= 2 ? sequenceTitle(sequence) : `${order.length} stages, ${titleOf(order[0])} first`;
}

/** R: a row for the base and one per stage, a column per environment (order of training, then held out). */
export function stageCells(records: Records, sequence: SequenceRecord): Cell[][] {
  const { stages, order, heldOut } = sequence;
  const own = sameSeeds(records, stages);
  return ["base", ...stages].map((policy) =>
    [...order, ...heldOut].map((env) => {
      const cell = recordCell(own, policy, { env });
      if (!cell) throw new RangeError(`the policy "${policy}" was not tested on ${env}`);
      return cell;
    }),
  );
}

/** The base, and the records of the seeds that all stages have. */
function sameSeeds(records: Records, stages: readonly string[]): Records {
  const seedsOf = (stage: string) => records.filter(({ name }) => name === stage).map(({ seed }) => seed);
  const shared = stages.map(seedsOf).reduce((a, b) => a.filter((seed) => b.includes(seed)));
  return records.filter(({ seed }) => seed === null || shared.includes(seed));
}

/** The policy trained at once on exactly these environments in equal shares; undefined where there is none. */
export function jointPolicy(records: Records, envs: readonly string[]): string | undefined {
  const wanted = [...envs].sort().join();
  return policiesOf(records).find(
    ({ chain }) =>
      chain.length === 1 &&
      chain[0].envs.length > 1 &&
      chain[0].weights === undefined &&
      [...chain[0].envs].sort().join() === wanted,
  )?.name;
}

export type ContinualRow = Record<keyof Continual, Result> & {
  readonly name: string;
  readonly sequence: SequenceRecord;
};

/** ACC, BWT, FWT, forgetting, intransigence against the joint model and more, per sequence. */
export const continualRows = perRecords((records: Records): readonly ContinualRow[] => {
  return sequencesOf(records).map((sequence) => {
    const R = stageCells(records, sequence);
    const joint = jointPolicy(records, sequence.order);
    const jointCells = joint && R[0].map(({ env }) => recordCell(records, joint, { env })!);
    return { name: sequence.name, sequence, ...continualEstimates(R, jointCells || undefined) };
  });
});

/** The summaries of all sequences. */
export function continualTable(records: Records): Table {
  const rows = continualRows(records).map((row) => ({ ...row, title: sequenceTitle(row.sequence) }));
  return table(
    rows,
    [
      { key: "title", title: "sequence", kind: "label" },
      { key: "acc", title: "final average" },
      { key: "bwt", title: "backward transfer", signed: true },
      { key: "fwt", title: "forward transfer", signed: true },
      { key: "forgetting", title: "forgetting", signed: true },
      { key: "intransigence", title: "intransigence", signed: true },
      { key: "jointGap", title: "joint minus sequence", signed: true },
      { key: "heldOutGain", title: "held-out gain", signed: true },
    ],
    {
      caption: `Sequential RFT (${seedWords(records)})`,
      notes: [
        "Backward transfer: final score minus score after the own stage (negative is forgetting). Forgetting: best score before the " +
          "end minus final score. Forward transfer: gain over the base before the own stage. Intransigence: joint training " +
          "minus score after the own stage; the joint model is trained on exactly the sequence's environments.",
      ],
    },
  );
}

export interface StageRow {
  readonly sequence: string;
  /** 0 is the base. */
  readonly stage: number;
  readonly after: string;
  readonly env: string;
  readonly score: Result;
}

/** R as rows: one per stage and environment. */
export function stageRows(records: Records, name?: string): StageRow[] {
  const sequence = sequenceNamed(records, name);
  const envs = [...sequence.order, ...sequence.heldOut];
  return stageCells(records, sequence).flatMap((row, stage) =>
    row.map((cell, j) => ({
      sequence: sequence.name,
      stage,
      after: stage === 0 ? "base" : sequence.order[stage - 1],
      env: envs[j],
      score: cellEstimate(cell),
    })),
  );
}

/** Lines: success on every environment from the base over all stages. */
export function sequenceFigure(records: Records, name?: string): Figure {
  const sequence = sequenceNamed(records, name);
  const R = stageCells(records, sequence);
  const lines = [...sequence.order, ...sequence.heldOut].map((env, j) => ({
    name: titleOf(env),
    results: R.map((row) => cellEstimate(row[j])),
    ...(j < sequence.order.length && { own: j + 1 }),
  }));
  return sequenceLines(lines, {
    title: `${shortTitle(sequence)}: success after each stage (${seedWords(records)})`,
    alt: `${sequenceTitle(sequence)}: held-out success on every environment of the base and after each stage of training, with 95 % intervals; the large mark of a line is the end of its own stage.`,
    stages: sequence.order.map(titleOf),
    axis: `success, avg@${attemptsPerTask(records)}`,
  });
}

/** Heat map of R itself: success on every environment (columns) of the base and after each stage (rows). */
export function stageFigure(records: Records, name?: string): Figure {
  const sequence = sequenceNamed(records, name);
  const R = stageCells(records, sequence);
  return heatMap(
    R.map((row) => row.map((cell) => cellEstimate(cell))),
    {
      title: `${shortTitle(sequence)}: success (${seedWords(records)})`,
      alt: "Held-out success by stage and environment; the framed cells are the ends of each environment's own stage.",
      rows: stageNames(sequence),
      columns: [...sequence.order, ...sequence.heldOut].map(titleOf),
      rowTitle: "after",
      columnTitle: "tested on",
      unit: "success, %",
      diverging: false,
      framed: sequence.order.map((_, j) => [j + 1, j] as const),
    },
  );
}

function stageNames({ order }: SequenceRecord): string[] {
  return ["base", ...order.map((env, i) => `${i + 1}: ${titleOf(env)}`)];
}

/** Per stage after its own: score there minus score after the own stage; null before and at the own stage. */
export function forgettingMatrix(records: Records, sequence: SequenceRecord): (Result | null)[][] {
  const R = stageCells(records, sequence);
  const width = R[0].length;
  const changes = derive(
    R.flat(),
    (means) =>
      Object.fromEntries(
        sequence.order.flatMap((_, j) =>
          sequence.order.flatMap((_, i) =>
            i > j ? [[`${i} ${j}`, means[(i + 1) * width + j] - means[(j + 1) * width + j]]] : [],
          ),
        ),
      ) as Record<string, number>,
  );
  return sequence.order
    .slice(1)
    .map((_, i) => sequence.order.slice(0, -1).map((_, j) => changes[`${i + 1} ${j}`] ?? null));
}

/** Heat map of what later stages changed on environments trained before. */
export function forgettingFigure(records: Records, name?: string): Figure {
  const sequence = sequenceNamed(records, name);
  return heatMap(forgettingMatrix(records, sequence), {
    title: `${shortTitle(sequence)}: change since the own stage (${seedWords(records)})`,
    alt: "Change in success since the end of an environment's own stage, by later stage and environment; negative is forgetting; cells whose interval covers 0 are in brackets.",
    rows: stageNames(sequence).slice(2),
    columns: sequence.order.slice(0, -1).map(titleOf),
    rowTitle: "after",
    columnTitle: "trained before, tested on (in brackets: interval covers 0)",
    unit: "change, points",
    diverging: true,
  });
}
