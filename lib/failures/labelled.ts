/** The hand-made trajectories with labels by meaning, against which rules and judges are measured. */
import { readFileSync } from "node:fs";
import { dataFile } from "../data";
import { environment } from "../environments";
import { notAccepted } from "../errors";
import { turnsOf, type Exchange } from "../import/turns";
import type { Outcome, TaskSpec, Trajectory } from "../types";
import { version } from "../version";
import type { Mode } from "./modes";

export const PARTS = ["development", "held-out"] as const;
export type Part = (typeof PARTS)[number];

export interface Labelled {
  readonly part: Part;
  readonly trajectory: Trajectory;
  /** The mode that explains the failure best, and all that apply; "none" and nothing for a success. */
  readonly primary: Mode | "none";
  readonly modes: readonly Mode[];
  /** Why, in a few words. */
  readonly note: string;
}

interface Row {
  readonly id: string;
  readonly part: Part;
  readonly env: string;
  readonly level: string;
  readonly params: TaskSpec["params"];
  readonly outcome: Outcome;
  readonly reward: number;
  readonly primary: Mode | "none";
  readonly modes: readonly Mode[];
  readonly note: string;
  readonly turns: readonly Exchange[];
  readonly last: string;
}

/**
 * The 70 labelled trajectories of `data/failures/labelled.jsonl`, or one part of them: 30 for making rules and prompts,
 * 40 held out for measuring them.
 */
export function labelledTrajectories(part?: Part): Labelled[] {
  if (part !== undefined && !PARTS.includes(part)) throw notAccepted("part", part, PARTS);
  const lines = readFileSync(dataFile("failures", "labelled.jsonl"), "utf8").trim().split("\n");
  const rows = lines.map((line) => JSON.parse(line) as Row);
  return rows.filter((row) => part === undefined || row.part === part).map(labelled);
}

function labelled({ id, part, env, level, params, outcome, reward, primary, modes, note, turns, last }: Row): Labelled {
  const trajectory: Trajectory = {
    task: { id, env, level, split: "test", seed: 0, params },
    attempt: 0,
    policy: "hand-made",
    version,
    turns: turnsOf(environment(env), turns, last, reward),
    last,
    reward,
    outcome,
  };
  return { part, trajectory, primary, modes, note };
}
