/** What costs time in a training step: playing episodes, and differentiating the objective on them. */
import { batchByLength, Engine } from "../pocket/engine";
import type { DeviceOptions } from "../pocket/runtime";
import type { TrainingSequence } from "../pocket/engine";
import type { PocketModel } from "../pocket/model";
import { PocketPolicy } from "../pocket/policy";
import { settingsHash } from "../store";
import { playGroups } from "./episodes";
import type { PlacedTask, PlayedEpisode } from "./episodes";
import type { TrainSettings } from "./settings";

/** A sequence to learn from; `weight` is that of each of its tokens in the loss. */
export interface WeightedSequence extends TrainingSequence {
  readonly weight: number;
  readonly old: Float32Array;
  readonly advantage: number;
}

/** The gradient of some sequences' part of the loss, and sums over the tokens of each sequence, in their order. */
export interface GradientPart {
  readonly gradient: Float32Array;
  readonly sums: readonly {
    /** k3 estimates of KL(policy ‖ reference). */
    readonly divergence: number;
    /** Tokens whose ratio left the clip range. */
    readonly clipped: number;
  }[];
}

/** A part of a step's work; {@link LocalWorker} does it here, a remote worker in another process. */
export interface Worker {
  /** Plays the groups with these parameters. */
  play(parameters: Float32Array, step: number, groups: readonly PlacedTask[]): Promise<PlayedEpisode[]>;
  /** Keeps the sequences that the following gradients are of. */
  take(sequences: readonly WeightedSequence[]): Promise<void>;
  gradient(parameters: Float32Array): Promise<GradientPart>;
  close(): Promise<void>;
}

export class LocalWorker implements Worker {
  private sequences: readonly WeightedSequence[] = [];

  private constructor(
    private readonly parameters: Float32Array,
    private readonly settings: TrainSettings,
    private readonly policy: PocketPolicy,
    private readonly engine: Engine,
    private readonly reference: Engine | undefined,
    private readonly sampler: Engine | undefined,
  ) {}

  /** `base` is the reference of the KL term; the worker keeps its own parameters. */
  static async open(base: PocketModel, settings: TrainSettings, device: DeviceOptions = {}): Promise<LocalWorker> {
    const { clipLow, clipHigh, klCoefficient, klEstimator, temperature } = settings;
    const { config } = base;
    const parameters = base.parameters.slice();
    const objective = { kind: "policyGradient", clipLow, clipHigh, klCoefficient, klEstimator, temperature } as const;
    const score = { kind: "score", temperature } as const;
    return new LocalWorker(
      parameters,
      settings,
      await PocketPolicy.open(settingsHash(settings), { ...base, parameters }, { ...settings, ...device }),
      await Engine.open(config, parameters, objective, device),
      klCoefficient > 0 ? await Engine.open(config, base.parameters.slice(), score, device) : undefined,
      temperature === 1 ? undefined : await Engine.open(config, parameters, score, device),
    );
  }

  async play(parameters: Float32Array, step: number, groups: readonly PlacedTask[]): Promise<PlayedEpisode[]> {
    this.parameters.set(parameters);
    const played = await playGroups(this.policy, this.settings, step, groups);
    if (!this.sampler) return played;
    // The decoder reports log-probabilities at temperature 1; these are of what was sampled from.
    const old = await this.sampler.score(played);
    return played.map((episode, i) => ({ ...episode, old: old[i] }));
  }

  async take(sequences: readonly WeightedSequence[]): Promise<void> {
    const references = await this.reference?.score(sequences);
    this.sequences = sequences.map((s, i) => ({ ...s, reference: references?.[i] ?? s.old }));
  }

  async gradient(parameters: Float32Array): Promise<GradientPart> {
    this.parameters.set(parameters);
    const { clipLow, clipHigh } = this.settings;
    const gradient = new Float32Array(parameters.length);
    const sums = this.sequences.map(() => ({ divergence: 0, clipped: 0 }));
    for (const batch of batchByLength(this.sequences)) {
      const chosen = batch.map((i) => this.sequences[i]);
      const { logProbabilities } = await this.engine.run(chosen, gradient);
      chosen.forEach(({ old, reference }, b) =>
        logProbabilities[b].forEach((now, t) => {
          const sum = sums[batch[b]];
          const ahead = now - reference![t];
          sum.divergence += Math.exp(-ahead) + ahead - 1;
          const ratio = Math.exp(now - old[t]);
          if (ratio < 1 - clipLow || ratio > 1 + clipHigh) sum.clipped++;
        }),
      );
    }
    return { gradient, sums };
  }

  async close(): Promise<void> {
    await this.policy.release();
    for (const engine of [this.engine, this.reference, this.sampler]) await engine?.close();
  }
}
