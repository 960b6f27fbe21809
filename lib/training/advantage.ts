/** From the rewards of a group of attempts at one task to advantages. */

/**
 * - `grpo`: (r − mean) / deviation (DeepSeekMath, arXiv:2402.03300).
 * - `dr-grpo`: r − mean, without the division that favours very easy and very hard tasks (arXiv:2503.20783).
 * - `rloo`: r − mean of the others (arXiv:2402.14740).
 */
export type Estimator = "grpo" | "dr-grpo" | "rloo";
export const ESTIMATORS: readonly Estimator[] = ["grpo", "dr-grpo", "rloo"];

export interface AdvantageOptions {
  /** Default "grpo". */
  readonly estimator?: Estimator;
  /**
   * Deviation for "grpo": "sample" divides squares by n − 1 as verl and TRL do (default), "population" by n as the
   * paper's formula reads.
   */
  readonly deviation?: "sample" | "population";
}

/** Advantages of one group; all zero when the rewards are equal. The 1e-6 beside the deviation is verl's. */
export function groupAdvantages(
  rewards: readonly number[],
  { estimator = "grpo", deviation = "sample" }: AdvantageOptions = {},
): number[] {
  const n = rewards.length;
  if (n < 2) throw new RangeError(`a group needs at least 2 attempts, got ${n}`);
  const mean = rewards.reduce((a, b) => a + b, 0) / n;
  if (rewards.every((r) => r === rewards[0])) return rewards.map(() => 0);
  if (estimator === "dr-grpo") return rewards.map((r) => r - mean);
  if (estimator === "rloo") return rewards.map((r) => ((r - mean) * n) / (n - 1));
  const squares = rewards.reduce((sum, r) => sum + (r - mean) ** 2, 0);
  const spread = Math.sqrt(squares / (deviation === "sample" ? n - 1 : n));
  return rewards.map((r) => (r - mean) / (spread + (deviation === "sample" ? 1e-6 : 0)));
}
