/**
 * Experiment 2: generalization across environments.
 *
 * The base is RFT'd on each environment alone, on easy and hard tasks at once, and every policy is tested on all of them.
 */
import type { Chain } from "./stages";

/** One policy per environment; the same as experiment 1's "mixed". */
export function crossChains(envs: readonly string[]): Chain[] {
  return envs.map((env) => [{ envs: [env] }]);
}
