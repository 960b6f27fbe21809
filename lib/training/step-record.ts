/** What a training step leaves in the curve: one row that a person and a figure can read. */
import type { TrainingEpisode } from "./episodes";

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
  /** Share of groups whose rewards were all equal, so that they taught nothing. */
  readonly noSignal: number;
  /** Mean −log p of the sampled tokens, in nats: an estimate of the policy's entropy per token. */
  readonly entropy: number;
}

export interface StepRecord extends UpdateRecord {
  readonly step: number;
  readonly stage: number;
  readonly sources: { readonly [source: string]: SourceRecord };
}

export function stepRecord(
  step: number,
  stage: number,
  episodes: readonly TrainingEpisode[],
  groupSize: number,
  update: UpdateRecord,
): StepRecord {
  const sources: { [source: string]: TrainingEpisode[] } = {};
  for (const episode of episodes) {
    const { env, level } = episode.trajectory.task;
    (sources[`${env}/${level}`] ??= []).push(episode);
  }
  const records = Object.entries(sources).map(([name, all]) => [name, sourceRecord(all, groupSize)]);
  return { step, stage, ...update, sources: Object.fromEntries(records) };
}

function sourceRecord(episodes: readonly TrainingEpisode[], groupSize: number): SourceRecord {
  const mean = (of: (e: TrainingEpisode) => number) => episodes.reduce((sum, e) => sum + of(e), 0) / episodes.length;
  const turns = episodes.flatMap((e) => e.trajectory.turns);
  const written = episodes.reduce((sum, e) => sum + e.old.length, 0);
  const surprise = episodes.reduce((sum, e) => sum - e.old.reduce((a, b) => a + b, 0), 0);
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
  };
}
