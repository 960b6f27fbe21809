/** Why an episode failed: all rules over one trajectory, and which of the labels comes first. */
import type { Trajectory } from "../types";
import { CONFIRMATION } from "./confirmation";
import { FABRICATION } from "./fabrication";
import { LOGIC } from "./logic";
import { MECHANICAL } from "./mechanical";
import { MODE_NAMES, type Mode } from "./modes";
import { readEpisode, type Evidence, type Rule } from "./rule";
import { STATE } from "./state";

/** Every rule, by family. */
export const RULES: readonly Rule[] = [...FABRICATION, ...CONFIRMATION, ...STATE, ...LOGIC, ...MECHANICAL];

const SYMPTOMS: readonly Mode[] = ["invalid action", "out of turns"];

/** A mode that applies, with the rule that says so and what triggered it, in the order of the turns. */
export interface Label {
  readonly mode: Mode;
  readonly rule: string;
  readonly evidence: readonly Evidence[];
}

export interface Diagnosis {
  /** Undefined for a success, an infrastructure error, and a failure that no rule explains. */
  readonly primary?: Mode;
  readonly labels: readonly Label[];
}

/**
 * The failure modes of a trajectory by rules. A success and an infrastructure error have none.
 *
 * The primary mode: where the agent's own last action ended the episode, the mode with evidence in that turn; otherwise
 * the mode with evidence in most turns. Ties go to the order of {@link MODE_NAMES}, causes before symptoms; refused actions
 * and being cut off are symptoms, primary only where nothing else is found.
 */
export function diagnose(trajectory: Trajectory, rules: readonly Rule[] = RULES): Diagnosis {
  if (trajectory.outcome !== "failure" && trajectory.outcome !== "truncated") return { labels: [] };
  const episode = readEpisode(trajectory);
  const labels = rules
    .filter(({ envs }) => !envs || envs.includes(trajectory.task.env))
    .map(({ id, mode, find }): Label => ({ mode, rule: id, evidence: find(episode) }))
    .filter(({ evidence }) => evidence.length > 0);
  const primary = primaryOf(labels, trajectory);
  return { labels, ...(primary && { primary }) };
}

/** The modes of a diagnosis, each once, in their order. */
export function modesOf({ labels }: Diagnosis): Mode[] {
  return MODE_NAMES.filter((mode) => labels.some((label) => label.mode === mode));
}

function primaryOf(labels: readonly Label[], { outcome, turns }: Trajectory): Mode | undefined {
  const found = MODE_NAMES.map((mode) => {
    const own = labels.filter((label) => label.mode === mode);
    return { mode, turns: new Set(own.flatMap(({ evidence }) => evidence.map(({ turn }) => turn))) };
  }).filter((one) => one.turns.size > 0);
  const last = outcome === "failure" && found.find((one) => one.turns.has(turns.length - 1));
  if (last) return last.mode;
  const explaining = found.filter(({ mode }) => !SYMPTOMS.includes(mode));
  const most = Math.max(...explaining.map((one) => one.turns.size));
  return (explaining.find((one) => one.turns.size === most) ?? found[0])?.mode;
}
