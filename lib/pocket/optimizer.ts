/** Adam on flat vectors, with gradient clipping; its whole state is two vectors and a counter. */
export interface AdamState {
  readonly mean: Float32Array;
  readonly square: Float32Array;
  step: number;
}

export interface AdamOptions {
  readonly learningRate: number;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.95. */
  readonly beta2?: number;
  /** Largest Euclidean norm of a gradient; longer ones are scaled down to it. Default 1. */
  readonly clipNorm?: number;
}

export function adamState(size: number): AdamState {
  return { mean: new Float32Array(size), square: new Float32Array(size), step: 0 };
}

/** One update in place (Kingma and Ba 2015, arXiv:1412.6980). Returns the gradient's norm before clipping. */
export function adamUpdate(
  parameters: Float32Array,
  gradient: Float32Array,
  state: AdamState,
  { learningRate, beta1 = 0.9, beta2 = 0.95, clipNorm = 1 }: AdamOptions,
): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i] * gradient[i];
  const norm = Math.sqrt(squares);
  if (!Number.isFinite(norm)) throw new RangeError("the gradient is not finite; lower the learning rate");
  const factor = norm > clipNorm ? clipNorm / norm : 1;
  state.step++;
  const rate = learningRate / (1 - Math.pow(beta1, state.step));
  const correction = 1 / (1 - Math.pow(beta2, state.step));
  const { mean, square } = state;
  for (let i = 0; i < gradient.length; i++) {
    const g = gradient[i] * factor;
    mean[i] = beta1 * mean[i] + (1 - beta1) * g;
    square[i] = beta2 * square[i] + (1 - beta2) * g * g;
    parameters[i] -= (rate * mean[i]) / (Math.sqrt(square[i] * correction) + 1e-8);
  }
  return norm;
}

/** Linear warm-up, then a cosine from `peak` down to `final · peak`. `step` counts from 0 to `steps` − 1. */
export function cosineRate(step: number, steps: number, peak: number, warmup: number, final = 0): number {
  if (step < warmup) return (peak * (step + 1)) / warmup;
  const progress = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return peak * (final + (1 - final) * 0.5 * (1 + Math.cos(Math.PI * progress)));
}
