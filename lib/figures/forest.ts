/** Forest plot: one line per comparison, a mark and its interval; what the interval leaves open has an open mark. */
import { coversZero, isEstimate, type Result } from "../metrics/estimates";
import { errorBars, hover, type Figure, type Trace } from "./figure";
import { mark } from "./marks";

export interface ForestRow {
  /** Line of the plot; rows with the same label stand close together on it. */
  readonly label: string;
  /** Legend entry; without one there is no legend. */
  readonly series?: string;
  readonly estimate: Result;
  /** Added to the hover: a p-value. */
  readonly note?: string;
}

export interface ForestOptions {
  readonly title: string;
  readonly alt: string;
  /** Title of the value axis. */
  readonly axis: string;
  /** Factor before drawing; default 100, for points. */
  readonly scale?: number;
  /** Pixels of a line; default 26 for each series, at least 30. */
  readonly line?: number;
}

/**
 * Rows from top to bottom in order of first appearance of their labels, centred at 0. A filled mark has an interval
 * that leaves out 0, an open one covers it. What is not available is told beside its label.
 */
export function forest(rows: readonly ForestRow[], options: ForestOptions): Figure {
  const { title, alt, axis, scale = 100 } = options;
  const labels = [...new Set(rows.map((row) => row.label))];
  const series = [...new Set(rows.map((row) => row.series ?? ""))];
  const line = options.line ?? Math.max(30, 18 * series.length + 12);
  // The series of a line stand close together, so that the gap to the next line is the widest.
  const spread = series.length > 1 ? Math.min(0.2, 0.66 / (series.length - 1)) : 0;
  const place = (row: ForestRow) => {
    const nth = series.indexOf(row.series ?? "") - (series.length - 1) / 2;
    return labels.length - 1 - labels.indexOf(row.label) - spread * nth;
  };
  const data = series.map((name, i) =>
    trace(
      rows.filter((row) => (row.series ?? "") === name),
      name,
      i,
      place,
      scale,
    ),
  );
  const missing = rows.filter(({ estimate }) => !isEstimate(estimate));
  return {
    title,
    alt,
    data,
    layout: {
      height: 130 + line * labels.length,
      xaxis: { title: { text: axis }, zeroline: true, zerolinecolor: "#444444" },
      yaxis: {
        tickvals: labels.map((_, i) => labels.length - 1 - i),
        ticktext: labels,
        range: [-0.6, labels.length - 0.4],
      },
      annotations: missing.map((row) => ({
        x: 0,
        y: place(row),
        text: "n/a",
        showarrow: false,
        xanchor: "left",
        font: { size: 10, color: "#777777" },
        hovertext: "na" in row.estimate ? row.estimate.na : "",
      })),
      showlegend: series.length > 1,
      legend: { orientation: "h", x: 0, y: -60 / (line * labels.length), yanchor: "top" },
    },
  };
}

function trace(
  rows: readonly ForestRow[],
  name: string,
  nth: number,
  place: (row: ForestRow) => number,
  scale: number,
): Trace {
  const drawn = rows.flatMap((row) => (isEstimate(row.estimate) ? [{ row, estimate: row.estimate }] : []));
  const scaled = drawn.map(({ estimate }) => {
    const { value, low, high } = estimate;
    return { ...estimate, value: value * scale, low: low * scale, high: high * scale };
  });
  const { color, symbol } = mark(nth);
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: scaled.map((e) => e.value),
    y: drawn.map(({ row }) => place(row)),
    error_x: { ...errorBars(scaled), color },
    customdata: drawn.map(({ row }, i) =>
      [[name, row.label].filter(Boolean).join(", "), hover(scaled[i], scale === 1 ? 3 : 1), row.note]
        .filter(Boolean)
        .join("<br>"),
    ),
    hovertemplate: "%{customdata}<extra></extra>",
    marker: {
      color,
      size: 9,
      symbol: drawn.map(({ estimate }) => symbol + (coversZero(estimate) ? "-open" : "")),
      line: { width: 1.5 },
    },
  };
}
