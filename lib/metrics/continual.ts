/**
 * Continual learning as functions of one matrix.
 *
 * R has a row per stage and a column per environment. Row 0 is the base model, row i the policy after stage i; column
 * j - 1 is the environment that stage j trains (put the columns in the order of training), further columns are
 * environments never trained on: pure held-out, left out of every transfer and forgetting average. T is the number of
 * stages. Scores lie in [0, 1]. Metrics that need two stages are NaN for one.
 */
import type { Matrix } from "./bootstrap";
import { derive, type Cell } from "./cells";
import { mean, type BootstrapOptions, type Result } from "./estimates";

/** Final average: mean over trained environments of R[T][j] (GEM, arXiv:1706.08840). */
export function acc(R: Matrix): number {
  const last = R[stages(R)];
  return over(stages(R), (j) => last[j]);
}

/** Backward transfer: mean over j < T of R[T][j] - R[j][j] (GEM, arXiv:1706.08840); negative is forgetting. */
export function bwt(R: Matrix): number {
  const T = stages(R);
  return over(T - 1, (j) => R[T][j] - R[j + 1][j]);
}

/** Forward transfer: mean over j >= 2 of R[j - 1][j] - R[0][j], gain before the own stage (GEM, arXiv:1706.08840). */
export function fwt(R: Matrix): number {
  return over(stages(R) - 1, (i) => R[i + 1][i + 1] - R[0][i + 1]);
}

/**
 * Forgetting: mean over j < T of max over stages l < T of R[l][j], less R[T][j] (Chaudhry et al. 2018,
 * arXiv:1801.10112). Never less than -BWT; greater when a stage after the own one had still helped.
 */
export function forgetting(R: Matrix): number {
  const T = stages(R);
  return over(T - 1, (j) => Math.max(...R.slice(1, T).map((row) => row[j])) - R[T][j]);
}

/**
 * Intransigence per environment: reference[j] - R[j][j] (Chaudhry et al. 2018). The reference is a jointly trained
 * model, or one trained on j alone: say which.
 */
export function intransigence(R: Matrix, reference: readonly number[]): number[] {
  return trained(R).map((j) => reference[j] - R[j + 1][j]);
}

export interface DiazRodriguez {
  readonly accuracy: number;
  readonly bwt: number;
  readonly fwt: number;
  /** Remembering: 1 - |min(BWT, 0)|. */
  readonly rem: number;
}

/** The averages over all stages of Diaz-Rodriguez et al. 2018 (arXiv:1810.13166); FWT is a raw score, not a gain. */
export function diazRodriguez(R: Matrix): DiazRodriguez {
  const cells = trained(R).flatMap((i) => trained(R).map((j) => ({ i, j, score: R[i + 1][j], own: R[j + 1][j] })));
  const average = (values: readonly number[]) => over(values.length, (i) => values[i]);
  const backward = average(cells.filter(({ i, j }) => i > j).map(({ score, own }) => score - own));
  return {
    accuracy: average(cells.filter(({ i, j }) => i >= j).map(({ score }) => score)),
    bwt: backward,
    fwt: average(cells.filter(({ i, j }) => i < j).map(({ score }) => score)),
    rem: 1 - Math.abs(Math.min(backward, 0)),
  };
}

/** Continual World's forgetting per environment: score at the end of the own stage - at the very end (arXiv:2105.10919). */
export function continualWorldForgetting(R: Matrix): number[] {
  const T = stages(R);
  return trained(R).map((j) => R[j + 1][j] - R[T][j]);
}

/**
 * Continual World's forward transfer of one environment, (AUC - AUC alone) / (1 - AUC alone), from the normalised areas
 * under the success curves of its own stage and of training on it alone (arXiv:2105.10919). NaN if alone is perfect.
 */
export function continualWorldTransfer(auc: number, aucAlone: number): number {
  return aucAlone === 1 ? NaN : (auc - aucAlone) / (1 - aucAlone);
}

export interface CoraCells {
  /** [stage - 1][environment]: what this stage lost of an environment trained before; null elsewhere. */
  readonly forgetting: readonly (readonly (number | null)[])[];
  /** [stage - 1][environment]: what this stage gave to an environment not yet trained; null elsewhere. */
  readonly transfer: readonly (readonly (number | null)[])[];
}

/**
 * CORA's isolated forgetting and zero-shot forward transfer per stage and environment (arXiv:2110.10067): the change
 * over one stage, divided by the environment's greatest |score| (null where that is 0).
 */
export function cora(R: Matrix): CoraCells {
  const T = stages(R);
  const greatest = R[0].map((_, j) => Math.max(...R.map((row) => Math.abs(row[j]))));
  const change = (stage: number, j: number) =>
    greatest[j] === 0 ? null : (R[stage][j] - R[stage - 1][j]) / greatest[j];
  const perStage = (value: (stage: number, j: number) => number | null) =>
    Array.from({ length: T }, (_, s) => R[0].map((_, j) => value(s + 1, j)));
  return {
    forgetting: perStage((stage, j) => {
      const delta = j + 1 < stage ? change(stage, j) : null;
      return delta === null ? null : 0 - delta;
    }),
    transfer: perStage((stage, j) => (j + 1 > stage ? change(stage, j) : null)),
  };
}

/**
 * Backward transfer as a share of the score after the own stage (arXiv:2603.03818): mean over j < T of
 * (R[T][j] - R[j][j]) / R[j][j]. Takes away that better policies have more to lose; NaN if some R[j][j] is 0.
 */
export function normalisedBwt(R: Matrix): number {
  const T = stages(R);
  return over(T - 1, (j) => (R[j + 1][j] === 0 ? NaN : (R[T][j] - R[j + 1][j]) / R[j + 1][j]));
}

/** Mean final gain over the base model on the environments never trained on; NaN if there are none. */
export function heldOutGain(R: Matrix): number {
  const T = stages(R);
  const rest = R[0].map((_, j) => j).slice(T);
  return over(rest.length, (i) => R[T][rest[i]] - R[0][rest[i]]);
}

export interface Continual {
  readonly acc: number;
  readonly bwt: number;
  readonly fwt: number;
  readonly forgetting: number;
  readonly normalisedBwt: number;
  readonly remembering: number;
  readonly heldOutGain: number;
  /** Mean over environments; NaN without a reference. */
  readonly intransigence: number;
  /** Mean final score of the joint model on the trained environments less ACC; NaN without a reference. */
  readonly jointGap: number;
}

/** All one-number summaries of R (row 0 = base); `joint[j]`: score of a model trained on all environments at once. */
export function continual(R: Matrix, joint?: readonly number[]): Continual {
  return {
    acc: acc(R),
    bwt: bwt(R),
    fwt: fwt(R),
    forgetting: forgetting(R),
    normalisedBwt: normalisedBwt(R),
    remembering: diazRodriguez(R).rem,
    heldOutGain: heldOutGain(R),
    intransigence: joint ? mean(intransigence(R, joint)) : NaN,
    jointGap: joint ? over(stages(R), (j) => joint[j]) - acc(R) : NaN,
  };
}

const oneStage = "needs at least two stages";

/** {@link continual} with intervals, from cells in place of scores: seeds and tasks are drawn anew. */
export function continualEstimates(
  R: readonly (readonly Cell[])[],
  joint?: readonly Cell[],
  options: BootstrapOptions = {},
): Record<keyof Continual, Result> {
  const width = R[0]?.length ?? 0;
  const rows = joint ? [...R, joint] : R;
  if (width === 0 || rows.some((row) => row.length !== width))
    throw new RangeError(`every row of R needs the same environments, got rows of ${rows.map((row) => row.length)}`);
  const summarise = (means: readonly number[]) => {
    const matrix = rows.map((_, i) => means.slice(i * width, (i + 1) * width));
    return continual(matrix.slice(0, R.length), joint && matrix[R.length]);
  };
  return derive(rows.flat(), (means): Record<keyof Continual, number> => ({ ...summarise(means) }), options, {
    ...(R.length > 2 ? {} : { bwt: oneStage, fwt: oneStage, forgetting: oneStage, remembering: oneStage }),
    normalisedBwt: R.length > 2 ? "an environment was at 0 after its own stage" : oneStage,
    heldOutGain: "every environment was trained on",
    intransigence: "needs a joint model",
    jointGap: "needs a joint model",
  });
}

/** The number of stages; throws unless R is a full matrix with a base row and a column per stage. */
function stages(R: Matrix): number {
  const T = R.length - 1;
  if (T < 1 || R.some((row) => row.length !== R[0].length) || R[0].length < T)
    throw new RangeError(
      "R needs a base row, a row per stage and a column per trained environment, " +
        `got ${R.length} rows of ${R.map((row) => row.length).join(", ")} columns`,
    );
  return T;
}

function trained(R: Matrix): number[] {
  return Array.from({ length: stages(R) }, (_, j) => j);
}

/** Mean of value(0) ... value(n - 1); NaN for n = 0. */
function over(n: number, value: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += value(i);
  return sum / n;
}
