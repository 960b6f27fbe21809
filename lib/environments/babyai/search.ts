/** Looking ahead in what is believed: which action to take now, so that few further ones are needed. */
import type { Belief, Effect, Pose } from "./belief";
import type { Menu } from "./menu";
import { VIEW } from "./view";
import type { Thing } from "./world";

/** How many poses a search may look at. */
const MAX_POSES = 1500;

interface Prospect {
  readonly pose: Pose;
  /** The action to take now to get there, and the number of actions it takes. */
  readonly first: string;
  readonly actions: number;
}

export interface Attempt {
  readonly from: Pose;
  readonly action: string;
  readonly effect: Effect;
}

/**
 * The first action of a shortest sequence whose last one is accepted; of equally short ones the earliest listed.
 * `shun` are doors to be left shut. Undefined if there is none within 1,500 poses.
 */
export function firstAction(
  belief: Belief,
  now: Menu["moves"],
  accept: (attempt: Attempt) => boolean,
  shun: ReadonlySet<Thing | null>,
): string | undefined {
  for (const { prospect, attempt } of attempts(belief, now, shun)) if (accept(attempt)) return prospect.first;
  return undefined;
}

/**
 * The first action towards the pose from which most unknown cells come into view, divided by the square of the number
 * of actions: without the square, the agent runs about. Undefined if no unknown cell can come into view.
 */
export function mostNews(belief: Belief, now: Menu["moves"], shun: ReadonlySet<Thing | null>): string | undefined {
  let best: string | undefined;
  let bestRate = 0;
  for (const { prospect, isNew } of attempts(belief, now, shun)) {
    if ((VIEW * VIEW) / prospect.actions ** 2 <= bestRate) break;
    if (!isNew) continue;
    const rate = belief.foresee(prospect.pose).news / prospect.actions ** 2;
    if (rate > bestRate) [best, bestRate] = [prospect.first, rate];
  }
  return best;
}

/** All single actions from all poses, breadth first. */
function* attempts(
  belief: Belief,
  now: Menu["moves"],
  shun: ReadonlySet<Thing | null>,
): Generator<{ prospect: Prospect; attempt: Attempt; isNew: boolean }> {
  const queue: Prospect[] = [{ pose: belief.start, first: "", actions: 0 }];
  const met = new Set([keyOf(belief.start)]);
  for (let head = 0; head < queue.length && head < MAX_POSES; head++) {
    const { pose: from, first, actions } = queue[head];
    const moves = head === 0 ? now : belief.foresee(from).menu.moves;
    for (const [action, path] of moves) {
      if (path.length === 0) continue;
      const effect = belief.effectOf(path, from);
      if (effect.pose.opened !== from.opened && belief.opens(effect.pose, shun)) continue;
      const prospect = { pose: effect.pose, first: first || action, actions: actions + 1 };
      const key = keyOf(effect.pose);
      // What is in the agent's hands and where things lie must stay as believed.
      const isNew = !met.has(key) && !action.startsWith("pickup") && action !== "drop";
      yield { prospect, attempt: { from, action, effect }, isNew };
      if (!isNew) continue;
      met.add(key);
      queue.push(prospect);
    }
  }
}

const keyOf = ({ x, y, direction, opened }: Pose): string => `${x},${y},${direction},${opened}`;
