/** Makes a base policy from nothing: tokenizer, then behaviour cloning on imperfect demonstrations. */
import { environment } from "../environments";
import { modelHash } from "../pocket/checkpoint";
import { initialModel, SIZES } from "../pocket/model";
import type { PocketModel, Size } from "../pocket/model";
import { Tokenizer } from "../pocket/tokenizer";
import type { ModelConfig } from "../pocket/transformer";
import { fold } from "../random";
import { version } from "../version";
import { demonstration, demonstrationStream } from "./demonstrations";
import type { DemonstrationSource } from "./demonstrations";
import { imitate } from "./imitation";
import type { ImitationEvent, ImitationOptions } from "./imitation";

/** A part of behaviour cloning with its own mix of demonstrations. Its name is a key of its randomness. */
export interface BasePhase extends ImitationOptions {
  readonly name: string;
  /** Share of an environment among the written tokens, and relative frequency of its levels among demonstrations. */
  readonly environments: {
    readonly [env: string]: { readonly weight: number; readonly levels: { readonly [level: string]: number } };
  };
  /** Share of demonstrations in which names are replaced by invented words. */
  readonly invented: number;
  /** Whether half of the demonstrations are under other names of their kind. Default true. */
  readonly renaming?: boolean;
  /** Whether demonstrations have thoughts. Default true. */
  readonly thoughts?: boolean;
}

/** Everything that determines a base, and nothing else. */
export interface BaseSettings {
  readonly size: Size;
  /** What of the model differs from its size. Default: nothing. */
  readonly model?: Partial<Pick<ModelConfig, "pointer" | "smear">>;
  readonly seed: number;
  /** Demonstrations of each environment of the first phase that the tokenizer is learned from, and its size. */
  readonly tokenizer: { readonly demonstrations: number; readonly size: number };
  readonly phases: readonly BasePhase[];
}

const EQUAL = { easy: 1, hard: 1 } as const;
const OTHERS = { webshop: { weight: 1, levels: EQUAL }, searchqa: { weight: 1, levels: EQUAL } } as const;
const BABYAI = { weight: 1, levels: { easy: 1, medium: 1, hard: 1 } } as const;
const TOKENIZER = { demonstrations: 500, size: 2600 } as const;
const COMMON = { tokensPerStep: 4096, warmup: 50 } as const;

/** First all environments alike, then with more of what is hardest to learn, and with names that nobody ever saw. */
const phases = (steps: readonly [number, number], learningRates: readonly [number, number]): BasePhase[] => [
  {
    ...COMMON,
    name: "imitation",
    steps: steps[0],
    learningRate: learningRates[0],
    environments: {
      textcraft: { weight: 1, levels: { easy: 1, hard: 4 } },
      babyai: BABYAI,
      alfworld: { weight: 1, levels: EQUAL },
      ...OTHERS,
    },
    invented: 0,
  },
  {
    ...COMMON,
    name: "imitation 2",
    steps: steps[1],
    learningRate: learningRates[1],
    environments: {
      textcraft: { weight: 1, levels: { easy: 1, hard: 8 } },
      babyai: BABYAI,
      alfworld: { weight: 4, levels: EQUAL },
      ...OTHERS,
    },
    invented: 0.25,
  },
];

/** How the bases are made. */
export const BASES: { readonly [size in Size]: BaseSettings } = {
  small: { size: "small", seed: 1, tokenizer: TOKENIZER, phases: phases([2500, 800], [3e-3, 1e-3]) },
  large: { size: "large", seed: 1, tokenizer: TOKENIZER, phases: phases([1200, 400], [2e-3, 7e-4]) },
};

/** Updates of all phases. */
export function baseSteps({ phases }: BaseSettings): number {
  return phases.reduce((sum, { steps }) => sum + steps, 0);
}

/** The environments that a base is taught. */
export function baseEnvironments({ phases }: BaseSettings): string[] {
  return [...new Set(phases.flatMap(({ environments }) => Object.keys(environments)))];
}

function sourcesOf({ environments, invented, renaming, thoughts }: BasePhase): DemonstrationSource[] {
  return Object.entries(environments).map(([id, { weight, levels }]) => ({
    definition: environment(id),
    weight,
    levels,
    invented,
    renaming,
    thoughts,
  }));
}

/** Learns the tokenizer on demonstrations that the model itself is not trained on. */
export function baseTokenizer({ phases, seed, tokenizer }: BaseSettings): Tokenizer {
  const sources = sourcesOf(phases[0]);
  const key = fold("tokenizer", seed);
  const texts = sources.flatMap((source) =>
    Array.from({ length: tokenizer.demonstrations }, (_, i) =>
      demonstration(source, i, key).turns.flatMap(({ shown, reply }) => [shown, reply]),
    ).flat(),
  );
  const phrases = sources.flatMap(({ definition }) => definition.phrases);
  return Tokenizer.train(texts, { size: tokenizer.size, phrases });
}

/** Where a base's training stands after a step. */
export interface BaseEvent extends ImitationEvent {
  readonly model: PocketModel;
  /** Number of the phase, and tokens of those before it. */
  readonly phase: number;
  readonly tokensBefore: number;
}

/** What of an event is needed to go on behind it. */
export type BaseState = Pick<BaseEvent, "model" | "phase" | "tokens" | "tokensBefore" | "adam">;

/**
 * Trains a base; the model is complete when the generator ends. Steps and tokens count through all phases. From a saved
 * state it goes on as if it had never stopped.
 */
export async function* trainBase(settings: BaseSettings, from?: BaseState): AsyncGenerator<BaseEvent, PocketModel> {
  const model = from?.model ?? untrainedBase(settings);
  let tokensBefore = from?.tokensBefore ?? 0;
  for (const [number, phase] of settings.phases.entries()) {
    if (from && number < from.phase) continue;
    const stepsBefore = baseSteps({ ...settings, phases: settings.phases.slice(0, number) });
    const key = fold(phase.name, settings.seed);
    const stream = demonstrationStream(sourcesOf(phase), model.tokenizer, model.config.context, key);
    const started = number === from?.phase ? from : undefined;
    let seen = started ? started.tokens - started.tokensBefore : 0;
    for await (const event of imitate(model, stream, phase, started?.adam)) {
      seen = event.tokens;
      const [step, tokens] = [stepsBefore + event.step, tokensBefore + seen];
      yield { ...event, step, tokens, model, phase: number, tokensBefore };
    }
    tokensBefore += seen;
  }
  return model;
}

function untrainedBase(settings: BaseSettings): PocketModel {
  const config = { ...SIZES[settings.size], ...settings.model };
  return initialModel(config, baseTokenizer(settings), fold("base", settings.seed));
}

/** What is written beside a base, as plain data. */
export function baseRecord(settings: BaseSettings, model: PocketModel) {
  const environments = baseEnvironments(settings).map((id) => [id, environment(id).version]);
  return {
    settings,
    hash: modelHash(model),
    parameters: model.parameters.length,
    vocabulary: model.tokenizer.size,
    version,
    environments: Object.fromEntries(environments),
  };
}
