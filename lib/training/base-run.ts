/** The training of a base as a folder: a curve that grows, and a state from which a killed training goes on. */
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { loadCheckpoint, saveCheckpoint } from "../pocket/checkpoint";
import type { PocketModel } from "../pocket/model";
import { appendRows, readRows, replaceRows, settingsHash } from "../store";
import { baseSteps, trainBase } from "./base";
import type { BaseEvent, BaseSettings, BaseState } from "./base";

/** A row of `curve.jsonl`; each tenth step and the last have one. */
type CurveRow = Pick<BaseEvent, "step" | "tokens" | "loss" | "gradientNorm">;

const CURVE = "curve.jsonl";
const STATE = "training.safetensors";
const MODEL = "model.safetensors";

/**
 * Trains a base in `folder`, from the state that an earlier call with the same settings left there, and leaves
 * `model.safetensors` and `curve.jsonl`: the same bytes, interrupted or not. The state stays until {@link forgetState}.
 */
export async function* runBase(
  settings: BaseSettings,
  folder: string,
  saveEvery = 100,
): AsyncGenerator<BaseEvent, PocketModel> {
  const run = settingsHash(settings);
  const file = path.join(folder, STATE);
  const curve = path.join(folder, CURVE);
  const state = loadState(file, run);
  replaceRows(curve, state ? readRows<CurveRow>(curve).filter(({ step }) => step < state.steps) : []);
  const last = baseSteps(settings) - 1;
  const training = trainBase(settings, state);
  let next = await training.next();
  for (; !next.done; next = await training.next()) {
    const { step, tokens, loss, gradientNorm } = next.value;
    if (step % 10 === 0 || step === last) appendRows(curve, [{ step, tokens, loss, gradientNorm }]);
    if ((step + 1) % saveEvery === 0 || step === last) saveState(file, run, next.value);
    yield next.value;
  }
  saveCheckpoint(path.join(folder, MODEL), next.value, { settings: JSON.stringify(settings) });
  return next.value;
}

/** Removes what only an unfinished training needs. */
export function forgetState(folder: string): void {
  rmSync(path.join(folder, STATE), { force: true });
}

function saveState(file: string, run: string, { model, adam, step, ...rest }: BaseEvent): void {
  const { phase, tokens, tokensBefore } = rest;
  const numbers = { steps: step + 1, phase, tokens, tokensBefore, updates: adam.step };
  saveCheckpoint(file, model, { run, numbers: JSON.stringify(numbers) }, { mean: adam.mean, square: adam.square });
}

/** The saved state with the number of its steps; undefined where there is none, or one of other settings. */
function loadState(file: string, run: string): (BaseState & { readonly steps: number }) | undefined {
  if (!existsSync(file)) return undefined;
  const { model, metadata, extra } = loadCheckpoint(file);
  if (metadata.run !== run) return undefined;
  const { updates, ...numbers } = JSON.parse(metadata.numbers);
  return { ...numbers, model, adam: { mean: extra.mean, square: extra.square, step: updates } };
}
