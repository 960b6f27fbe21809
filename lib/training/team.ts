/**
 * The workers of a run: divides a step's work among them and puts the parts together in the workers' order, so that
 * nothing depends on which of them is faster.
 */
import type { PocketModel } from "../pocket/model";
import type { DeviceOptions } from "../pocket/runtime";
import type { TaskSpec } from "../types";
import type { PlacedTask, PlayedEpisode } from "./episodes";
import { RemoteWorker } from "./remote-worker";
import type { TrainSettings } from "./settings";
import { LocalWorker } from "./worker";
import type { GradientPart, WeightedSequence, Worker } from "./worker";

export class Team {
  private taken: number[][] = [];

  private constructor(
    private readonly workers: readonly Worker[],
    private readonly settings: TrainSettings,
  ) {}

  /** One worker is this process; several are processes of their own, and this one waits for them. */
  static async open(base: PocketModel, settings: TrainSettings, device: DeviceOptions = {}): Promise<Team> {
    if (settings.workers === 1) return new Team([await LocalWorker.open(base, settings, device)], settings);
    const opening = Array.from({ length: settings.workers }, () => RemoteWorker.open(base, settings, device));
    const opened = await Promise.allSettled(opening);
    const team = new Team(
      opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
      settings,
    );
    for (const result of opened) {
      if (result.status === "fulfilled") continue;
      await team.close();
      throw result.reason;
    }
    return team;
  }

  /** Plays all attempts at the step's tasks; the episodes come group after group in the tasks' order. */
  async play(parameters: Float32Array, step: number, tasks: readonly TaskSpec[]): Promise<PlayedEpisode[]> {
    const { groupSize } = this.settings;
    const source = (place: number) => `${tasks[place].env}/${tasks[place].level}`;
    const shares = deal(tasks.length, this.workers.length, (a, b) => compare(source(a), source(b)));
    const played = await this.all((worker, w) => {
      const groups = shares[w].map((place): PlacedTask => ({ place, task: tasks[place] }));
      return worker.play(parameters, step, groups);
    });
    const episodes: PlayedEpisode[][] = [];
    shares.forEach((places, w) =>
      places.forEach((place, i) => (episodes[place] = played[w].slice(i * groupSize, (i + 1) * groupSize))),
    );
    return episodes.flat();
  }

  /** Hands out the sequences that the following gradients are of. */
  async take(sequences: readonly WeightedSequence[]): Promise<void> {
    const length = (i: number) => sequences[i].tokens.length;
    this.taken = deal(sequences.length, this.workers.length, (a, b) => length(b) - length(a));
    await this.all((worker, w) => worker.take(this.taken[w].map((i) => sequences[i])));
  }

  /** The gradient of the loss of all sequences, and the sums over each, in the order in which they were taken. */
  async gradient(parameters: Float32Array): Promise<GradientPart> {
    const [first, ...others] = await this.all((worker) => worker.gradient(parameters));
    const { gradient } = first;
    for (const other of others) for (let i = 0; i < gradient.length; i++) gradient[i] += other.gradient[i];
    const sums: GradientPart["sums"][number][] = [];
    [first, ...others].forEach((part, w) => this.taken[w].forEach((i, n) => (sums[i] = part.sums[n])));
    return { gradient, sums };
  }

  async close(): Promise<void> {
    await this.all((worker) => worker.close());
  }

  private all<T>(work: (worker: Worker, index: number) => Promise<T>): Promise<T[]> {
    return Promise.all(this.workers.map(work));
  }
}

/** Indices dealt out like cards in a given order, so that each hand gets its part of every kind; one hand keeps theirs. */
function deal(count: number, hands: number, order: (a: number, b: number) => number): number[][] {
  const indices = [...Array(count).keys()];
  if (hands === 1) return [indices];
  indices.sort((a, b) => order(a, b) || a - b);
  return Array.from({ length: hands }, (_, hand) => indices.filter((_, i) => i % hands === hand));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
