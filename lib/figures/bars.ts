/** Grouped bars with intervals: success by test difficulty and training. */
import { isEstimate, type Result } from "../metrics/estimates";
import { errorBars, hover, type Figure } from "./figure";
import { baseMark, mark } from "./marks";

export interface Bar {
  /** Legend entry; bars of the same series have one colour and pattern. */
  readonly series: string;
  /** Label on the axis. */
  readonly group: string;
  /** A bar that is not available is left out. */
  readonly estimate: Result;
}

export interface BarOptions {
  readonly title: string;
  readonly alt: string;
  /** Title of the value axis. */
  readonly axis: string;
  /** Range of the value axis; default from the data. */
  readonly range?: readonly [number, number];
  /** The series drawn in grey. Default "base". */
  readonly base?: string;
  /** Decimals on hover; default 3. */
  readonly digits?: number;
}

/** One bar per row, grouped by `group`, coloured and hatched by `series`, both in order of first appearance. */
export function groupedBars(rows: readonly Bar[], options: BarOptions): Figure {
  const { title, alt, axis, range, base = "base", digits } = options;
  const series = [...new Set(rows.map((row) => row.series))];
  const trained = series.filter((name) => name !== base);
  const data = series.map((name) => {
    const own = rows.flatMap(({ series: of, group, estimate }) =>
      of === name && isEstimate(estimate) ? [{ group, estimate }] : [],
    );
    const { color, pattern } = name === base ? baseMark : mark(trained.indexOf(name));
    const estimates = own.map(({ estimate }) => estimate);
    return {
      type: "bar",
      name,
      x: own.map(({ group }) => group),
      y: estimates.map((e) => e.value),
      error_y: errorBars(estimates),
      customdata: estimates.map((e) => hover(e, digits)),
      hovertemplate: "%{fullData.name}, %{x}<br>%{customdata}<extra></extra>",
      marker: { color, pattern: { shape: pattern, solidity: 0.25 }, line: { color: "#444444", width: 0.5 } },
    };
  });
  const groups = [...new Set(rows.map((row) => row.group))];
  return {
    title,
    alt,
    data,
    layout: {
      barmode: "group",
      xaxis: { categoryorder: "array", categoryarray: groups },
      yaxis: { title: { text: axis }, rangemode: "tozero", ...(range && { range: [...range] }) },
      legend: { orientation: "h", y: -0.15 },
    },
  };
}
