/** What a rule is, and a trajectory as rules read it. */
import { environments } from "../environments";
import type { Trajectory } from "../types";
import type { Mode } from "./modes";

/** One turn with what came of it. */
export interface ReadTurn {
  readonly turn: number;
  readonly shown: string;
  readonly reply: string;
  readonly thought: string;
  readonly action: string;
  readonly valid: boolean;
  /** What the environment said to the action. */
  readonly answer: string;
}

export interface Episode {
  readonly trajectory: Trajectory;
  readonly turns: readonly ReadTurn[];
}

/** Where a rule applies: the turn, counted from 0, and the words that triggered it. */
export interface Evidence {
  readonly turn: number;
  readonly text: string;
}

export interface Rule {
  /** Unique; names the rule beside its evidence. */
  readonly id: string;
  readonly mode: Mode;
  /** Environments that it reads; default all. */
  readonly envs?: readonly string[];
  /** No evidence, no label. */
  find(episode: Episode): readonly Evidence[];
}

/** Splits thoughts from actions as the environment's client does; the environment itself is not needed. */
export function readEpisode(trajectory: Trajectory): Episode {
  const definition = environments.find(({ id }) => id === trajectory.task.env);
  const turns = trajectory.turns.map(({ shown, reply, action, valid }, turn): ReadTurn => {
    const answer = trajectory.turns[turn + 1]?.shown ?? trajectory.last;
    return { turn, shown, reply, action, valid, answer, thought: definition?.parse(reply).thought ?? reply };
  });
  return { trajectory, turns };
}

/** Evidence in every turn for which `test` has words. */
export function everyTurn(test: (turn: ReadTurn, episode: Episode) => string | undefined) {
  return (episode: Episode): Evidence[] =>
    episode.turns.flatMap((turn) => {
      const text = test(turn, episode);
      return text === undefined ? [] : [{ turn: turn.turn, text }];
    });
}

/** All that was shown up to and including this turn's observation. */
export function seenBefore(episode: Episode, turn: number): string {
  return episode.turns
    .slice(0, turn + 1)
    .map(({ shown }) => shown)
    .join("\n");
}
