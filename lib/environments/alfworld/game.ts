/** A game: a room and a goal. */
import { FactBase } from "./facts";
import { describeGoal, parseGoal, type GoalSummary } from "./goal";
import { compileGoal, type GoalCheck } from "./goal-check";
import { readRoom, type GameSource, type Room } from "./room";

export interface Game {
  readonly room: Room;
  readonly isWon: GoalCheck;
  /** The goal in a few words; undefined where it is none of ALFWorld's six kinds. */
  readonly goal: GoalSummary | undefined;
}

/** Makes a game of its source; throws an Error that names what the rules have no place for. */
export function compileGame(source: GameSource): Game {
  const facts = new FactBase(source.problem);
  const room = readRoom(source, facts);
  const queries = parseGoal(source.problem.goal);
  return { room, isWon: compileGoal(queries, room, facts), goal: describeGoal(queries) };
}
