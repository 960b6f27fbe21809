/** Turns a step's episodes into updates of the parameters. */
import type { PocketModel } from "../pocket/model";
import { adamUpdate } from "../pocket/optimizer";
import type { AdamState } from "../pocket/optimizer";
import type { TrainingEpisode } from "./episodes";
import type { TrainSettings } from "./settings";
import type { UpdateRecord } from "./step-record";
import type { Team } from "./team";
import type { GradientPart } from "./worker";

export interface Learned {
  readonly update: UpdateRecord;
  /** Sum over its tokens of the k3 estimate of KL(policy ‖ reference), for each episode that counts. */
  readonly divergence: ReadonlyMap<TrainingEpisode, number>;
}

/**
 * Takes `updates` steps of Adam on the episodes, in place. Episodes with advantage 0 teach nothing and are left out.
 * The record is of the last update.
 */
export async function learn(
  team: Team,
  model: PocketModel,
  adam: AdamState,
  episodes: readonly TrainingEpisode[],
  settings: TrainSettings,
  learningRate: number,
): Promise<Learned> {
  const { average, updates, klCoefficient } = settings;
  const useful = episodes.filter((e) => e.advantage !== 0 && e.old.length > 0);
  const written = useful.reduce((sum, e) => sum + e.old.length, 0);
  const weight = ({ old }: TrainingEpisode) => {
    if (average === "token") return 1 / written;
    return 1 / (useful.length * (average === "sequence" ? old.length : model.config.context));
  };
  const sequence = ({ tokens, agent, old, advantage }: TrainingEpisode) => ({ tokens, agent, old, advantage });
  await team.take(useful.map((e) => ({ ...sequence(e), weight: weight(e) })));
  let sums: GradientPart["sums"] = [];
  let gradientNorm = 0;
  for (let update = 0; update < updates; update++) {
    const part = await team.gradient(model.parameters);
    sums = part.sums;
    gradientNorm = adamUpdate(model.parameters, part.gradient, adam, learningRate);
  }
  const perToken = (of: (sum: (typeof sums)[number]) => number) =>
    written > 0 ? sums.reduce((total, sum) => total + of(sum), 0) / written : 0;
  const compared = klCoefficient > 0;
  return {
    update: {
      learningRate,
      gradientNorm,
      kl: compared ? perToken((sum) => sum.divergence) : null,
      clipped: perToken((sum) => sum.clipped),
    },
    divergence: new Map(compared ? useful.map((e, i) => [e, sums[i].divergence]) : []),
  };
}
