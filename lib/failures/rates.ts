/** How often each failure mode occurs, by environment and group (before and after RFT, agents), with intervals. */
import { environment } from "../environments";
import { notAccepted } from "../errors";
import { errorBars, hover, palette, type Figure, type Trace } from "../figures/figure";
import { attempts, taskMeans } from "../metrics/attempts";
import type { Result } from "../metrics/estimates";
import { meanEstimate } from "../metrics/intervals";
import { pairedDifference } from "../metrics/paired";
import { table, type Table } from "../table";
import type { Estimate, Trajectory } from "../types";
import { diagnose, modesOf, type Diagnosis } from "./diagnose";
import { MODE_NAMES, type Mode } from "./modes";

/** Trajectories by the name of their group: `{ base: [...], "after RFT": [...] }`. One policy to a group. */
export interface FailureGroups {
  readonly [group: string]: readonly Trajectory[];
}

export interface RateOptions {
  /**
   * What the rate is a share of: all `episodes` (default), or the `failures`. Fewer failures make room for nothing in the
   * first; the second tells how failures are made up, and leaves out tasks without one.
   */
  readonly of?: "episodes" | "failures";
  /** `all` labels (default; an episode may have several, so rates do not add up), or the `primary` one. */
  readonly labels?: "all" | "primary";
  /** Default: every mode that occurs. */
  readonly modes?: readonly Mode[];
}

export interface FailureRate {
  readonly env: string;
  readonly mode: Mode;
  readonly group: string;
  readonly rate: Result;
}

/** One row per environment, mode and group; intervals clustered by task as in avg@k. Infrastructure errors are left out. */
export function failureRates(groups: FailureGroups, options: RateOptions = {}): FailureRate[] {
  const study = new Study(groups, options);
  return study.cells.flatMap(({ env, mode }) =>
    study.names.map((group) => ({ env, mode, group, rate: study.rate(group, env, mode) })),
  );
}

/**
 * Rates of failure modes as a table: a column per group and, for exactly two groups, the change paired by task (second
 * minus first).
 */
export function failureTable(groups: FailureGroups, options: RateOptions = {}): Table {
  const study = new Study(groups, options);
  const { names } = study;
  const rows = study.cells.map(({ env, mode }) => ({
    environment: environment(env).title,
    mode,
    ...Object.fromEntries(names.map((group, i) => [`group${i}`, study.rate(group, env, mode)])),
    ...(names.length === 2 && { change: study.change(env, mode) }),
  }));
  return table<Record<string, unknown>>(
    rows,
    [
      { key: "environment", kind: "label" },
      { key: "mode", title: "failure mode", kind: "label" },
      ...names.map((group, i) => ({ key: `group${i}`, title: group })),
      ...(names.length === 2 ? [{ key: "change", signed: true }] : []),
    ],
    {
      caption: caption(options),
      notes: ["Labels by rules; rules err, see their agreement with labels by meaning (data/failures)."],
    },
  );
}

const PATTERNS = ["", "/", "x", "."];

/** Bars of the same rates, one panel per environment, one bar per group, with 95 % intervals. */
export function failureFigure(groups: FailureGroups, options: RateOptions = {}): Figure {
  const study = new Study(groups, options);
  const { names, cells } = study;
  const envs = [...new Set(cells.map(({ env }) => env))];
  const modes = MODE_NAMES.filter((mode) => cells.some((cell) => cell.mode === mode));
  const data = envs.flatMap((env, panel) =>
    names.map((group, i): Trace => {
      const known = modes.flatMap((mode) => {
        const rate = study.rate(group, env, mode);
        return "na" in rate ? [] : [{ mode, rate }];
      });
      const estimates: Estimate[] = known.map(({ rate }) => rate);
      return {
        type: "bar",
        name: group,
        legendgroup: group,
        showlegend: panel === 0,
        x: known.map(({ mode }) => mode),
        y: estimates.map(({ value }) => value),
        error_y: errorBars(estimates),
        customdata: estimates.map((estimate) => hover(estimate)),
        hovertemplate: "%{fullData.name}, %{x}<br>%{customdata}<extra></extra>",
        marker: {
          color: i === 0 ? "#bbbbbb" : palette[(i - 1) % palette.length],
          pattern: { shape: PATTERNS[i % 4], solidity: 0.25 },
        },
        ...(panel > 0 && { xaxis: `x${panel + 1}`, yaxis: `y${panel + 1}` }),
      };
    }),
  );
  const axes = envs.flatMap((env, panel) => {
    const n = panel === 0 ? "" : String(panel + 1);
    const last = panel === envs.length - 1;
    return [
      [`xaxis${n}`, { categoryorder: "array", categoryarray: modes, showticklabels: last, anchor: `y${n}` }],
      [`yaxis${n}`, { title: { text: environment(env).title }, range: [0, 1], tickformat: ".0%", anchor: `x${n}` }],
    ];
  });
  return {
    title: caption(options),
    alt: `Share of each failure mode in ${envs.join(", ")} for ${names.join(" and ")}, with 95 % intervals.`,
    data,
    layout: {
      barmode: "group",
      grid: { rows: envs.length, columns: 1, pattern: "independent", ygap: 0.12 },
      height: 200 + 160 * envs.length,
      legend: { orientation: "h", y: 1.02, yanchor: "bottom" },
      margin: { t: 90 },
      ...Object.fromEntries(axes),
    },
  };
}

function caption({ of = "episodes", labels = "all" }: RateOptions): string {
  return `${labels === "all" ? "Failure modes" : "Primary failure modes"}, share of ${of === "episodes" ? "all episodes" : "failed episodes"}`;
}

/** The diagnoses of all trajectories, made once, and what is asked of them. */
class Study {
  readonly names: readonly string[];
  readonly cells: readonly { readonly env: string; readonly mode: Mode }[];
  private readonly diagnoses = new Map<Trajectory, Diagnosis>();

  constructor(
    private readonly groups: FailureGroups,
    private readonly options: RateOptions,
  ) {
    const { of = "episodes", labels = "all", modes } = options;
    if (of !== "episodes" && of !== "failures") throw notAccepted("of", of, ["episodes", "failures"]);
    if (labels !== "all" && labels !== "primary") throw notAccepted("labels", labels, ["all", "primary"]);
    for (const mode of modes ?? []) if (!MODE_NAMES.includes(mode)) throw notAccepted("mode", mode, MODE_NAMES);
    this.names = Object.keys(groups);
    const all = Object.values(groups).flat();
    for (const trajectory of all) this.diagnoses.set(trajectory, diagnose(trajectory));
    const envs = [...new Set(all.map(({ task }) => task.env))];
    const occurs = (env: string, mode: Mode) => all.some((t) => t.task.env === env && this.has(t, mode));
    this.cells = envs.flatMap((env) =>
      MODE_NAMES.filter((mode) => (modes ? modes.includes(mode) : occurs(env, mode))).map((mode) => ({ env, mode })),
    );
  }

  rate(group: string, env: string, mode: Mode): Result {
    const { scores } = this.attempts(group, env, mode);
    if (scores.length === 0) return { na: this.options.of === "failures" ? "no failure" : "no episode" };
    const k = Math.min(...scores.map((task) => task.length));
    return meanEstimate(taskMeans(scores), { k, range: [0, 1], kind: "t, clustered by task" });
  }

  /** Second group minus first on the tasks that both have. */
  change(env: string, mode: Mode): Result {
    const [before, after] = this.names.map((group) => this.attempts(group, env, mode));
    const shared = before.tasks.flatMap((task, i) => {
      const j = after.tasks.indexOf(task);
      return j < 0 ? [] : [{ before: before.scores[i], after: after.scores[j] }];
    });
    if (shared.length === 0) return { na: "no task in both groups" };
    return pairedDifference(
      shared.map((task) => task.before),
      shared.map((task) => task.after),
    );
  }

  private attempts(group: string, env: string, mode: Mode) {
    const counted = this.groups[group].filter(
      ({ task, outcome }) => task.env === env && (this.options.of !== "failures" || outcome !== "success"),
    );
    return attempts(counted, (trajectory) => Number(this.has(trajectory, mode)));
  }

  private has(trajectory: Trajectory, mode: Mode): boolean {
    const diagnosis = this.diagnoses.get(trajectory)!;
    return this.options.labels === "primary" ? diagnosis.primary === mode : modesOf(diagnosis).includes(mode);
  }
}
