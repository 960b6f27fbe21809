/** Figures of the kinds the study draws. */
import { band, errorBars, hover, palette, type Figure } from "../../lib/figures/figure";
import type { Estimate } from "../../lib/types";

const environments = ["TextCraft", "BabyAI", "ALFWorld"];

function estimate(value: number): Estimate {
  return { value, low: value - 0.05, high: value + 0.06, n: 240, k: 8, method: "95 % t, clustered by task" };
}

function bars(name: string, values: readonly number[]) {
  const estimates = values.map(estimate);
  const hovers = { text: estimates.map((e) => hover(e)), textposition: "none", hovertemplate: "%{text}" };
  return { type: "bar", name, x: environments, y: values, error_y: errorBars(estimates), ...hovers };
}

export const barFigure: Figure = {
  title: "Success before and after RFT",
  alt: "RFT raises success in all three environments.",
  data: [bars("base policy", [0.42, 0.65, 0.31]), bars("after RFT", [0.72, 0.81, 0.55])],
  layout: { barmode: "group", yaxis: { title: { text: "success rate, avg@8" }, range: [0, 1] } },
};

export const lineFigure: Figure = {
  title: "Learning curves",
  alt: "Two rising curves with their intervals.",
  data: ["TextCraft", "BabyAI"].flatMap((name, i) =>
    band(
      [0, 50, 100],
      [0.2, 0.4, 0.5].map((y) => estimate(y + 0.2 * i)),
      name,
      palette[i],
    ),
  ),
  layout: { xaxis: { title: { text: "RFT step" } }, yaxis: { title: { text: "success rate" } } },
};

export const scatterFigure: Figure = {
  title: "Paper and ours",
  alt: "Four points near the diagonal.",
  data: [
    { type: "scatter", mode: "markers+text", x: [10, 35, 60], y: [14, 30, 66], text: ["a", "b", "c<sub>2</sub>"] },
  ],
  layout: { annotations: [{ x: 60, y: 30, text: "equal", showarrow: true, ax: 30, ay: 30 }] },
};

export const heatFigure: Figure = {
  title: "Success after each stage",
  alt: "A matrix of stages and environments, highest on the diagonal.",
  data: [
    {
      type: "heatmap",
      x: environments,
      y: ["stage 1", "stage 2", "stage 3"],
      z: [
        [0.8, 0.4, 0.3],
        [0.6, 0.7, 0.3],
        [0.5, 0.6, 0.6],
      ],
      texttemplate: "%{z:.2f}",
    },
  ],
  layout: { yaxis: { autorange: "reversed" } },
};

export const forestFigure: Figure = {
  title: "Change in success over the base policy",
  alt: "Three differences with their intervals; one crosses zero.",
  data: [
    {
      type: "scatter",
      mode: "markers",
      y: ["mixture of all environments", "sequential, last stage", "within one environment"],
      x: [0.16, -0.02, 0.12],
      error_x: errorBars([0.16, -0.02, 0.12].map(estimate)),
    },
  ],
  layout: { xaxis: { tickformat: "+.0%" }, shapes: [{ type: "line", x0: 0, x1: 0, yref: "paper", y0: 0, y1: 1 }] },
};

export const allFigures = [barFigure, lineFigure, scatterFigure, heatFigure, forestFigure];
