/** Makes a base policy from nothing: tokenizer, behaviour cloning on imperfect demonstrations, scores on test tasks. */
import { environment } from "../environments";
import { evaluate } from "../evaluate";
import { avgAt } from "../metrics";
import { modelHash } from "../pocket/checkpoint";
import { initialModel, SIZES } from "../pocket/model";
import type { PocketModel, Size } from "../pocket/model";
import { PocketPolicy } from "../pocket/policy";
import { Tokenizer } from "../pocket/tokenizer";
import { fold } from "../random";
import type { Estimate, Trajectory } from "../types";
import { version } from "../version";
import { demonstration, demonstrationStream } from "./demonstrations";
import type { DemonstrationSource } from "./demonstrations";
import { imitate } from "./imitation";
import type { ImitationEvent } from "./imitation";

/** Everything that determines a base, and nothing else. */
export interface BaseSettings {
  readonly size: Size;
  readonly seed: number;
  /** Environments with the relative frequency of their levels among demonstrations. */
  readonly environments: {
    readonly [env: string]: { readonly weight: number; readonly levels: { readonly [level: string]: number } };
  };
  /** Demonstrations of each environment that the tokenizer is learned from, and its size. */
  readonly tokenizer: { readonly demonstrations: number; readonly size: number };
  readonly steps: number;
  readonly tokensPerStep: number;
  readonly learningRate: number;
  readonly warmup: number;
}

const COMMON = {
  seed: 1,
  // Harder tasks come more often, so that there is something to build on at each depth.
  environments: { textcraft: { weight: 1, levels: { easy: 1, hard: 24 } } },
  tokenizer: { demonstrations: 600, size: 1100 },
  tokensPerStep: 2048,
  warmup: 50,
} as const;

/** How the bases are made. */
export const BASES: { readonly [size in Size]: BaseSettings } = {
  small: { ...COMMON, size: "small", steps: 1500, learningRate: 3e-3 },
  large: { ...COMMON, size: "large", steps: 2400, learningRate: 2e-3 },
};

function sourcesOf(settings: BaseSettings): DemonstrationSource[] {
  return Object.entries(settings.environments).map(([id, { weight, levels }]) => ({
    definition: environment(id),
    weight,
    levels,
  }));
}

/** Learns the tokenizer on demonstrations that the model itself is not trained on. */
export function baseTokenizer(settings: BaseSettings): Tokenizer {
  const sources = sourcesOf(settings);
  const key = fold("tokenizer", settings.seed);
  const texts = sources.flatMap((source) =>
    Array.from({ length: settings.tokenizer.demonstrations }, (_, i) =>
      demonstration(source, i, key).turns.flatMap(({ shown, reply }) => [shown, reply]),
    ).flat(),
  );
  const phrases = sources.flatMap(({ definition }) => definition.phrases);
  return Tokenizer.train(texts, { size: settings.tokenizer.size, phrases });
}

/** Trains a base; the returned model is complete when the generator ends. */
export async function* trainBase(settings: BaseSettings): AsyncGenerator<ImitationEvent, PocketModel> {
  const tokenizer = baseTokenizer(settings);
  const model = initialModel(SIZES[settings.size], tokenizer, fold("base", settings.seed));
  const key = fold("imitation", settings.seed);
  const stream = demonstrationStream(sourcesOf(settings), tokenizer, model.config.context, key);
  yield* imitate(model, stream, settings);
  return model;
}

export interface BaseScore {
  readonly env: string;
  /** A level, or a value of the environment's breakdown such as "depth 3". */
  readonly level: string;
  readonly split: "test";
  readonly avg8: Estimate;
}

/** avg@8 on all test tasks by level and by the environment's breakdown. */
export async function scoreBase(
  settings: BaseSettings,
  model: PocketModel,
  onProgress?: (env: string, done: number, total: number) => void,
): Promise<BaseScore[]> {
  const policy = await PocketPolicy.open(modelHash(model), model);
  const rows: BaseScore[] = [];
  for (const id of Object.keys(settings.environments)) {
    const definition = environment(id);
    const report = (done: number, total: number) => onProgress?.(id, done, total);
    const played = await evaluate(definition, policy, definition.tasks({ split: "test" }), { onProgress: report });
    const row = (level: string, has: (t: Trajectory) => boolean) =>
      rows.push({ env: id, level, split: "test", avg8: avgAt(8)(played.filter(has)) });
    for (const level of Object.keys(definition.levels)) row(level, (t) => t.task.level === level);
    const { breakdown } = definition;
    if (!breakdown) continue;
    for (const value of [...new Set(played.map((t) => String(t.task.params[breakdown])))].sort()) {
      row(`${breakdown} ${value}`, (t) => String(t.task.params[breakdown]) === value);
    }
  }
  await policy.release();
  return rows;
}

/** What is written beside a base, as plain data. */
export function baseRecord(settings: BaseSettings, model: PocketModel) {
  const environments = Object.keys(settings.environments).map((id) => [id, environment(id).version]);
  return {
    settings,
    hash: modelHash(model),
    parameters: model.parameters.length,
    vocabulary: model.tokenizer.size,
    version,
    environments: Object.fromEntries(environments),
  };
}
