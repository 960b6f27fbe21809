/** Points with a name each: what two features of pairs of environments have to do with each other. */
import { coversZero, isEstimate, type Result } from "../metrics/estimates";
import { errorBars, hover, palette, type Figure } from "./figure";

export interface Point {
  readonly name: string;
  readonly x: number;
  readonly y: Result;
}

export interface ScatterPanel {
  /** Title of the panel's x axis. */
  readonly axis: string;
  readonly points: readonly Point[];
  /** Printed above the panel: the correlation. */
  readonly words: string;
}

export interface ScatterOptions {
  readonly title: string;
  readonly alt: string;
  /** Title of the common y axis. */
  readonly axis: string;
  /** Factor before drawing y; default 100, for points. */
  readonly scale?: number;
}

/** Panels side by side over one y axis; a point whose interval covers 0 is open. */
export function scatterPanels(panels: readonly ScatterPanel[], options: ScatterOptions): Figure {
  const { title, alt, axis, scale = 100 } = options;
  const width = 1 / panels.length;
  const id = (i: number) => (i === 0 ? "" : String(i + 1));
  const data = panels.map(({ points }, i) => {
    const drawn = points.flatMap(({ y, ...point }) => (isEstimate(y) ? [{ ...point, estimate: y }] : []));
    const scaled = drawn.map(({ estimate: e }) => ({
      ...e,
      value: e.value * scale,
      low: e.low * scale,
      high: e.high * scale,
    }));
    return {
      type: "scatter",
      mode: "markers",
      x: drawn.map(({ x }) => x),
      y: scaled.map((e) => e.value),
      xaxis: `x${id(i)}`,
      yaxis: "y",
      error_y: { ...errorBars(scaled), color: "#bbbbbb" },
      customdata: drawn.map(({ name }, j) => `${name}<br>${hover(scaled[j], 1)}`),
      hovertemplate: "%{customdata}<extra></extra>",
      marker: {
        color: palette[0],
        size: 8,
        symbol: drawn.map(({ estimate }) => (coversZero(estimate) ? "circle-open" : "circle")),
      },
      showlegend: false,
    };
  });
  const axes = panels.map(({ axis: text }, i) => [
    `xaxis${id(i)}`,
    {
      title: { text, font: { size: 11 } },
      domain: [i * width, (i + 1) * width - 0.03],
      nticks: 4,
      anchor: "y",
    },
  ]);
  return {
    title,
    alt,
    data,
    layout: {
      ...Object.fromEntries(axes),
      yaxis: { title: { text: axis }, zeroline: true, zerolinecolor: "#444444" },
      annotations: panels.map(({ words }, i) => ({
        text: words,
        xref: "paper",
        yref: "paper",
        x: i * width,
        y: 1.02,
        xanchor: "left",
        yanchor: "bottom",
        showarrow: false,
        align: "left",
        font: { size: 10 },
      })),
      margin: { l: 60, r: 20, t: 90, b: 60 },
    },
  };
}
