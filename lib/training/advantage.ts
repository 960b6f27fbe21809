/** From the rewards of a step's episodes, group by group, to advantages. */
import { notAccepted } from "../errors";

/**
 * - `grpo`: (r − mean) / deviation of the group (DeepSeekMath, arXiv:2402.03300).
 * - `dr-grpo`: r − mean, without the division that favours very easy and very hard tasks (arXiv:2503.20783).
 * - `rloo`: r − mean of the others in the group (arXiv:2402.14740).
 * - `reinforce++`: (r − mean) / deviation of all episodes of the step; a group may be a single attempt
 *   (arXiv:2501.03262).
 * - `reinforce++-baseline`: r − mean of the group, then divided by the deviation of all episodes of the step
 *   (the same paper's variant for groups).
 */
export type Estimator = "grpo" | "dr-grpo" | "rloo" | "reinforce++" | "reinforce++-baseline";
export const ESTIMATORS: readonly Estimator[] = ["grpo", "dr-grpo", "rloo", "reinforce++", "reinforce++-baseline"];

export interface AdvantageOptions {
  /** Default "grpo". */
  readonly estimator?: Estimator;
  /**
   * Deviation for "grpo": "sample" divides squares by n − 1 as verl and TRL do (default), "population" by n as the
   * paper's formula reads.
   */
  readonly deviation?: "sample" | "population";
}

/**
 * Advantages of the episodes of a step, `rewards[group][attempt]`. `counts`, of the same shape, says how often an
 * episode counts in the mean and deviation of the whole step; default once each. verl counts it once per written token.
 */
export function stepAdvantages(
  rewards: readonly (readonly number[])[],
  options: AdvantageOptions = {},
  counts: readonly (readonly number[])[] = rewards.map((group) => group.map(() => 1)),
): number[][] {
  if (options.estimator === "reinforce++") return whiten(rewards, counts);
  if (options.estimator === "reinforce++-baseline") {
    const centred = rewards.map((group) => groupAdvantages(group, { estimator: "dr-grpo" }));
    return whiten(centred, counts);
  }
  return rewards.map((group) => groupAdvantages(group, options));
}

/**
 * Advantages of one group by an estimator that looks at the group alone; all zero when the rewards are equal. The
 * 1e-6 beside the deviation is verl's.
 */
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
  if (estimator !== "grpo") throw notAccepted("estimator of one group", estimator, ["grpo", "dr-grpo", "rloo"]);
  const squares = rewards.reduce((sum, r) => sum + (r - mean) ** 2, 0);
  const spread = Math.sqrt(squares / (deviation === "sample" ? n - 1 : n));
  return rewards.map((r) => (r - mean) / (spread + (deviation === "sample" ? 1e-6 : 0)));
}

/** (v − mean) / √(variance + 1e-8) over everything, the variance with n − 1, as verl whitens advantages. */
function whiten(values: readonly (readonly number[])[], counts: readonly (readonly number[])[]): number[][] {
  const flat = values.flat();
  if (flat.every((v) => v === flat[0])) return values.map((group) => group.map(() => 0));
  const weights = counts.flat();
  const n = weights.reduce((a, b) => a + b, 0);
  const mean = flat.reduce((sum, v, i) => sum + weights[i] * v, 0) / n;
  const squares = flat.reduce((sum, v, i) => sum + weights[i] * (v - mean) ** 2, 0);
  const spread = Math.sqrt(squares / (n - 1) + 1e-8);
  return values.map((group) => group.map((v) => (v - mean) / spread));
}
