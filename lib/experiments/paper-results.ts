/** Our numbers in the key columns of the papers' numbers, and both side by side. */
import { forest } from "../figures/forest";
import type { Figure } from "../figures/figure";
import { isEstimate } from "../metrics";
import type { Result } from "../metrics";
import { join, paperRows } from "../papers";
import type { Comparison, PaperRow, ResultRow } from "../papers";
import { table } from "../table";
import type { Column, Table } from "../table";
import type { Estimate } from "../types";
import { heldRows, trainedAlone, transferRows } from "./cross-results";
import { effortRows } from "./effort-results";
import { attemptsPerTask, difference, perRecords, policyTitle, recordCell, seedWords } from "./record-results";
import type { Records } from "./record-results";
import { sequencesOf } from "./sequential-results";
import { curriculumRows, withinEnvironments, withinRows } from "./within-results";

const MODEL = "heldout pocket";

/** A regime as the papers' `trainLevel`. */
const TRAIN_LEVEL: { readonly [regime: string]: string | null } = {
  easy: "easy",
  hard: "hard",
  "easy then hard": "easy > hard",
  "hard then easy": "hard > easy",
  mixed: null,
};

/** The key columns of one of our numbers; the rest has defaults. */
export type OurKey = Pick<ResultRow, "experiment" | "train" | "test"> &
  Partial<Pick<ResultRow, "trainLevel" | "testLevel" | "reference" | "metric">>;

function row(
  records: Records,
  key: OurKey,
  numbers: { readonly before?: Result; readonly after?: Result; readonly change: Result },
): ResultRow {
  return {
    model: MODEL,
    k: attemptsPerTask(records),
    trainLevel: null,
    testLevel: null,
    reference: "base",
    metric: "avg@k",
    ...key,
    before: numbers.before ?? null,
    after: numbers.after ?? null,
    delta: numbers.change,
  };
}

/** Experiment 1: every regime on all tasks, each level and each part; curricula against single levels. */
export function withinResultRows(records: Records, envs: readonly string[] = withinEnvironments(records)): ResultRow[] {
  const scores = envs.flatMap((env) =>
    (["all", "levels", "parts"] as const).flatMap((by) =>
      withinRows(records, env, by).map((r) =>
        row(
          records,
          { experiment: "within", train: env, trainLevel: TRAIN_LEVEL[r.train], test: env, testLevel: r.test },
          r,
        ),
      ),
    ),
  );
  const curricula = envs
    .flatMap((env) => curriculumRows(records, env))
    .map((r) => {
      const reference = TRAIN_LEVEL[r.reference] === null ? r.env : `${r.env}/${TRAIN_LEVEL[r.reference]}`;
      const key = { experiment: "within", train: r.env, trainLevel: TRAIN_LEVEL[r.train], test: r.env, reference };
      return row(records, key, r);
    });
  return [...scores, ...curricula];
}

/** Turns and tokens per episode, in their own unit. */
export function effortResultRows(records: Records, env?: string): ResultRow[] {
  return effortRows(records, env).map((r) =>
    row(
      records,
      {
        experiment: "efficiency",
        train: r.env,
        trainLevel: TRAIN_LEVEL[r.train],
        test: r.env,
        metric: `${r.effort} per episode`,
      },
      r,
    ),
  );
}

/** Experiment 2: every pair, and the held-out means; empty where no environment was trained on alone. */
export function crossResultRows(records: Records): ResultRow[] {
  if (trainedAlone(records).length === 0) return [];
  const held = heldRows(records).map((r) =>
    row(records, { experiment: "cross", train: r.train, test: "held-out" }, { change: r.heldOut }),
  );
  const within = new Set(withinEnvironments(records));
  const pairs = transferRows(records)
    .filter((r) => r.train !== r.test || !within.has(r.train))
    .map((r) => row(records, { experiment: "cross", train: r.train, test: r.test }, r));
  return [...pairs, ...held];
}

/** Experiment 3: every sequence on each of its environments, against training on that one alone. */
export function sequentialResultRows(records: Records): ResultRow[] {
  return sequencesOf(records)
    .filter(({ replay }) => replay === 0)
    .flatMap(({ name, order }) =>
      order.flatMap((env) => {
        const [alone, after] = [env, name].map((policy) => recordCell(records, policy, { env }));
        if (!alone || !after) return [];
        return [
          row(
            records,
            { experiment: "sequential", train: name, test: env, reference: env },
            difference([alone], [after]),
          ),
        ];
      }),
    );
}

/** All of ours. */
export const resultRows = perRecords((records: Records): readonly ResultRow[] => {
  return [
    ...withinResultRows(records),
    ...effortResultRows(records),
    ...crossResultRows(records),
    ...sequentialResultRows(records),
  ];
});

/** "14 to 75", "to 75", or "+2 over babyai/easy": whatever of before, after and change is known. */
export function reportedText({ before, after, delta, direction, reference }: PaperRow): string {
  if (after !== null) return before === null ? `to ${after}` : `${before} to ${after}`;
  if (delta === null) return direction ?? "";
  return `${delta > 0 ? "+" : ""}${delta}${reference === "base" ? "" : ` over ${reference}`}`;
}

const stage = (name: string | null, level: string | null) => [name ?? "not named", level].filter(Boolean).join(" ");

/** The numbers of the study reproduced here, each beside ours. */
export const knownRows = perRecords((records: Records): readonly Comparison[] => {
  return join(paperRows(["2603.12011"]), resultRows(records));
});

const scaled = (result: Result | null, { unit }: PaperRow): Result | null =>
  result !== null && isEstimate(result) && unit === "%"
    ? { ...result, value: 100 * result.value, low: 100 * result.low, high: 100 * result.high }
    : result;

function comparisonTable(rows: readonly Comparison[], caption: string): Table {
  const plain = { unit: "", scale: 1 } as const;
  return table(
    rows.map((r) => ({
      ...r,
      model: r.model ?? "not named",
      train: stage(r.train, r.trainLevel),
      test: stage(r.test, r.testLevel),
      reported: reportedText(r),
      ourBefore: scaled(r.ourBefore, r),
      ourAfter: scaled(r.ourAfter, r),
      ourDelta: scaled(r.ourDelta, r),
    })),
    [
      { key: "paper", kind: "label" },
      { key: "model", kind: "label" },
      { key: "train", title: "RFT on", kind: "label" },
      { key: "test", title: "tested on", kind: "label" },
      { key: "metric", kind: "label" },
      { key: "unit", kind: "label" },
      { key: "reported", title: "paper", kind: "label" },
      { key: "ourBefore", title: "ours, before", ...plain },
      { key: "ourAfter", title: "ours, after", ...plain },
      { key: "ourDelta", title: "ours, change", ...plain, signed: true },
      { key: "verdict", title: "same direction?", kind: "label" },
      { key: "reason", title: "why", kind: "label" },
    ],
    {
      caption,
      notes: [
        "Models differ by three orders of magnitude in size: directions compare, sizes do not. Empty: no source gives it, or we have no such number.",
      ],
    },
  );
}

/** Every known number of the study: paper | ours, with interval | same direction? */
export function knownTable(records: Records): Table {
  return comparisonTable(knownRows(records), `Known numbers of the paper and ours (${seedWords(records)})`);
}

/** The known numbers of all papers on training and testing in one environment, beside ours. */
export function withinPaperTable(records: Records, env: string): Table {
  const about = (r: PaperRow) => r.train === r.test && (r.train === env || r.experiment === "within");
  const ours = [...withinResultRows(records, [env]), ...effortResultRows(records, env)];
  return comparisonTable(join(paperRows().filter(about), ours), `Reported numbers and ours (${seedWords(records)})`);
}

export interface RelatedRow {
  readonly train: string;
  readonly test: string;
  readonly metric: string;
  readonly ours: Result;
  /** By paper: what each of its models reports. */
  readonly [paper: string]: Result | string;
}

const PAPERS = ["2603.12011", "2509.08755", "2601.18217"] as const;

/** Each of our numbers that some paper also has, with a column per paper; a paper's models are separated by ";". */
export function relatedRows(records: Records): RelatedRow[] {
  const joined = join(paperRows([...PAPERS]), resultRows(records)).filter(
    (r) => r.ourDelta !== null && (r.delta !== null || r.direction !== null),
  );
  const keyOf = (r: Comparison) =>
    [stage(r.train, r.trainLevel), stage(r.test, r.testLevel), r.reference, r.metric].join("|");
  return [...new Set(joined.map(keyOf))].map((key) => {
    const own = joined.filter((r) => keyOf(r) === key);
    const [first] = own;
    const text = (paper: string) =>
      [
        ...new Set(
          own
            .filter((r) => r.paper === paper)
            .map((r) => `${reportedText(r)} (${[shortModel(r.model), ...variant(r)].join(", ")})`),
        ),
      ].join("; ");
    return {
      train: stage(first.train, first.trainLevel),
      test: stage(first.test, first.testLevel),
      metric: first.metric,
      ours: scaled(first.ourDelta, first)!,
      ...Object.fromEntries(PAPERS.map((paper) => [paper, text(paper)])),
    };
  });
}

/** What is not plain GRPO on plain states. */
function variant({ paper, experiment }: Comparison): string[] {
  return paper === "2603.12011" || ["grpo", "original states"].includes(experiment) ? [] : [experiment];
}

/** "7B" from "Qwen2.5-7B-Instruct". */
function shortModel(model: string | null): string {
  return model === null
    ? "model not named"
    : (/\d+B/.exec(model)?.[0] ?? model) + (/checkpoint (\w+)/.exec(model)?.[1] ?? "");
}

/** Our changes beside those of all papers that have the same cell. */
export function relatedTable(records: Records): Table {
  const columns: Column<string>[] = PAPERS.map((paper) => ({ key: paper, title: `arXiv ${paper}`, kind: "label" }));
  return table<RelatedRow>(
    relatedRows(records),
    [
      { key: "train", title: "RFT on", kind: "label" },
      { key: "test", title: "tested on", kind: "label" },
      { key: "metric", kind: "label" },
      ...columns,
      { key: "ours", title: "ours, change", unit: "", scale: 1, signed: true },
    ],
    {
      caption: `The same cells in other papers (${seedWords(records)})`,
      notes: ["avg@k in percent and points, turns and tokens in their own unit. Papers give no intervals."],
    },
  );
}

/** Forest plot: the paper's change as a mark without an interval, ours with one, for every number that both have. */
export function paperFigure(records: Records): Figure {
  const rows = knownRows(records).filter((r) => r.unit === "%" && r.delta !== null && r.ourDelta !== null);
  const label = (r: Comparison) => {
    const [train, test] = [stage(r.train, r.trainLevel), stage(r.test, r.testLevel)].map(policyTitle);
    const over = r.reference === "base" ? "" : ` over ${policyTitle(r.reference ?? "not named")}`;
    return `${train} → ${test}${over}${r.model === null ? "" : ` (${shortModel(r.model)})`}`;
  };
  const drawn = rows.flatMap((r) => [
    { label: label(r), series: "paper", estimate: reported(r) },
    { label: label(r), series: "ours", estimate: r.ourDelta!, note: r.verdict },
  ]);
  return forest(drawn, {
    title: `Paper and ours: change in success (${seedWords(records)})`,
    alt: "Every change that the paper is known to report and that we measured too: the paper's as a mark without interval, ours with a 95 % interval; open marks cover 0.",
    axis: "change, points",
  });
}

function reported({ delta, model, source, k }: Comparison): Estimate {
  const value = delta! / 100;
  return {
    value,
    low: value,
    high: value,
    n: 0,
    k: k ?? 0,
    method: `reported without an interval, ${model ?? "model not named"}<br>${source}`,
  };
}
