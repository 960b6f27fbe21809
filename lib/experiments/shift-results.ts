/**
 * Does transfer fall as environments move apart in what they mean and in how one acts? The paper says so; here it is
 * tested: rank correlation of the change on an environment not trained on with what the two environments share.
 */
import { scatterPanels } from "../figures/scatter";
import type { Figure } from "../figures/figure";
import { derive, holm, isEstimate, lift, mantel, pairedCells, spearman } from "../metrics";
import type { Result, TransferStudy } from "../metrics";
import { table } from "../table";
import type { Table } from "../table";
import { transferStudy } from "./cross-results";
import { environmentFeatures, PAIR_FEATURES, pairMatrix } from "./environment-features";
import type { EnvironmentFeatures, PairFeature } from "./environment-features";
import { pCell, seedWords, titleOf } from "./record-results";
import type { Records } from "./record-results";

/** One pair of training and test environment: what they share, and the change. */
export interface PairRow {
  readonly train: string;
  readonly test: string;
  readonly words: number;
  readonly actions: number;
  readonly listed: number;
  readonly rewards: number;
  readonly interface: number;
  /** Change in success on `test` after RFT on `train`. */
  readonly change: Result;
}

/** The environments that were both trained on alone and tested. */
function square(study: TransferStudy): string[] {
  return study.test.filter((env) => study.rows.some(({ train }) => train === env));
}

/** One row per ordered pair of different environments. */
export function pairRows(records: Records, features: readonly EnvironmentFeatures[]): PairRow[] {
  const study = transferStudy(records);
  const of = (env: string) => featureOf(features, env);
  return study.rows.flatMap(({ train, cells }) =>
    study.test.flatMap((test, j) => {
      if (train === test) return [];
      const shared = PAIR_FEATURES.map((feature) => [feature.id, feature.of(of(train), of(test))]);
      return [{ train, test, ...Object.fromEntries(shared), change: lift(cells[j], study.base[j]) } as PairRow];
    }),
  );
}

function featureOf(features: readonly EnvironmentFeatures[], env: string): EnvironmentFeatures {
  const found = features.find((f) => f.env === env);
  if (!found)
    throw new RangeError(`no features of ${env}; there are those of ${features.map((f) => f.env).join(", ")}`);
  return found;
}

export interface ShiftRow {
  readonly feature: PairFeature["id"];
  readonly title: string;
  readonly kind: PairFeature["kind"];
  /** Ordered pairs. */
  readonly pairs: number;
  /** Spearman's correlation; positive: more in common, better transfer. */
  readonly correlation: Result;
  /** Mantel's test. */
  readonly p: number;
  readonly holm: number;
}

const NOTE = "the environments as they are";

/**
 * Rank correlation of each feature with the change over all ordered pairs. The interval comes from drawing tasks and seeds
 * anew and says how well these environments were measured (what is drawn is noisier than what was measured, so it lies
 * nearer to 0); the p-value permutes the environments and says how easily so
 * few of them line up by chance. n/a for fewer than three environments.
 */
export function shiftRows(records: Records, features: readonly EnvironmentFeatures[]): ShiftRow[] {
  const study = transferStudy(records);
  const envs = square(study);
  const columns = envs.map((env) => study.test.indexOf(env));
  const rows = envs.map((env) => study.rows.find(({ train }) => train === env)!);
  const cells = [...columns.map((j) => study.base[j]), ...rows.flatMap((row) => columns.map((j) => row.cells[j]))];
  const n = envs.length;
  // Rounded, so that equal changes stay equal in rank.
  const changes = (means: readonly number[]) =>
    envs.map((_, i) => envs.map((_, j) => Number((means[(i + 1) * n + j] - means[j]).toFixed(9))));
  const found = PAIR_FEATURES.map((feature) => {
    const { id, title, kind } = feature;
    const row = { feature: id, title, kind, pairs: n * (n - 1) };
    if (n < 3) return { ...row, correlation: { na: "needs three environments trained on alone" }, p: NaN };
    const alike = pairMatrix(
      envs.map((env) => featureOf(features, env)),
      feature,
    );
    let observed: number[][] = [];
    const { rho } = derive(
      cells,
      (means) => {
        // The first call has the means themselves, the others those of drawn samples.
        if (observed.length === 0) observed = changes(means);
        const pairs = pairedCells(alike, changes(means));
        return { rho: spearman(pairs.x, pairs.y) };
      },
      { replicates: 2_000 },
      { rho: "one of the two does not vary over the pairs" },
    );
    const correlation = isEstimate(rho) ? { ...rho, method: `${rho.method}; ${NOTE}` } : rho;
    return { ...row, correlation, p: mantel(alike, observed).p };
  });
  const tested = found.filter(({ p }) => !Number.isNaN(p));
  const adjusted = holm(tested.map(({ p }) => p));
  return found.map((row) => ({ ...row, holm: Number.isNaN(row.p) ? NaN : adjusted[tested.indexOf(row)] }));
}

/** The correlations with their tests. */
export function shiftTable(records: Records, features: readonly EnvironmentFeatures[]): Table {
  const rows = shiftRows(records, features);
  return table(
    rows.map((row) => ({ ...row, p: pCell(row.p), holm: pCell(row.holm) })),
    [
      { key: "title", title: "what two environments share", kind: "label" },
      { key: "kind", kind: "label" },
      { key: "pairs", kind: "count" },
      { key: "correlation", title: "rank correlation with the change", unit: "", digits: 2, signed: true },
      { key: "p", kind: "p" },
      { key: "holm", title: "p, Holm", kind: "p" },
    ],
    {
      caption: `Transfer and what environments share (${seedWords(records)})`,
      notes: [
        "Interval: tasks and seeds drawn anew, the environments fixed. p: Mantel's test, all permutations of the environments; " +
          "with five of them it cannot be less than 1 in 120.",
      ],
    },
  );
}

/** What was measured of each environment. */
export function featureTable(features: readonly EnvironmentFeatures[]): Table {
  const rows = features.map((f) => ({
    env: titleOf(f.env),
    commands: f.actionWords.join(", "),
    words: f.observationWords.length,
    listed: f.listed.toFixed(2),
    reward: f.rewardDensity.toFixed(2),
    turns: f.turns.toFixed(1),
    characters: Math.round(f.characters),
  }));
  return table(
    rows,
    [
      { key: "env", title: "environment", kind: "label" },
      { key: "commands", title: "first words of actions", kind: "label" },
      { key: "words", title: "observation words", kind: "count" },
      { key: "listed", title: "turns whose action stands in the text", kind: "label" },
      { key: "reward", title: "steps that change the reward", kind: "label" },
      { key: "turns", kind: "label" },
      { key: "characters", title: "characters per text", kind: "count" },
    ],
    { caption: "The environments as the expert meets them on training tasks" },
  );
}

/** Scatter plots: change against each feature, one point per ordered pair. */
export function shiftFigure(records: Records, features: readonly EnvironmentFeatures[]): Figure {
  const pairs = pairRows(records, features);
  const tests = shiftRows(records, features);
  const shown = tests.filter(({ feature }) => feature !== "interface");
  return scatterPanels(
    shown.map((row) => ({
      axis: row.title,
      points: pairs.map((pair) => ({
        name: `${titleOf(pair.train)} to ${titleOf(pair.test)}: ${pair[row.feature].toFixed(2)}`,
        x: pair[row.feature],
        y: pair.change,
      })),
      words: correlationWords(row),
    })),
    {
      title: `Transfer and what environments share (${seedWords(records)})`,
      alt: `Change in success on an environment that was not trained on, against what it shares with the one trained on. ${shown.map((row) => `${row.title}: ${correlationWords(row).replace("<br>", ", ")}`).join("; ")}.`,
      axis: "change from base, points",
    },
  );
}

function correlationWords({ correlation, p }: ShiftRow): string {
  if (!isEstimate(correlation)) return "n/a";
  const [value, low, high] = [correlation.value, correlation.low, correlation.high].map((x) => x.toFixed(2));
  return `ρ = ${value}<br>[${low}, ${high}], p = ${p.toFixed(3)}`;
}

/** The features of the environments that the records were tested on. */
export function featuresFor(records: Records): Promise<EnvironmentFeatures[]> {
  return environmentFeatures(transferStudy(records).test);
}
