/**
 * Schedules: pure functions of the training step that say from which sources tasks are drawn.
 *
 * `sequence([single(easy, 20), mixture([easy, hard], 40)])` reads like the sentence in the paper; plotting a
 * schedule costs nothing, and a resumed run asks the same function as an uninterrupted one.
 */

/** Where tasks come from: an environment, one level of it, or a list of its tasks. */
export interface Source {
  readonly env: string;
  readonly level?: string;
  /** Ids of training tasks; `level` is then the list's name and need not be a level of the environment. */
  readonly tasks?: readonly string[];
}

export interface WeightedSource extends Source {
  /** Share of the tasks; the shares of a step sum to 1. */
  readonly share: number;
}

export interface Schedule {
  readonly steps: number;
  /** The stage that a step belongs to, counted from 0, and that stage's first step. */
  stageAt(step: number): {
    readonly index: number;
    readonly start: number;
    readonly sources: readonly WeightedSource[];
  };
  /** Plain data that identifies the schedule: part of a run's settings. */
  readonly settings: readonly StageSettings[];
}

export interface StageSettings {
  readonly steps: number;
  readonly sources: readonly WeightedSource[];
}

/** All tasks from one source. */
export function single(source: Source, steps: number): Schedule {
  return fromStages([{ steps, sources: [{ ...source, share: 1 }] }]);
}

/** Tasks from several sources at once, in equal shares unless weights are given. */
export function mixture(sources: readonly Source[], steps: number, weights?: readonly number[]): Schedule {
  if (sources.length === 0) throw new RangeError("a mixture needs at least one source");
  if (weights && (weights.length !== sources.length || weights.some((w) => !(w > 0)))) {
    throw new RangeError(`a mixture of ${sources.length} sources needs as many positive weights, got [${weights}]`);
  }
  const total = weights?.reduce((a, b) => a + b, 0) ?? sources.length;
  return fromStages([{ steps, sources: sources.map((s, i) => ({ ...s, share: (weights?.[i] ?? 1) / total })) }]);
}

/** One schedule after the other. */
export function sequence(schedules: readonly Schedule[]): Schedule {
  if (schedules.length === 0) throw new RangeError("a sequence needs at least one schedule");
  return fromStages(schedules.flatMap((s) => s.settings));
}

/** The levels of one environment in order, each for its part of the steps (as equal as whole steps allow). */
export function curriculum(env: string, levels: readonly string[], steps: number): Schedule {
  const border = (i: number) => Math.round((i * steps) / levels.length);
  return sequence(levels.map((level, i) => single({ env, level }, border(i + 1) - border(i))));
}

/** A schedule from its settings as plain data. */
export function fromStages(stages: readonly StageSettings[]): Schedule {
  for (const { steps, sources } of stages) {
    if (!Number.isInteger(steps) || steps < 1)
      throw new RangeError(`a stage needs a whole number of steps >= 1, got ${steps}`);
    const shares = sources.map((source) => source.share);
    if (!shares.every((share) => share > 0) || Math.abs(shares.reduce((a, b) => a + b, 0) - 1) > 1e-6)
      throw new RangeError(`a stage needs sources whose shares are above 0 and sum to 1, got [${shares}]`);
  }
  const steps = stages.reduce((sum, stage) => sum + stage.steps, 0);
  return {
    steps,
    settings: stages,
    stageAt(step) {
      if (!Number.isInteger(step) || step < 0 || step >= steps) {
        throw new RangeError(`step ${step} is outside of the schedule's 0 to ${steps - 1}`);
      }
      let start = 0;
      for (let index = 0; ; index++) {
        if (step < start + stages[index].steps) return { index, start, sources: stages[index].sources };
        start += stages[index].steps;
      }
    },
  };
}

/** One task to draw: from which source, and its running number among all draws from that source in the stage. */
export interface Draw {
  readonly source: WeightedSource;
  readonly number: number;
}

/**
 * The sources of a step's `count` tasks. Within a stage every source gets its share exactly: each next task goes to
 * the source that is furthest behind, so counts never differ from the share by more than one task per source.
 */
export function drawsAt(schedule: Schedule, step: number, count: number): Draw[] {
  const { start, sources } = schedule.stageAt(step);
  const given = sources.map(() => 0);
  const draws: Draw[] = [];
  const first = (step - start) * count;
  for (let n = 0; n < first + count; n++) {
    const debt = sources.map(({ share }, i) => share * (n + 1) - given[i]);
    const i = debt.indexOf(Math.max(...debt));
    if (n >= first) draws.push({ source: sources[i], number: given[i] });
    given[i]++;
  }
  return draws;
}
