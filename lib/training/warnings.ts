/**
 * Warnings that a run may be collapsing: each of its measures is compared with its usual range, all from the curve.
 *
 * Usual is the mean of a measure's first 5 rows in the curve, recent the mean of its last 5; from the tenth row on the
 * recent mean is judged, so that one odd step says nothing. The limits are wide: they are meant to be silent while
 * entropy halves and success moves up and down, as in the shipped studies, and to speak when a policy falls apart.
 */
import type { SourceRecord, StepRecord, Warning } from "./step-record";

interface Rule<Row> {
  readonly measure: string;
  readonly meaning: string;
  /** The measure of a row; null where the row has none. */
  readonly of: (row: Row) => number | null;
  readonly least?: (usual: number) => number;
  readonly most?: (usual: number) => number;
}

const WINDOW = 5;

const OF_SOURCES: readonly Rule<SourceRecord>[] = [
  {
    measure: "entropy",
    meaning: "the policy hardly varies any more or has become erratic",
    of: (s) => s.entropy,
    least: (usual) => usual / 5,
    most: (usual) => 2.5 * usual,
  },
  { measure: "kl", meaning: "the policy is far from where it started", of: (s) => s.kl, most: () => 0.5 },
  { measure: "noSignal", meaning: "nearly no group teaches anything", of: (s) => s.noSignal, most: () => 0.95 },
  {
    measure: "invalid",
    meaning: "many more actions than usual cannot be carried out",
    of: (s) => s.invalid,
    most: (usual) => Math.max(0.5, usual + 0.3),
  },
  {
    measure: "tokens per turn",
    meaning: "replies have become unusually short or long",
    of: (s) => s.tokens / Math.max(1, s.turns),
    least: (usual) => usual / 3,
    most: (usual) => 3 * usual,
  },
  {
    measure: "success",
    meaning: "most of what succeeded at first fails now",
    of: (s) => s.success,
    // Of a source that hardly succeeds at first there is nothing to lose.
    least: (usual) => (usual < 0.2 ? 0 : usual / 3),
  },
];

const OF_STEPS: readonly Rule<StepRecord>[] = [
  {
    measure: "gradientNorm",
    meaning: "updates push much harder than at first",
    of: (row) => row.gradientNorm || null,
    most: (usual) => Math.max(5, 10 * usual),
  },
];

/** The warnings that hold at the last row of a curve. */
export function warningsOf(curve: readonly StepRecord[]): Warning[] {
  const last = curve[curve.length - 1];
  const ofSources = Object.keys(last?.sources ?? {}).flatMap((name) => {
    const rows = curve.flatMap(({ sources }) => (name in sources ? [sources[name]] : []));
    return OF_SOURCES.flatMap((rule) => judge(rule, rows, name));
  });
  return [...ofSources, ...OF_STEPS.flatMap((rule) => judge(rule, curve, null))];
}

function judge<Row>(rule: Rule<Row>, rows: readonly Row[], source: string | null): Warning[] {
  const values = rows.map(rule.of).filter((value) => value !== null);
  if (values.length < 2 * WINDOW) return [];
  const mean = (some: readonly number[]) => some.reduce((a, b) => a + b, 0) / some.length;
  const usual = mean(values.slice(0, WINDOW));
  const recent = mean(values.slice(-WINDOW));
  const [least, most] = [rule.least?.(usual) ?? -Infinity, rule.most?.(usual) ?? Infinity];
  if (recent >= least && recent <= most) return [];
  const limit = recent < least ? `under ${least.toPrecision(3)}` : `over ${most.toPrecision(3)}`;
  const text = `${source ? `${source}: ` : ""}${rule.measure} ${recent.toPrecision(3)} is ${limit} (at first ${usual.toPrecision(3)}): ${rule.meaning}`;
  return [{ source, measure: rule.measure, recent, usual, text }];
}
