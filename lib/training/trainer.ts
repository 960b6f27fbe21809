/**
 * Policy-gradient training of the pocket policy: play groups of episodes, turn final rewards into advantages, take a
 * gradient step on the agent's tokens.
 *
 * Every random number is a function of (seed, step, task, attempt), which tasks are drawn of the curve so far, and
 * parameters, optimizer and step are saved together, so a run that was killed and resumed equals one that was not,
 * byte for byte.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { loadCheckpoint, saveCheckpoint } from "../pocket/checkpoint";
import { copyModel } from "../pocket/model";
import type { PocketModel } from "../pocket/model";
import type { DeviceOptions } from "../pocket/runtime";
import { adamState, cosineRate } from "../pocket/optimizer";
import type { AdamState } from "../pocket/optimizer";
import { fold } from "../random";
import { appendRows, canonicalJson, keepRows, openRun, readRows, settingsHash } from "../store";
import { withAdvantages } from "./episodes";
import { learn } from "./learn";
import { trainSettings } from "./settings";
import type { TrainOptions, TrainSettings } from "./settings";
import { stepRecord } from "./step-record";
import type { StepRecord } from "./step-record";
import { stepTasks } from "./tasks";
import { Team } from "./team";
import { warningsOf } from "./warnings";

export interface TrainRunOptions extends TrainOptions, DeviceOptions {
  /** Folder below which the run's own folder is made; without it nothing is saved and nothing resumes. */
  readonly root?: string;
  /** Steps between two saved states. Default 10; the last step is always saved. */
  readonly saveEvery?: number;
}

export interface TrainEvent {
  /** The step's row of the curve; its `warnings` say what is out of its usual range. */
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

/**
 * Trains a copy of `base`, resuming what is found in the run's folder; yields after every step it takes. Leaving the
 * loop early (`break`) ends the run there; the same call goes on from its last saved state.
 */
export async function* train(base: PocketModel, options: TrainRunOptions): AsyncGenerator<TrainEvent> {
  const { root, saveEvery = 10, device, ...rest } = options;
  if (!Number.isInteger(saveEvery) || saveEvery < 1) {
    throw new RangeError(`saveEvery: got ${saveEvery}, accepted: whole numbers from 1`);
  }
  const settings = trainSettings(base, rest);
  const folder = root === undefined ? undefined : openRun(root, settings);
  const { model, adam, curve } = restore(base, folder, settings);
  const team = await Team.open(base, settings, { device });
  const key = fold("train", settings.seed);
  const { schedule } = options;
  try {
    for (let step = curve.length; step < schedule.steps; step++) {
      const started = performance.now();
      const tasks = stepTasks(schedule, settings, step, curve, key);
      const episodes = withAdvantages(await team.play(model.parameters, step, tasks), settings);
      const played = performance.now();
      const rate = cosineRate(step, schedule.steps, settings.learningRate, settings.warmup, 0.1);
      const { update, divergence } = await learn(team, model, adam, episodes, settings, rate);
      const stage = schedule.stageAt(step).index;
      const row = stepRecord(step, stage, episodes, settings.groupSize, update, divergence);
      const record = { ...row, warnings: warningsOf([...curve, row]) };
      curve.push(record);
      if (folder) {
        appendRows(path.join(folder, CURVE), [record]);
        if ((step + 1) % saveEvery === 0 || step + 1 === schedule.steps) save(folder, model, adam);
      }
      const seconds = { play: (played - started) / 1e3, learn: (performance.now() - played) / 1e3 };
      yield { record, steps: schedule.steps, seconds, model };
    }
  } finally {
    await team.close();
  }
}

interface TrainState {
  readonly model: PocketModel;
  readonly adam: AdamState;
  /** The rows of all steps so far. */
  readonly curve: StepRecord[];
}

/** The last saved state, with the curve cut back to it; the base itself where nothing is saved. */
function restore(base: PocketModel, folder: string | undefined, { updates }: TrainSettings): TrainState {
  const fresh = { model: copyModel(base), adam: adamState(base.parameters.length) };
  if (!folder) return { ...fresh, curve: [] };
  const file = path.join(folder, CHECKPOINT);
  const { model, adam } = existsSync(file) ? loadState(file, base) : fresh;
  const steps = adam.step / updates;
  keepRows(path.join(folder, CURVE), steps);
  const curve = readRows<StepRecord>(path.join(folder, CURVE));
  if (curve.length < steps) {
    throw new Error(`${folder}: ${steps} steps are saved but ${CURVE} has ${curve.length}; remove it to train again`);
  }
  return { model, adam, curve };
}

function loadState(file: string, base: PocketModel): { model: PocketModel; adam: AdamState } {
  const { model, extra, metadata } = loadCheckpoint(file);
  const identity = ({ config, tokenizer }: PocketModel) => canonicalJson([config, tokenizer.data]);
  if (identity(model) !== identity(base)) {
    const words = ({ config }: PocketModel) => `width ${config.width}, ${config.vocabulary} tokens`;
    throw new Error(
      `${file} is of a model of another size or tokenizer: got ${words(model)}, accepted: ${words(base)}`,
    );
  }
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
