/** Rank correlation, and a test for it where the points are pairs of a few things. */

/** Ranks from 1, equal values sharing the mean of theirs. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  const found = new Array<number>(values.length);
  for (let first = 0; first < order.length;) {
    let end = first + 1;
    while (end < order.length && values[order[end]] === values[order[first]]) end++;
    for (let i = first; i < end; i++) found[order[i]] = (first + 1 + end) / 2;
    first = end;
  }
  return found;
}

/** Spearman's rank correlation: Pearson's of the ranks. NaN where one side does not vary or there are under 2 points. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  if (x.length !== y.length) throw new RangeError(`spearman needs pairs, got ${x.length} and ${y.length} values`);
  const [a, b] = [ranks(x), ranks(y)];
  const center = (x.length + 1) / 2;
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - center) * (b[i] - center);
    aa += (a[i] - center) ** 2;
    bb += (b[i] - center) ** 2;
  }
  return aa === 0 || bb === 0 ? NaN : ab / Math.sqrt(aa * bb);
}

/** A square matrix over the same things in rows and columns; the diagonal is not looked at, nor are NaN cells. */
export type PairMatrix = readonly (readonly number[])[];

/** The off-diagonal cells of two matrices that both have, side by side. */
export function pairedCells(x: PairMatrix, y: PairMatrix): { readonly x: number[]; readonly y: number[] } {
  const cells = x.flatMap((row, i) => row.map((value, j) => ({ i, j, value, other: y[i][j] })));
  const kept = cells.filter(({ i, j, value, other }) => i !== j && !Number.isNaN(value) && !Number.isNaN(other));
  return { x: kept.map((c) => c.value), y: kept.map((c) => c.other) };
}

export interface MantelResult {
  /** Spearman's correlation over the off-diagonal cells. */
  readonly rho: number;
  /** Two-sided. */
  readonly p: number;
  readonly method: string;
}

/**
 * Mantel's test (1967) with Spearman's correlation. Cells of a matrix over pairs are not independent, since each thing
 * is in a row and a column of them: so the things are permuted, rows and columns of `x` together. All n! permutations
 * are tried; throws for more than 8 things.
 */
export function mantel(x: PairMatrix, y: PairMatrix): MantelResult {
  const n = x.length;
  if (n > 8) throw new RangeError(`mantel tries all permutations of at most 8 things, got ${n}`);
  const correlation = (order: readonly number[]) => {
    const permuted = order.map((i) => order.map((j) => x[i][j]));
    const cells = pairedCells(permuted, y);
    return spearman(cells.x, cells.y);
  };
  const rho = correlation(x.map((_, i) => i));
  const found = permutations(n).map(correlation);
  const extreme = found.filter((r) => !(Math.abs(r) < Math.abs(rho) - 1e-9)).length;
  const p = Number.isNaN(rho) ? NaN : extreme / found.length;
  return { rho, p, method: `Mantel, all ${found.length} permutations of ${n} environments` };
}

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
  );
}
