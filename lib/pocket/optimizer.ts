/** Adam on flat vectors, with gradient clipping; its whole state is two vectors and a counter. */
export interface AdamState {
  readonly mean: Float32Array;
  readonly square: Float32Array;
  step: number;
}

const BETA1 = 0.9;
const BETA2 = 0.95;
/** Largest Euclidean norm of a gradient; longer ones are scaled down to it. */
const CLIP_NORM = 1;

export function adamState(size: number): AdamState {
  return { mean: new Float32Array(size), square: new Float32Array(size), step: 0 };
}

/** One update in place (Kingma and Ba 2015, arXiv:1412.6980). Returns the gradient's norm before clipping. */
export function adamUpdate(
  parameters: Float32Array,
  gradient: Float32Array,
  state: AdamState,
  learningRate: number,
): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i] * gradient[i];
  const norm = Math.sqrt(squares);
  if (!Number.isFinite(norm)) throw new RangeError("the gradient is not finite; lower the learning rate");
  const factor = norm > CLIP_NORM ? CLIP_NORM / norm : 1;
  state.step++;
  const rate = learningRate / (1 - Math.pow(BETA1, state.step));
  const correction = 1 / (1 - Math.pow(BETA2, state.step));
  const { mean, square } = state;
  for (let i = 0; i < gradient.length; i++) {
    const g = gradient[i] * factor;
    mean[i] = BETA1 * mean[i] + (1 - BETA1) * g;
    square[i] = BETA2 * square[i] + (1 - BETA2) * g * g;
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
