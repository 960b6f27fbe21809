/** How training went: success of the training episodes, step by step. */
import type { Figure, Trace } from "../figures/figure";
import { mark } from "../figures/marks";
import { mean } from "../metrics";
import type { StepRecord } from "../training/step-record";
import { policyTitle, seedWords } from "./record-results";
import type { Records } from "./record-results";

const SMOOTHING = 5;

/** Success over all training episodes of a step. */
export function stepSuccess({ sources }: StepRecord): number {
  const all = Object.values(sources);
  const episodes = all.reduce((sum, s) => sum + s.episodes, 0);
  return all.reduce((sum, s) => sum + s.success * s.episodes, 0) / episodes;
}

/**
 * Curves of the policies' last stages: thin as measured, thick as a running mean of five steps; one line per seed. The
 * policies train on different tasks, so the heights of two curves do not compare.
 */
export function learningFigure(
  records: Records,
  policies: readonly string[],
  names: readonly string[] = policies,
): Figure {
  const data = policies.flatMap((policy, i) =>
    records
      .filter(({ name, stages }) => name === policy && stages.length > 0)
      .flatMap(({ stages }, nth): Trace[] => {
        const { curve } = stages[stages.length - 1];
        const x = curve.map((row) => row.step + 1);
        const y = curve.map(stepSuccess);
        const smooth = y.map((_, t) => mean(y.slice(Math.max(0, t - SMOOTHING + 1), t + 1)));
        const common = { type: "scatter", mode: "lines", x, legendgroup: policy } as const;
        const { color, dash } = mark(i);
        return [
          { ...common, y, line: { color, dash, width: 0.7 }, opacity: 0.5, showlegend: false, hoverinfo: "skip" },
          { ...common, y: smooth, line: { color, dash, width: 2.5 }, name: names[i], showlegend: nth === 0 },
        ];
      }),
  );
  return {
    title: `Success while training (${seedWords(records)})`,
    alt: `Success of the training episodes by step, for RFT on ${names.map(policyTitle).join("; ")}. The tasks differ, so heights do not compare.`,
    data,
    layout: {
      xaxis: { title: { text: "GRPO step of the last stage" } },
      yaxis: { title: { text: "success of training episodes" }, range: [0, 1] },
      legend: { orientation: "h", y: -0.2 },
    },
  };
}
