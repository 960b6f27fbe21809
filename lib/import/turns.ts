/** From what was shown and replied to the turns of a trajectory. */
import type { EnvironmentDefinition, Turn } from "../types";
import { FORMS } from "./forms";

/** What the agent saw and what it replied to that. */
export type Exchange = readonly [shown: string, reply: string];

/**
 * The turns of an episode that was recorded as text. Replies are parsed as the environment's client parses them, and
 * whether an action was carried out is read from what was shown next (`last` after the last). Logs keep one reward for
 * an episode: it is the last turn's, all others have 0.
 */
export function turnsOf(
  definition: EnvironmentDefinition,
  exchanges: readonly Exchange[],
  last: string,
  reward: number,
): Turn[] {
  const form = FORMS[definition.id];
  return exchanges.map(([shown, reply], i) => {
    const { action, error } = definition.parse(reply);
    const isLast = i === exchanges.length - 1;
    const answer = isLast ? last : exchanges[i + 1][0];
    const valid = error === undefined && !form.refused(answer, action, shown);
    return { shown, reply, action, reward: isLast ? reward : 0, valid };
  });
}
