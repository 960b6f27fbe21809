/**
 * Demonstrations for behaviour cloning: the expert's play with its share of slips, in three manners of speaking, half of
 * it under other names. All variation comes from the random source.
 */
import type { Advice, Demonstration, DemonstrationTurn, RandomSource, TaskSpec } from "../../types";
import { formatReact } from "../support";
import { admissibleCommands } from "./commands";
import { AlfWorldEnvironment } from "./environment";
import { alfWorldExpert } from "./expert";
import { compileGame, type Game } from "./game";
import type { GameLibrary } from "./library";
import { classOfName } from "./names";
import { renderAlfWorld } from "./prompt";
import { drawRenaming, renameGame } from "./renaming";
import { splitOfGoal } from "./tasks";

/** Share of demonstrations with a slip, without thoughts, with wordier thoughts, under other names, under new names. */
const SLIP = 0.16;
const SILENT = 0.15;
const WORDY = 0.15;
const RENAMED = 0.5;
const INVENTED = 0.3;

/** Plays `task` to its end, or for `maxTurns` turns. */
export function alfWorldDemonstration(
  library: GameLibrary,
  task: TaskSpec,
  random: RandomSource,
  maxTurns: number,
): Demonstration {
  const slips = random.next() < SLIP;
  const manner = random.next();
  const game = random.next() < RENAMED ? renamed(library, task, random) : library.load(task);
  const slipAt = slips ? random.integer(turnsNeeded(game, task, maxTurns)) : -1;
  const environment = new AlfWorldEnvironment(() => game);
  const expert = alfWorldExpert(environment, maxTurns);
  const turns: DemonstrationTurn[] = [];
  let observation = environment.reset(task);
  while (turns.length < maxTurns) {
    const advice = expert.next();
    if (!advice) break;
    const { thought, action } = turns.length === slipAt ? slip(environment, advice, random) : advice;
    const said = manner < SILENT ? "" : manner < SILENT + WORDY ? wordier({ thought, action }, random) : thought;
    turns.push({
      shown: renderAlfWorld(observation, turns.length),
      reply: formatReact({ thought: said, action }),
    });
    observation = environment.step(action).observation;
  }
  return { task, turns };
}

/** The game under other names, but not such that its goal becomes one of another split. */
function renamed(library: GameLibrary, task: TaskSpec, random: RandomSource): Game {
  const source = library.source(task);
  for (let tries = 0; tries < 20; tries++) {
    const game = compileGame(renameGame(source, drawRenaming(random, random.next() < INVENTED)));
    const split = game.goal && splitOfGoal(game.goal);
    if (!split || split === task.split) return game;
  }
  return library.load(task);
}

function turnsNeeded(game: Game, task: TaskSpec, maxTurns: number): number {
  const environment = new AlfWorldEnvironment(() => game);
  environment.reset(task);
  const expert = alfWorldExpert(environment, maxTurns);
  for (let advice = expert.next(); advice; advice = expert.next()) environment.step(advice.action);
  return Math.max(1, environment.steps);
}

/** A plausible wrong turn in place of the expert's advice. */
function slip({ world, goal }: AlfWorldEnvironment, advice: Advice, random: RandomSource): Advice {
  const { room } = world;
  const possible: Advice[] = [
    { thought: "", action: "look" },
    { thought: "", action: "inventory" },
  ];
  const instead = (from: string, to: string): Advice => ({
    thought: advice.thought.replaceAll(from, to),
    action: advice.action.replaceAll(from, to),
  });
  for (const { name } of [...room.receptacles, ...room.things])
    if (advice.action.endsWith(name) || advice.action.includes(`${name} `)) {
      const other = random.pick([...room.receptacles, ...room.things]).name;
      possible.push(instead(name, `${classOfName(name)} ${1 + random.integer(3)}`), instead(name, other));
    }
  const wanted = goal?.object ?? "thing";
  for (const near of world.here) {
    const { name } = room.receptacles[near];
    possible.push({
      thought: `I need a ${wanted}. ${wanted} 1 is at ${name}. I take it.`,
      action: `take ${wanted} 1 from ${name}`,
    });
  }
  const others = admissibleCommands(world).filter(
    (command) => command !== advice.action && /^(take|put|go)/.test(command),
  );
  for (const action of others.length > 0 ? [random.pick(others)] : [])
    possible.push({ thought: `I ${action}.`, action });
  return random.pick(possible.filter(({ action }) => action !== advice.action));
}

function wordier({ thought, action }: Advice, random: RandomSource): string {
  const intent = `So I ${action}.`;
  return random.pick([`Let me see. ${thought}`, `${thought} ${intent}`, `Let me see. ${thought} ${intent}`]).trim();
}
