import { describe, expect, it } from "vitest";
import { generator } from "../../lib/random";
import type { SourceRecord, StepRecord } from "../../lib/training/step-record";
import { warningsOf } from "../../lib/training/warnings";

/** A healthy curve of two sources: entropy halves, success and KL rise, everything varies from step to step. */
function curve(
  change: (step: number) => Partial<SourceRecord> = () => ({}),
  gradientNorm: (step: number) => number = () => 0.3,
) {
  const random = generator("warnings");
  return Array.from({ length: 40 }, (_, step): StepRecord => {
    const noisy = (value: number) => value * (0.7 + 0.6 * random.next());
    const source = (): SourceRecord => ({
      episodes: 32,
      reward: 0.4,
      success: noisy(0.3 + step / 100),
      turns: 8,
      tokens: noisy(160),
      invalid: noisy(0.4),
      truncated: 0.4,
      noSignal: random.pick([0.25, 0.5, 0.75, 1]),
      entropy: noisy(0.24 - step / 400),
      kl: noisy(step / 400),
    });
    const sources = { "textcraft/easy": source(), "textcraft/hard": { ...source(), ...change(step) } };
    const rest = { stage: 0, learningRate: 4e-4, kl: 0.01, clipped: 0, groups: [], warnings: [] };
    return { ...rest, step, sources, gradientNorm: noisy(gradientNorm(step)) };
  });
}

const measures = (rows: readonly StepRecord[]) => warningsOf(rows).map(({ source, measure }) => `${source} ${measure}`);

describe("warnings of a run", () => {
  it("are silent at every step of a healthy curve", () => {
    const healthy = curve();
    healthy.forEach((_, step) => expect(warningsOf(healthy.slice(0, step + 1))).toEqual([]));
  });

  it.each<[string, Partial<SourceRecord>]>([
    ["entropy", { entropy: 0.01 }],
    ["entropy", { entropy: 1.4 }],
    ["kl", { kl: 0.9 }],
    ["noSignal", { noSignal: 1 }],
    ["invalid", { invalid: 0.95 }],
    ["tokens per turn", { tokens: 12 }],
    ["tokens per turn", { tokens: 700 }],
    ["success", { success: 0.02 }],
  ])("name %s when it collapses to %j, for the source where it does, within five steps", (measure, collapsed) => {
    const rows = curve((step) => (step >= 20 ? collapsed : {}));
    expect(measures(rows.slice(0, 20))).toEqual([]);
    expect(measures(rows.slice(0, 25))).toEqual([`textcraft/hard ${measure}`]);
    expect(warningsOf(rows)[0].text).toMatch(
      new RegExp(`^textcraft/hard: ${measure} \\S+ is (under|over) \\S+ \\(at first`),
    );
  });

  it("name the gradient norm when it explodes", () => {
    const rows = curve(undefined, (step) => (step < 20 ? 0.3 : 30));
    expect(measures(rows)).toEqual(["null gradientNorm"]);
  });

  it("say nothing about one odd step, about a success there never was, or before there is something to compare", () => {
    const odd = curve((step) => (step === 20 ? { entropy: 0.01, invalid: 0.9, success: 0 } : {}));
    odd.forEach((_, step) => expect(warningsOf(odd.slice(0, step + 1))).toEqual([]));
    expect(warningsOf(curve(() => ({ success: 0 })))).toEqual([]);
    expect(warningsOf(curve(() => ({ noSignal: 1 })).slice(0, 9))).toEqual([]);
    expect(warningsOf([])).toEqual([]);
  });
});
