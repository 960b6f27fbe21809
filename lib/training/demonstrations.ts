/** Demonstrations as token sequences for behaviour cloning. */
import type { TokenSequence } from "../pocket/engine";
import { END_OF_REPLY } from "../pocket/tokenizer";
import type { Tokenizer } from "../pocket/tokenizer";
import { fold, generator } from "../random";
import type { Demonstration, DemonstrationTurn, EnvironmentDefinition, TaskSpec } from "../types";
import { inventNames, namesIn, withNames } from "./names";

export interface DemonstrationSource {
  readonly definition: EnvironmentDefinition;
  /** Share of the written tokens that comes from this environment, relative to the other sources. */
  readonly weight: number;
  /** Relative frequency of tasks by level; levels not named have weight 1. */
  readonly levels?: { readonly [level: string]: number };
  /** Share of demonstrations in which names are replaced by invented words. Default 0. */
  readonly invented?: number;
  /** Whether half of them are under other names of their kind. Default true. */
  readonly renaming?: boolean;
  /** Whether replies have the thoughts before their action. Default true. */
  readonly thoughts?: boolean;
}

/** The episode as the model sees it: what was shown, then the reply and its end, turn by turn. */
export function encodeDemonstration(tokenizer: Tokenizer, demonstration: Demonstration): TokenSequence {
  const tokens: number[] = [];
  const agent: number[] = [];
  for (const { shown, reply } of demonstration.turns) {
    const read = tokenizer.encode(shown);
    const written = [...tokenizer.encode(reply), END_OF_REPLY];
    tokens.push(...read, ...written);
    agent.push(...read.map(() => 0), ...written.map(() => 1));
  }
  return { tokens: Int32Array.from(tokens), agent: Uint8Array.from(agent) };
}

/** Demonstration number `index` of a source: level by weight, then a task of it, then its own variation. */
export function demonstration(source: DemonstrationSource, index: number, key: string): Demonstration {
  const { definition, levels, invented = 0, renaming, thoughts = true } = source;
  const random = generator(fold(key, "demonstration", definition.id, index));
  const named = Object.keys(definition.levels);
  const weights = named.map((level) => levels?.[level] ?? 1);
  let rest = random.next() * weights.reduce((a, b) => a + b, 0);
  const level = named.find((_, i) => (rest -= weights[i]) < 0) ?? named[named.length - 1];
  const tasks: readonly TaskSpec[] = definition.tasks({ split: "demonstration", level });
  const spoken = definition.demonstrate(random.pick(tasks), random, renaming);
  const played = thoughts ? spoken : { ...spoken, turns: spoken.turns.map((turn) => silent(turn, definition)) };
  if (random.next() >= invented) return played;
  const names = inventNames(namesIn(played.turns, definition.phrases), random);
  return { ...played, turns: withNames(played.turns, names) };
}

/** The turn without its thought; a reply that does not parse stays as it is. */
function silent({ shown, reply }: DemonstrationTurn, definition: EnvironmentDefinition): DemonstrationTurn {
  const parsed = definition.parse(reply);
  if (parsed.error !== undefined) return { shown, reply };
  return { shown, reply: definition.format({ thought: "", action: parsed.action.replace(/^.*<\/think>/s, "") }) };
}

/**
 * Endless training sequences, each environment getting its share of written tokens: the next demonstration is of
 * the source that is furthest behind its share. Episodes longer than `context` are left out.
 */
export function* demonstrationStream(
  sources: readonly DemonstrationSource[],
  tokenizer: Tokenizer,
  context: number,
  key: string,
): Generator<TokenSequence, never> {
  const given = sources.map(() => ({ tokens: 0, index: 0 }));
  let tooLong = 0;
  for (;;) {
    const behind = sources.map((source, i) => given[i].tokens / source.weight);
    const i = behind.indexOf(Math.min(...behind));
    const sequence = encodeDemonstration(tokenizer, demonstration(sources[i], given[i].index++, key));
    if (sequence.tokens.length > context) {
      if (++tooLong >= 1000)
        throw new RangeError(`1000 demonstrations in a row exceed the context of ${context} tokens`);
      continue;
    }
    tooLong = 0;
    given[i].tokens += sequence.agent.reduce((a, b) => a + b, 0);
    yield sequence;
  }
}
