import type { Outcome, Trajectory } from "../../lib/types";

/** A trajectory with just what metrics look at. */
export function trajectory(
  id: string,
  attempt: number,
  outcome: Outcome,
  { reward = Number(outcome === "success"), turns = 1, tokens = 5 as number | undefined, policy = "p" } = {},
): Trajectory {
  const usage = tokens === undefined ? undefined : { input: 10, output: tokens };
  const turn = { shown: "s", reply: "r", action: "a", reward: 0, valid: true, tokens: usage };
  return {
    task: { id, env: "toy", level: "easy", split: "test", seed: 0, params: {} },
    attempt,
    policy,
    version: "0",
    turns: Array.from({ length: turns }, () => turn),
    last: "",
    reward,
    outcome,
  };
}

/** Trajectories from rows of results per task: 1 success, 0 failure, -1 error. */
export function record(rows: readonly (readonly number[])[], prefix = "toy"): Trajectory[] {
  const outcome = (x: number): Outcome => (x === 1 ? "success" : x === 0 ? "failure" : "error");
  return rows.flatMap((row, i) => row.map((x, attempt) => trajectory(`${prefix}_${i}`, attempt, outcome(x))));
}
