/**
 * GRPO on the pocket policy: play groups of episodes, turn final rewards into advantages, take a gradient step on
 * the agent's tokens.
 *
 * Every random number is a function of (seed, step, task, attempt), and parameters, optimizer and step are saved
 * together, so a run that was killed and resumed equals one that was not, byte for byte.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { loadCheckpoint, saveCheckpoint } from "../pocket/checkpoint";
import { batchByLength, Engine } from "../pocket/engine";
import { copyModel } from "../pocket/model";
import type { PocketModel } from "../pocket/model";
import { adamState, adamUpdate, cosineRate } from "../pocket/optimizer";
import type { AdamState } from "../pocket/optimizer";
import { PocketPolicy } from "../pocket/policy";
import { fold } from "../random";
import { appendRows, keepRows, openRun, settingsHash } from "../store";
import { playStep } from "./episodes";
import type { TrainingEpisode } from "./episodes";
import { trainSettings } from "./settings";
import type { TrainOptions, TrainSettings } from "./settings";
import { stepRecord } from "./step-record";
import type { StepRecord, UpdateRecord } from "./step-record";

export interface TrainRunOptions extends TrainOptions {
  /** Folder below which the run's own folder is made; without it nothing is saved and nothing resumes. */
  readonly root?: string;
  /** Steps between two saved states. Default 10; the last step is always saved. */
  readonly saveEvery?: number;
}

export interface TrainEvent {
  readonly record: StepRecord;
  readonly steps: number;
  /** Seconds this step took, for people's eyes only. */
  readonly seconds: { readonly play: number; readonly learn: number };
  /** The policy after this step; its parameters change in place with the next. */
  readonly model: PocketModel;
}

/** The folder of a run: where `train` with the same base and options keeps its files. */
export function runFolder(root: string, base: PocketModel, options: TrainOptions): string {
  return path.join(root, settingsHash(trainSettings(base, options)));
}

export const CHECKPOINT = "checkpoint.safetensors";
export const CURVE = "curve.jsonl";

/** Trains a copy of `base`, resuming what is found in the run's folder; yields after every step it takes. */
export async function* train(base: PocketModel, options: TrainRunOptions): AsyncGenerator<TrainEvent> {
  const { root, saveEvery = 10, ...rest } = options;
  const settings = trainSettings(base, rest);
  const folder = root === undefined ? undefined : openRun(root, settings);
  const state = restore(base, folder);
  if (folder) keepRows(path.join(folder, CURVE), state.adam.step / settings.updates);
  const learner = await Learner.open(base, state.model, state.adam, settings);
  const policy = await PocketPolicy.open(settingsHash(settings), state.model, settings);
  const key = fold("train", settings.seed);
  const { steps } = options.schedule;
  try {
    for (let step = state.adam.step / settings.updates; step < steps; step++) {
      const started = performance.now();
      const episodes = await learner.tempered(await playStep(policy, options.schedule, settings, step, key));
      const played = performance.now();
      const learningRate = cosineRate(step, steps, settings.learningRate, settings.warmup, 0.1);
      const update = await learner.learn(episodes, learningRate);
      const record = stepRecord(step, options.schedule.stageAt(step).index, episodes, settings.groupSize, update);
      if (folder) {
        appendRows(path.join(folder, CURVE), [record]);
        if ((step + 1) % saveEvery === 0 || step + 1 === steps) save(folder, state.model, state.adam);
      }
      const seconds = { play: (played - started) / 1e3, learn: (performance.now() - played) / 1e3 };
      yield { record, steps, seconds, model: state.model };
    }
  } finally {
    await policy.release();
    await learner.close();
  }
}

function restore(base: PocketModel, folder: string | undefined): { model: PocketModel; adam: AdamState } {
  const file = folder && path.join(folder, CHECKPOINT);
  if (!file || !existsSync(file)) return { model: copyModel(base), adam: adamState(base.parameters.length) };
  const { model, extra, metadata } = loadCheckpoint(file);
  const size = model.parameters.length;
  if (extra.mean?.length !== size || extra.square?.length !== size || !Number.isInteger(Number(metadata.updates))) {
    throw new Error(`${file} holds no state of the optimizer; remove its folder to train again`);
  }
  return { model, adam: { mean: extra.mean, square: extra.square, step: Number(metadata.updates) } };
}

function save(folder: string, model: PocketModel, adam: AdamState): void {
  const metadata = { updates: String(adam.step), run: path.basename(folder) };
  saveCheckpoint(path.join(folder, CHECKPOINT), model, metadata, { mean: adam.mean, square: adam.square });
}

/** Turns a step's episodes into parameter updates. */
class Learner {
  private constructor(
    private readonly model: PocketModel,
    private readonly adam: AdamState,
    private readonly settings: TrainSettings,
    private readonly engine: Engine,
    private readonly reference: Engine | undefined,
    private readonly sampler: Engine | undefined,
  ) {}

  static async open(base: PocketModel, model: PocketModel, adam: AdamState, settings: TrainSettings) {
    const { clipLow, clipHigh, klCoefficient, klEstimator, temperature } = settings;
    const objective = { kind: "policyGradient", clipLow, clipHigh, klCoefficient, klEstimator, temperature } as const;
    const engine = await Engine.open(model.config, model.parameters, objective);
    const score = { kind: "score", temperature } as const;
    const reference = klCoefficient > 0 ? await Engine.open(base.config, base.parameters.slice(), score) : undefined;
    const sampler = temperature === 1 ? undefined : await Engine.open(model.config, model.parameters, score);
    return new Learner(model, adam, settings, engine, reference, sampler);
  }

  /** The decoder reports log-probabilities at temperature 1; at any other, those of the sampled distribution. */
  async tempered(episodes: readonly TrainingEpisode[]): Promise<readonly TrainingEpisode[]> {
    if (!this.sampler) return episodes;
    const old = await this.sampler.score(episodes);
    return episodes.map((episode, i) => ({ ...episode, old: old[i] }));
  }

  /** Groups whose rewards are all equal teach nothing and are left out. */
  async learn(episodes: readonly TrainingEpisode[], learningRate: number): Promise<UpdateRecord> {
    const { updates, average } = this.settings;
    const useful = episodes.filter((e) => e.advantage !== 0 && e.old.length > 0);
    const references = this.reference ? await this.reference.score(useful) : useful.map((e) => e.old);
    const written = useful.reduce((sum, e) => sum + e.old.length, 0);
    const weight = (e: TrainingEpisode) => {
      if (average === "token") return 1 / written;
      return 1 / (useful.length * (average === "sequence" ? e.old.length : this.model.config.context));
    };
    const sequences = useful.map((e, i) => ({ ...e, weight: weight(e), reference: references[i] }));
    let [klSum, clipped, gradientNorm] = [0, 0, 0];
    for (let update = 0; update < updates; update++) {
      const gradient = new Float32Array(this.model.parameters.length);
      [klSum, clipped] = [0, 0];
      for (const batch of batchByLength(sequences)) {
        const chosen = batch.map((i) => sequences[i]);
        const { logProbabilities } = await this.engine.run(chosen, gradient);
        chosen.forEach((s, b) =>
          logProbabilities[b].forEach((now, t) => {
            klSum += Math.exp(s.reference[t] - now) - (s.reference[t] - now) - 1;
            const ratio = Math.exp(now - s.old[t]);
            if (ratio < 1 - this.settings.clipLow || ratio > 1 + this.settings.clipHigh) clipped++;
          }),
        );
      }
      gradientNorm = adamUpdate(this.model.parameters, gradient, this.adam, learningRate);
    }
    const perToken = (sum: number) => (written > 0 ? sum / written : 0);
    const kl = this.reference ? perToken(klSum) : null;
    return { learningRate, gradientNorm, kl, clipped: perToken(clipped) };
  }

  async close(): Promise<void> {
    await this.engine.close();
    await this.reference?.close();
    await this.sampler?.close();
  }
}
