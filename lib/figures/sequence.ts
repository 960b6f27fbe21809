/** Scores over the stages of a sequence, one line per environment. */
import { isEstimate, type Result } from "../metrics/estimates";
import { errorBars, hover, type Figure, type Trace } from "./figure";
import { mark } from "./marks";

export interface SequenceLine {
  readonly name: string;
  /** One result per point on the axis: the base, then after each stage. */
  readonly results: readonly Result[];
  /** The stage that trains this environment, counted from 1; absent for one never trained on. */
  readonly own?: number;
}

export interface SequenceOptions {
  readonly title: string;
  readonly alt: string;
  /** Names of the stages. */
  readonly stages: readonly string[];
  /** Title of the value axis. */
  readonly axis: string;
}

/**
 * Lines from the base over all stages. Vertical lines are the borders of stages; a large mark is the score at the end of
 * the environment's own stage; environments never trained on have open marks.
 */
export function sequenceLines(lines: readonly SequenceLine[], options: SequenceOptions): Figure {
  const { title, alt, stages, axis } = options;
  const data = lines.map(({ name, results, own }, n): Trace => {
    const { color, symbol, dash } = mark(n);
    const drawn = results.flatMap((result, x) => (isEstimate(result) ? [{ x, result }] : []));
    const estimates = drawn.map(({ result }) => result);
    // Side by side, so that intervals at the same stage do not hide each other.
    const shift = (n - (lines.length - 1) / 2) * 0.04;
    return {
      type: "scatter",
      mode: "lines+markers",
      name: own === undefined ? `${name} (held out)` : name,
      x: drawn.map(({ x }) => x + shift),
      y: estimates.map((e) => e.value),
      error_y: { ...errorBars(estimates), color },
      line: { color, dash, width: 2 },
      marker: {
        color,
        symbol: own === undefined ? `${symbol}-open` : symbol,
        size: drawn.map(({ x }) => (x === own ? 14 : 8)),
        opacity: 1,
      },
      customdata: estimates.map((e, i) => `${name}, ${pointName(drawn[i].x, stages)}<br>${hover(e)}`),
      hovertemplate: "%{customdata}<extra></extra>",
    };
  });
  return {
    title,
    alt,
    data,
    layout: {
      xaxis: {
        tickvals: [...stages.keys(), stages.length],
        ticktext: ["base", ...stages.map((stage, i) => `${i + 1}: ${stage}`)],
        range: [-0.3, stages.length + 0.3],
        showgrid: false,
      },
      yaxis: { title: { text: axis }, range: [0, 1] },
      shapes: stages.map((_, i) => ({
        type: "line",
        x0: i + 0.5,
        x1: i + 0.5,
        yref: "paper",
        y0: 0,
        y1: 1,
        line: { color: "#999999", width: 1, dash: "dot" },
      })),
      legend: { orientation: "h", y: -0.15 },
    },
  };
}

function pointName(x: number, stages: readonly string[]): string {
  return x === 0 ? "base" : `after ${stages[x - 1]}`;
}
