/** What experiment 1 found: tables and figures from a finished study, every number with its interval. */
import { environment } from "../environments";
import { errorBars, hover, palette } from "../figures/figure";
import type { Figure, Trace } from "../figures/figure";
import { cellEstimate, gap, lift, mean, meanEstimate, recovery, taskMeans } from "../metrics";
import type { Cell, Result } from "../metrics";
import { join, paperRows } from "../papers";
import type { PaperRow, ResultRow } from "../papers";
import { table } from "../table";
import type { Table } from "../table";
import type { Estimate } from "../types";
import { recordCell } from "./record-cells";
import type { TaskResult } from "./records";
import { LEVELS, policyName } from "./stages";
import type { Chain } from "./stages";
import { regimeChain, REGIMES } from "./within";
import type { WithinSettings, WithinStudy } from "./within";

/** Fill patterns beside colours, so that bars can be told apart in grey print. */
const PATTERNS = ["", "/", "\\", "x", ".", "-"];
const policies = ["base", ...REGIMES];

interface ScoreRow {
  readonly train: string;
  readonly stratum: string;
  readonly base: Estimate;
  readonly score: Estimate;
  readonly change: Estimate;
  readonly pass: Estimate;
}

/** One row per regime and stratum: base, after RFT, and the paired change. */
export function withinRows(study: WithinStudy, parts: readonly Stratum[]): ScoreRow[] {
  return parts.flatMap((stratum) => {
    const cells = cellsOf(study, stratum);
    const { base, regimes } = cells;
    const once = solvedOnce(cells).regimes;
    return Object.entries(regimes).map(([train, trained]) => ({
      train,
      stratum: stratum.name,
      base: cellEstimate(base),
      score: cellEstimate(trained),
      change: lift(trained, base),
      pass: cellEstimate(once[train]),
    }));
  });
}

function title(study: WithinStudy): string {
  return environment(study.settings.env).title;
}

/** What was fixed before the runs, one row per setting. */
export function withinSettingsTable({ env, profile, training, evaluation }: WithinSettings): Table {
  const rows = {
    environment: environment(env).title,
    profile: profile.name,
    "training seeds": profile.seeds.join(", "),
    "GRPO steps per regime": profile.steps,
    "episodes per step": `${profile.tasksPerStep} tasks x ${profile.groupSize} attempts`,
    "peak learning rate": training.learningRate,
    "KL coefficient": training.klCoefficient,
    "turns, training episodes": training.maxTurns,
    "turns, test episodes": evaluation.maxTurns,
    "held-out test tasks": evaluation.tasks.length,
    "attempts per test task": evaluation.k,
  };
  return table(
    Object.entries(rows).map(([setting, value]) => ({ setting, value: String(value) })),
    [
      { key: "setting", kind: "label" },
      { key: "value", kind: "label" },
    ],
  );
}

/** avg@k by training regime and test level; with `by` "breakdown" by the environment's finer strata. */
export function withinTable(study: WithinStudy, by: "levels" | "breakdown" = "levels"): Table {
  const metric = `avg@${study.settings.evaluation.k}`;
  return table(
    withinRows(study, strata(study)[by]),
    [
      { key: "stratum", title: "test", kind: "label" },
      { key: "train", title: "RFT on", kind: "label" },
      { key: "base", title: "base", metric, threshold: "success" },
      { key: "score", title: "after RFT", metric, threshold: "success" },
      { key: "change", title: "change", signed: true },
      { key: "pass", title: "after RFT", metric: `pass@${study.settings.evaluation.k}` },
    ],
    { caption: `${title(study)}: held-out success by training and test difficulty, ${seedWords(study)}` },
  );
}

/** The three numbers of the question: lift where it was not trained, recovery of the gain, generalization gap. */
export function generalizationTable(study: WithinStudy): Table {
  const [easy, hard] = strata(study).levels.map((level) => cellsOf(study, level));
  const row = (from: string, to: string, cells: typeof easy, trained: typeof easy) => ({
    question: `RFT on ${from}, tested on ${to}`,
    lift: lift(cells.regimes[from], cells.base) as Result,
    recovery: recovery(cells.regimes[from], cells.regimes[to], cells.base),
    gap: gap(trained.regimes[from], cells.regimes[from]) as Result,
  });
  return table(
    [row("easy", "hard", hard, easy), row("hard", "easy", easy, hard)],
    [
      { key: "question", title: "", kind: "label" },
      { key: "lift", title: "lift over base", signed: true },
      { key: "recovery", title: "share of the gain of training there" },
      { key: "gap", title: "trained level minus this level", signed: true },
    ],
    { caption: `${title(study)}: from one difficulty to the other` },
  );
}

/** Turns and tokens per episode, of all test episodes and of those solved. */
export function effortTable(study: WithinStudy): Table {
  const rows = policies.map((train) => {
    const tests = recordsOf(study, train).flatMap((record) => record.tests);
    const effort = (of: "turns" | "tokens", solved: boolean): Result => {
      const counted = tests
        .map((t) => t[of].filter((_, i) => !solved || t.success[i] === 1))
        .filter((t) => t.length > 0);
      if (counted.length === 0) return { na: "nothing solved" };
      const k = Math.min(...counted.map((t) => t.length));
      return meanEstimate(taskMeans(counted), { k, range: [0, Infinity], kind: "t, clustered by task" });
    };
    return {
      train,
      turns: effort("turns", false),
      tokens: effort("tokens", false),
      turnsSolved: effort("turns", true),
      tokensSolved: effort("tokens", true),
    };
  });
  const plain = { unit: "", scale: 1 } as const;
  return table(
    rows,
    [
      { key: "train", title: "RFT on", kind: "label" },
      { key: "turns", title: "turns", ...plain },
      { key: "tokens", title: "tokens", ...plain },
      { key: "turnsSolved", title: "turns, solved", ...plain },
      { key: "tokensSolved", title: "tokens, solved", ...plain },
    ],
    { caption: `${title(study)}: effort per test episode (tokens written by the agent)` },
  );
}

/** The records of a regime, one per seed. */
function recordsOf({ settings, records }: WithinStudy, regime: string) {
  const name = policyName(regime === "base" ? [] : regimeChain(settings.env, regime));
  return records.filter((record) => record.name === name);
}

function seedWords(study: WithinStudy): string {
  const n = study.settings.profile.seeds.length;
  return n === 1 ? "1 seed" : `${n} seeds`;
}

/** Bars: held-out success by test level, one bar per training regime, 95 % intervals. */
export function difficultyFigure(study: WithinStudy): Figure {
  const { levels } = strata(study);
  const cells = levels.map((level) => cellsOf(study, level));
  const data = policies.map((policy, i): Trace => {
    const estimates = cells.map((c) => cellEstimate(policy === "base" ? c.base : c.regimes[policy]));
    return {
      type: "bar",
      name: policy === "base" ? "base" : `RFT on ${policy}`,
      x: levels.map((level) => `tested on ${level.name}`),
      y: estimates.map((e) => e.value),
      error_y: errorBars(estimates),
      customdata: estimates.map((e) => hover(e)),
      hovertemplate: "%{fullData.name}, %{x}<br>%{customdata}<extra></extra>",
      marker: {
        color: policy === "base" ? "#bbbbbb" : palette[i - 1],
        pattern: { shape: PATTERNS[i], solidity: 0.25 },
      },
    };
  });
  const { k } = study.settings.evaluation;
  return {
    title: `${title(study)}: what RFT on one difficulty does for the other (${seedWords(study)})`,
    alt: `Held-out success (avg@${k}) of the base policy and of the training regimes on easy and hard tasks, with 95 % intervals.`,
    data,
    layout: {
      barmode: "group",
      yaxis: { title: { text: `success, avg@${k}` }, range: [0, 1] },
      legend: { orientation: "h", y: -0.15 },
    },
  };
}

/** Forest plot: paired change from base per regime and stratum; an interval that leaves out 0 is a change. */
export function changeFigure(study: WithinStudy): Figure {
  const { levels, breakdown } = strata(study);
  const parts = [...levels, ...breakdown];
  const rows = withinRows(study, parts);
  const data = REGIMES.map((regime, i): Trace => {
    const own = rows.filter((row) => row.train === regime);
    const estimates = own.map((row) => row.change);
    return {
      type: "scatter",
      mode: "markers",
      name: `RFT on ${regime}`,
      x: estimates.map((e) => e.value),
      y: own.map((row) => parts.length - 1 - parts.findIndex((p) => p.name === row.stratum) + 0.24 - 0.16 * i),
      error_x: errorBars(estimates),
      customdata: own.map((row) => `${row.stratum}: ${hover(row.change)}`),
      hovertemplate: "%{fullData.name}, %{customdata}<extra></extra>",
      marker: { color: palette[i], size: 8, symbol: ["circle", "square", "diamond", "triangle-up", "cross"][i] },
    };
  });
  return {
    title: `${title(study)}: change from base, by test stratum (${seedWords(study)})`,
    alt: "Paired change in held-out success from the base policy, by test stratum and training regime, with 95 % intervals.",
    data,
    layout: {
      height: 140 + 60 * parts.length,
      xaxis: { title: { text: "change in success (paired by task)" }, zeroline: true, zerolinecolor: "#444444" },
      yaxis: { tickvals: parts.map((_, i) => parts.length - 1 - i), ticktext: parts.map((p) => p.name) },
      legend: { orientation: "h", y: -0.2 },
    },
  };
}

const SMOOTHING = 5;

/** Curves: success of the training episodes by step, thin as measured, thick as a running mean of five steps. */
export function learningFigure(study: WithinStudy): Figure {
  const data = REGIMES.flatMap((regime, i) =>
    recordsOf(study, regime)
      .map((record) => record.stages[0])
      .flatMap(({ curve }, nth): Trace[] => {
        const x = curve.map((row) => row.step + 1);
        const y = curve.map(({ sources }) => {
          const all = Object.values(sources);
          const episodes = all.reduce((sum, s) => sum + s.episodes, 0);
          return all.reduce((sum, s) => sum + s.success * s.episodes, 0) / episodes;
        });
        const smooth = y.map((_, t) => mean(y.slice(Math.max(0, t - SMOOTHING + 1), t + 1)));
        const common = { type: "scatter", mode: "lines", x, legendgroup: regime } as const;
        const line = { color: palette[i], dash: ["solid", "dash", "dot", "dashdot", "longdash"][i] };
        return [
          { ...common, y, line: { ...line, width: 0.7 }, opacity: 0.5, showlegend: false, hoverinfo: "skip" },
          { ...common, y: smooth, line: { ...line, width: 2.5 }, name: `RFT on ${regime}`, showlegend: nth === 0 },
        ];
      }),
  );
  return {
    title: `${title(study)}: success while training, by regime (${seedWords(study)})`,
    alt: "Success of training episodes by step for each regime; the tasks differ between regimes, so heights do not compare.",
    data,
    layout: {
      xaxis: { title: { text: "GRPO step" } },
      yaxis: { title: { text: "success of training episodes" }, range: [0, 1] },
      legend: { orientation: "h", y: -0.2 },
    },
  };
}

/** Our results in the key columns of the paper's numbers. */
export function withinResultRows(study: WithinStudy): ResultRow[] {
  const { env } = study.settings;
  const { levels, breakdown } = strata(study);
  const levelOf: { [regime: string]: string | null } = {
    easy: "easy",
    hard: "hard",
    "easy then hard": "easy > hard",
    "hard then easy": "hard > easy",
    mixed: null,
  };
  const all = { name: "all", has: () => true };
  return withinRows(study, [all, ...levels, ...breakdown]).map((row) => ({
    experiment: "within",
    model: "heldout pocket",
    train: env,
    trainLevel: levelOf[row.train],
    test: env,
    testLevel: row.stratum,
    reference: "base",
    metric: "avg@k",
    k: study.settings.evaluation.k,
    before: row.base,
    after: row.score,
    delta: row.change,
  }));
}

/** "14 to 75", "to 75", or "+2 over babyai/easy": whatever of before, after and change is known. */
function reportedText({ before, after, delta, reference }: PaperRow): string {
  if (after !== null) return before === null ? `to ${after}` : `${before} to ${after}`;
  if (delta === null) return "";
  return `${delta > 0 ? "+" : ""}${delta}${reference === "base" ? "" : ` over ${reference}`}`;
}

/** The known numbers of papers on this environment beside ours: paper | ours, with interval | same direction? */
export function withinPaperTable(study: WithinStudy): Table {
  const about = (row: PaperRow) =>
    row.train === row.test && (row.train === study.settings.env || row.experiment === "within");
  const comparisons = join(paperRows().filter(about), withinResultRows(study));
  const stage = (level: string | null) => level ?? "all";
  const rows = comparisons.map((row) => ({
    paper: row.paper,
    model: row.model ?? "not named",
    train: `${row.train} ${stage(row.trainLevel)}`,
    test: stage(row.testLevel),
    experiment: row.experiment,
    reported: reportedText(row),
    ourBefore: row.ourBefore,
    ourAfter: row.ourAfter,
    ourDelta: row.ourDelta,
    verdict: row.verdict,
  }));
  return table(
    rows,
    [
      { key: "paper", kind: "label" },
      { key: "experiment", kind: "label" },
      { key: "model", kind: "label" },
      { key: "train", title: "RFT on", kind: "label" },
      { key: "test", kind: "label" },
      { key: "reported", title: "paper, %", kind: "label" },
      { key: "ourBefore", title: "ours, base" },
      { key: "ourAfter", title: "ours, after" },
      { key: "ourDelta", title: "ours, change", signed: true },
      { key: "verdict", title: "same direction?", kind: "label" },
    ],
    {
      caption: `${title(study)}: reported numbers and ours (${seedWords(study)})`,
      notes: [
        "Models differ by three orders of magnitude in size: directions compare, sizes do not. Empty: no source gives it.",
      ],
    },
  );
}

/** A stratum of test tasks: a level, or a value of the environment's breakdown such as "depth 3". */
export interface Stratum {
  readonly name: string;
  readonly has: (task: TaskResult) => boolean;
}

/** Easy, hard, and every value of the environment's breakdown that the test tasks have. */
export function strata({ settings, records }: WithinStudy): { levels: Stratum[]; breakdown: Stratum[] } {
  const { breakdown } = environment(settings.env);
  const levels = LEVELS.map((level) => ({ name: level, has: (task: TaskResult) => task.level === level }));
  const parts = [...new Set(records[0].tests.flatMap(({ part }) => part ?? []))].sort();
  const has = (part: string) => (task: TaskResult) => task.part === part;
  return { levels, breakdown: parts.map((part) => ({ name: `${breakdown} ${part}`, has: has(part) })) };
}

export interface Cells {
  readonly base: Cell;
  readonly regimes: { readonly [regime: string]: Cell };
}

/** Task scores of the base policy and of each regime (one row per seed) on the tasks of a stratum. */
export function cellsOf({ settings: { env }, records }: WithinStudy, stratum: Stratum): Cells {
  const name = `${env}/${stratum.name}`;
  const of = (chain: Chain) => recordCell(records, policyName(chain), name, (t) => t.env === env && stratum.has(t));
  return {
    base: of([]),
    regimes: Object.fromEntries(REGIMES.map((regime) => [regime, of(regimeChain(env, regime))])),
  };
}

/** The same with pass@k in place of avg@k: 1 for a task that some attempt solved. */
export function solvedOnce({ base, regimes }: Cells): Cells {
  const once = (of: Cell): Cell => ({ ...of, scores: of.scores.map((seed) => seed.map((score) => Number(score > 0))) });
  return { base: once(base), regimes: Object.fromEntries(Object.entries(regimes).map(([name, c]) => [name, once(c)])) };
}
