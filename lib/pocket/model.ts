/** A pocket model in memory: configuration, tokenizer and the flat parameter vector. */
import { fold, generator } from "../random";
import { Tokenizer } from "./tokenizer";
import { parameterCount, parameterSpecs } from "./transformer";
import type { ModelConfig } from "./transformer";

export interface PocketModel {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly parameters: Float32Array;
}

/** The sizes of the pocket policy; `large` has about four times the parameters of `small`. */
export const SIZES = {
  small: { layers: 4, width: 96, heads: 4, keyHeads: 1, headSize: 32, pointer: 64, context: 1024 },
  large: { layers: 5, width: 192, heads: 8, keyHeads: 1, headSize: 32, pointer: 64, context: 1024 },
} as const;

export type Size = keyof typeof SIZES;

/** A model with random parameters, a function of the key alone. */
export function initialModel(size: Omit<ModelConfig, "vocabulary">, tokenizer: Tokenizer, key: string): PocketModel {
  const config = { ...size, vocabulary: tokenizer.size };
  const parameters = new Float32Array(parameterCount(config));
  for (const p of parameterSpecs(config)) {
    if (p.deviation === 0) continue;
    const random = generator(fold(key, "parameter", p.name));
    for (let i = 0; i < p.size; i++) parameters[p.offset + i] = p.deviation * random.normal();
  }
  return { config, tokenizer, parameters };
}

/** The same model with its own copy of the parameters. */
export function copyModel(model: PocketModel): PocketModel {
  return { ...model, parameters: model.parameters.slice() };
}
