/** GRPO groups: the attempts at one task that are compared with each other. */
import type { Estimate } from "../types";
import { requireInteger } from "./estimates";
import { wilson } from "./intervals";

export interface ZeroGradient {
  /** Share of groups whose rewards are all equal: they teach nothing. */
  readonly rate: Estimate;
  /** Share of groups in which no attempt got any reward: too hard. */
  readonly solveNone: Estimate;
  /** Share of groups in which every attempt got the full reward: too easy. */
  readonly solveAll: Estimate;
}

/** Zero-gradient rates of groups x attempts rewards, with Wilson intervals over groups; `full` reward defaults to 1. */
export function zeroGradient(groups: readonly (readonly number[])[], full = 1): ZeroGradient {
  requireInteger("number of groups", groups.length);
  const share = (test: (group: readonly number[]) => boolean): Estimate => {
    const n = groups.length;
    const found = groups.filter(test).length;
    const k = Math.min(...groups.map((group) => group.length));
    return { value: found / n, ...wilson(found, n), n, k, method: "95 % Wilson over groups" };
  };
  return {
    rate: share((group) => group.every((reward) => reward === group[0])),
    solveNone: share((group) => group.every((reward) => reward === 0)),
    solveAll: share((group) => group.every((reward) => reward === full)),
  };
}
