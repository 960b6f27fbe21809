/**
 * A figure is plain data: Plotly JSON with a title and a sentence for those who cannot see it. Functions that make
 * figures are pure, so a figure can be tested, stored, drawn in a notebook or set on paper without change.
 */
import type { Estimate } from "../types";

/** One Plotly trace; `type` is "bar", "scatter", "heatmap" or any other of Plotly's. */
export interface Trace {
  readonly type: string;
  readonly [attribute: string]: unknown;
}

export interface Figure {
  readonly title: string;
  /** What a reader should see, in a sentence or two: read aloud by screen readers, printed in a terminal. */
  readonly alt: string;
  readonly data: readonly Trace[];
  /** Plotly layout; the title and the house style are filled in beneath it. `width` and `height` are pixels. */
  readonly layout: { readonly [attribute: string]: unknown };
  readonly config?: { readonly [attribute: string]: unknown };
}

/** What Plotly draws. */
export interface PlotlyJson {
  readonly data: readonly Trace[];
  readonly layout: { readonly [attribute: string]: unknown };
  readonly config: { readonly [attribute: string]: unknown };
}

/** Eight colours that stay apart for colour-blind readers and in grey print (Okabe and Ito, 2008). */
export const palette = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#000000",
  "#f0e442",
] as const;

/** Pixels of a figure whose layout does not say. */
export const defaultSize = { width: 720, height: 420 } as const;

/** The size at which a figure is set, in CSS pixels. */
export function sizeOf(figure: Figure): { width: number; height: number } {
  const { width, height } = figure.layout;
  return {
    width: typeof width === "number" ? width : defaultSize.width,
    height: typeof height === "number" ? height : defaultSize.height,
  };
}

/** The figure as Plotly takes it: its own layout over the house style; a key the layout gives is never overruled. */
export function plotlyJson(figure: Figure): PlotlyJson {
  const axis = { automargin: true, gridcolor: "#e5e5e5", linecolor: "#888888", zeroline: false };
  const house = {
    title: { text: figure.title, x: 0, xref: "paper", xanchor: "left", font: { size: 15 } },
    height: defaultSize.height,
    font: { family: "Arial, Helvetica, sans-serif", size: 12, color: "#222222" },
    colorway: palette,
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
    margin: { l: 60, r: 20, t: 50, b: 50 },
    hoverlabel: { align: "left" },
  };
  const axes = Object.keys({ xaxis: 0, yaxis: 0, ...figure.layout }).filter((key) => /^[xy]axis\d*$/.test(key));
  const layout = {
    ...house,
    ...figure.layout,
    ...Object.fromEntries(axes.map((key) => [key, { ...axis, ...(figure.layout[key] as object | undefined) }])),
  };
  return { data: figure.data, layout, config: { displaylogo: false, ...figure.config } };
}

/**
 * What a point tells when the mouse is on it: value, interval, how many tasks and attempts, and the method.
 * `digits` are decimal places. Use as `text` or `customdata` of a trace, lines are separated by `<br>`.
 */
export function hover(estimate: Estimate, digits = 3): string {
  const [value, low, high] = [estimate.value, estimate.low, estimate.high].map((x) => x.toFixed(digits));
  return `${value} [${low}, ${high}]<br>n = ${estimate.n}, k = ${estimate.k}<br>${estimate.method}`;
}

/** Plotly error bars (`error_y`, or `error_x` of a forest plot) from the intervals of the estimates. */
export function errorBars(estimates: readonly Estimate[]) {
  return {
    type: "data",
    symmetric: false,
    array: estimates.map((e) => e.high - e.value),
    arrayminus: estimates.map((e) => e.value - e.low),
    thickness: 1.2,
    width: 4,
  } as const;
}

/** A line with its intervals as a band: two traces that are shown, hidden and coloured together. */
export function band(
  x: readonly (number | string)[],
  estimates: readonly Estimate[],
  name: string,
  color: string,
): Trace[] {
  const there = estimates.map((e) => e.high);
  const back = estimates.map((e) => e.low).reverse();
  return [
    {
      type: "scatter",
      x: [...x, ...x.slice().reverse()],
      y: [...there, ...back],
      fill: "toself",
      fillcolor: `${color}33`,
      line: { width: 0 },
      mode: "lines",
      hoverinfo: "skip",
      showlegend: false,
      legendgroup: name,
    },
    {
      type: "scatter",
      mode: "lines",
      name,
      legendgroup: name,
      x,
      y: estimates.map((e) => e.value),
      line: { color, width: 2 },
      text: estimates.map((e) => hover(e)),
      hovertemplate: "%{text}",
    },
  ];
}
