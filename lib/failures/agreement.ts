/** How far two raters agree beyond chance: Cohen's kappa per mode and for the primary label. */
import { count, methodText, type BootstrapOptions, type Result } from "../metrics/estimates";
import { draws } from "../metrics/draws";
import { percentiles, wilson } from "../metrics/intervals";
import { table, type Table } from "../table";
import { modesOf, type Diagnosis } from "./diagnose";
import { MODE_NAMES, type Mode } from "./modes";

/** One rater's verdict on one episode. */
export interface Verdict {
  readonly primary: Mode | "none";
  readonly modes: readonly Mode[];
}

/** The rules' verdict in the form of any other rater's. */
export function verdictOf(diagnosis: Diagnosis): Verdict {
  return { primary: diagnosis.primary ?? "none", modes: modesOf(diagnosis) };
}

/**
 * Cohen's kappa of two raters' categories for the same items: (agreement - chance) / (1 - chance), where chance is what
 * their own frequencies give (Cohen 1960). Percentile bootstrap over episodes of `perEpisode` consecutive items (default
 * 1); replicates in which both raters use one category only are left out. Where all items agree, the bootstrap would have
 * no width: the share of episodes on which they might differ is bounded by Wilson's 0 of n. n/a where both raters use one
 * and the same category throughout.
 */
export function kappa(
  a: readonly string[],
  b: readonly string[],
  options: BootstrapOptions & { readonly perEpisode?: number } = {},
): Result {
  if (a.length !== b.length || a.length === 0)
    throw new RangeError(`kappa needs the same items from both raters, got ${a.length} and ${b.length}`);
  const { level = 0.95, key = "bootstrap", replicates = 10_000, perEpisode = 1 } = options;
  const names = [...new Set([...a, ...b])];
  if (names.length === 1) return { na: `both raters say "${names[0]}" of all ${count(a.length, "item")}` };
  const n = a.length / perEpisode;
  const [left, right] = [a, b].map((rater) => Int32Array.from(rater, (name) => names.indexOf(name)));
  const all = Int32Array.from({ length: a.length }, (_, i) => i);
  const { value, chance } = kappaOf(left, right, all, names.length);
  if (value === 1) {
    const low = 1 - wilson(0, n, level).high / (1 - chance);
    return { value, low: Math.max(-1, low), high: 1, n, k: 1, method: methodText(level, "Wilson bound (all agree)") };
  }
  const draw = draws(key);
  const picks = new Int32Array(n);
  const items = new Int32Array(a.length);
  const found = new Float64Array(replicates);
  for (let r = 0; r < replicates; r++) {
    draw(picks, n);
    for (let i = 0; i < items.length; i++) items[i] = picks[Math.floor(i / perEpisode)] * perEpisode + (i % perEpisode);
    found[r] = kappaOf(left, right, items, names.length).value;
  }
  return { value, ...percentiles(found, level), n, k: 1, method: methodText(level, "bootstrap over episodes") };
}

/** NaN where chance agreement is 1. */
function kappaOf(a: Int32Array, b: Int32Array, items: Int32Array, categories: number) {
  const [inA, inB] = [new Float64Array(categories), new Float64Array(categories)];
  let agreed = 0;
  for (const item of items) {
    inA[a[item]]++;
    inB[b[item]]++;
    if (a[item] === b[item]) agreed++;
  }
  const n = items.length;
  const chance = inA.reduce((sum, x, i) => sum + x * inB[i], 0) / (n * n);
  return { value: (agreed / n - chance) / (1 - chance), chance };
}

export interface Agreement {
  /** A mode, "primary label", or "all modes pooled". */
  readonly label: string;
  /** How many of the items the first and the second rater gave the label to; of primary labels: how many are not "none". */
  readonly first: number;
  readonly second: number;
  readonly both: number;
  readonly kappa: Result;
}

/**
 * Agreement of two raters on the same episodes, given in the same order: the primary label, every mode as present or
 * absent, and all modes pooled, where the decisions on an episode are drawn together.
 */
export function agreement(
  first: readonly Verdict[],
  second: readonly Verdict[],
  options: BootstrapOptions = {},
): Agreement[] {
  const row = (label: string, a: readonly string[], b: readonly string[], none: string, perEpisode = 1): Agreement => ({
    label,
    first: a.filter((name) => name !== none).length,
    second: b.filter((name) => name !== none).length,
    both: a.filter((name, i) => name !== none && name === b[i]).length,
    kappa: kappa(a, b, { key: `kappa/${label}`, ...options, perEpisode }),
  });
  const has = (verdicts: readonly Verdict[], mode: Mode) => verdicts.map(({ modes }) => String(modes.includes(mode)));
  const pooled = (verdicts: readonly Verdict[]) =>
    verdicts.flatMap(({ modes }) => MODE_NAMES.map((mode) => String(modes.includes(mode))));
  const primary = (verdicts: readonly Verdict[]) => verdicts.map((verdict) => verdict.primary);
  return [
    row("primary label", primary(first), primary(second), "none"),
    row("all modes pooled", pooled(first), pooled(second), "false", MODE_NAMES.length),
    ...MODE_NAMES.map((mode) => row(mode, has(first, mode), has(second, mode), "false")),
  ];
}

/** {@link agreement} as a table; `raters` are the names of the two columns of counts. */
export function agreementTable(
  rows: readonly Agreement[],
  {
    raters = ["labels", "rules"],
    caption,
  }: { readonly raters?: readonly [string, string]; readonly caption?: string } = {},
): Table {
  return table(
    rows,
    [
      { key: "label", kind: "label" },
      { key: "first", title: raters[0], kind: "count" },
      { key: "second", title: raters[1], kind: "count" },
      { key: "both", kind: "count" },
      { key: "kappa", title: "Cohen's kappa", unit: "", scale: 1, digits: 2 },
    ],
    { caption },
  );
}
