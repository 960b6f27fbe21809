/** What a training step leaves in the curve: one row that a person and a figure can read. */
import type { TrainingEpisode } from "./episodes";
import type { GroupRecord } from "./tasks";

export interface UpdateRecord {
  readonly learningRate: number;
  /** Euclidean norm of the gradient before clipping. */
  readonly gradientNorm: number;
  /** Mean k3 estimate of KL(policy ‖ reference) per token of the episodes that count, in nats; null without reference. */
  readonly kl: number | null;
  /** Share of tokens whose ratio to the sampling policy left the clip range. */
  readonly clipped: number;
}

/** Means over the episodes of a source (`textcraft/easy`). */
export interface SourceRecord {
  readonly episodes: number;
  readonly reward: number;
  readonly success: number;
  readonly turns: number;
  /** Tokens written per episode. */
  readonly tokens: number;
  /** Share of turns whose action could not be carried out. */
  readonly invalid: number;
  /** Share of episodes cut off at the turn or context limit. */
  readonly truncated: number;
  /** Share of groups whose advantages were all 0, so that they taught nothing. */
  readonly noSignal: number;
  /** Mean −log p of the sampled tokens, in nats: an estimate of the policy's entropy per token. */
  readonly entropy: number;
  /** As the step's, over the source's episodes; null without reference and where no episode counts. */
  readonly kl: number | null;
}

/** A measure that has left its usual range: see `warnings.ts`. */
export interface Warning {
  /** The source (`textcraft/easy`), or null for a measure of the whole step. */
  readonly source: string | null;
  readonly measure: string;
  readonly recent: number;
  readonly usual: number;
  /** What it means, in a sentence with the numbers. */
  readonly text: string;
}

export interface StepRecord extends UpdateRecord {
  readonly step: number;
  readonly stage: number;
  readonly sources: { readonly [source: string]: SourceRecord };
  /** In the order in which their tasks were drawn. */
  readonly groups: readonly GroupRecord[];
  /** What is out of its usual range at this step; empty in a healthy run. */
  readonly warnings: readonly Warning[];
}

/** The row of a step, without warnings; `divergence` holds the sum of k3 over the tokens of each episode that counts. */
export function stepRecord(
  step: number,
  stage: number,
  episodes: readonly TrainingEpisode[],
  groupSize: number,
  update: UpdateRecord,
  divergence: ReadonlyMap<TrainingEpisode, number>,
): StepRecord {
  const sources: { [source: string]: TrainingEpisode[] } = {};
  const groups: GroupRecord[] = [];
  for (const [i, episode] of episodes.entries()) {
    const { env, level, id } = episode.trajectory.task;
    (sources[`${env}/${level}`] ??= []).push(episode);
    if (i % groupSize > 0) continue;
    const solved = episodes.slice(i, i + groupSize).filter((e) => e.trajectory.outcome === "success");
    groups.push({ task: id, successes: solved.length, attempts: groupSize });
  }
  const records = Object.entries(sources).map(([name, all]) => [name, sourceRecord(all, groupSize, divergence)]);
  return { step, stage, ...update, sources: Object.fromEntries(records), groups, warnings: [] };
}

function sourceRecord(
  episodes: readonly TrainingEpisode[],
  groupSize: number,
  divergence: ReadonlyMap<TrainingEpisode, number>,
): SourceRecord {
  const sum = (of: (e: TrainingEpisode) => number) => episodes.reduce((total, e) => total + of(e), 0);
  const mean = (of: (e: TrainingEpisode) => number) => sum(of) / episodes.length;
  const turns = episodes.flatMap((e) => e.trajectory.turns);
  const written = sum((e) => e.old.length);
  const surprise = sum((e) => -e.old.reduce((a, b) => a + b, 0));
  const compared = sum((e) => (divergence.has(e) ? e.old.length : 0));
  let silent = 0;
  for (let g = 0; g < episodes.length; g += groupSize) {
    if (episodes.slice(g, g + groupSize).every((e) => e.advantage === 0)) silent++;
  }
  return {
    episodes: episodes.length,
    reward: mean((e) => e.trajectory.reward),
    success: mean((e) => Number(e.trajectory.outcome === "success")),
    turns: mean((e) => e.trajectory.turns.length),
    tokens: written / episodes.length,
    invalid: turns.filter((t) => !t.valid).length / Math.max(1, turns.length),
    truncated: mean((e) => Number(e.trajectory.outcome === "truncated")),
    noSignal: silent / (episodes.length / groupSize),
    entropy: surprise / Math.max(1, written),
    kl: compared > 0 ? sum((e) => divergence.get(e) ?? 0) / compared : null,
  };
}
