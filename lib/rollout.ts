/** Lets a policy act in an environment until the episode ends. */
import { RunStopped } from "./errors";
import { fold } from "./random";
import type { EnvironmentDefinition, Outcome, Policy, Session, TaskSpec, Trajectory, Turn } from "./types";
import { version } from "./version";

export interface Episode {
  readonly definition: EnvironmentDefinition;
  readonly task: TaskSpec;
  readonly attempt: number;
  /** Key of all randomness of this episode. */
  readonly key: string;
  /** Turns after which the episode is cut off; default: the environment's. */
  readonly maxTurns?: number;
}

/**
 * One episode. A reply that the original's client answers itself (several actions) costs a turn without a step.
 * Whatever the environment or the policy throws makes the outcome `error`, but {@link RunStopped} is passed on.
 */
export async function rollout(policy: Policy, episode: Episode): Promise<Trajectory> {
  const { definition, task, attempt } = episode;
  const environment = definition.create();
  const turns: Turn[] = [];
  let outcome: Outcome = "truncated";
  let reward = 0;
  let shown = "";
  let error: string | undefined;
  const show = definition.render ?? ((observation) => observation.text);
  let session: Session | undefined;
  try {
    session = policy.begin({ definition, environment, task, attempt, key: episode.key });
    let observation = await environment.reset(task);
    shown = show(observation, 0);
    while (turns.length < (episode.maxTurns ?? definition.maxTurns)) {
      const reply = await session.act(shown, observation.actions);
      if (!reply) break;
      const parsed = definition.parse(reply.text);
      const { text, tokens, notes } = reply;
      const common = { shown, reply: text, action: parsed.action, tokens, ...(notes && { notes }) };
      if (parsed.error !== undefined) {
        turns.push({ ...common, reward: 0, valid: false });
        reward = 0;
        shown = parsed.error;
        continue;
      }
      const step = await environment.step(parsed.action);
      turns.push({ ...common, reward: step.reward, valid: step.valid });
      reward = step.reward;
      observation = step.observation;
      shown = show(observation, turns.length);
      if (step.success || step.done) {
        outcome = step.success ? "success" : "failure";
        break;
      }
    }
  } catch (thrown) {
    if (thrown instanceof RunStopped) throw thrown;
    outcome = "error";
    error = thrown instanceof Error ? thrown.message : String(thrown);
  } finally {
    session?.close?.();
    environment.close();
  }
  return {
    task,
    attempt,
    policy: policy.id,
    version,
    turns,
    last: shown,
    reward,
    outcome,
    ...(error !== undefined && { error }),
  };
}

/** All attempts at all tasks, keyed so that policies meet the same randomness: paired comparisons. */
export function attemptsAt(
  definition: EnvironmentDefinition,
  tasks: readonly TaskSpec[],
  k: number,
  key: string,
  maxTurns?: number,
): Episode[] {
  return tasks.flatMap((task) =>
    Array.from({ length: k }, (_, attempt) => ({
      definition,
      task,
      attempt,
      maxTurns,
      key: fold(key, task.id, attempt),
    })),
  );
}
