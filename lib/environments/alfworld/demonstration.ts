/**
 * Demonstrations for behaviour cloning: the expert's play with its share of slips, in three manners of speaking, half of
 * it under other names. All variation comes from the random source.
 */
import type { Advice, Demonstration, DemonstrationTurn, RandomSource, TaskSpec } from "../../types";
import { formatReact } from "../support";
import { AlfWorldEnvironment } from "./environment";
import { alfWorldExpert } from "./expert";
import { compileGame, type Game } from "./game";
import type { GameLibrary } from "./library";
import { classOfName } from "./names";
import { renderAlfWorld } from "./prompt";
import { drawRenaming, renameGame } from "./renaming";
import { splitOfGoal } from "./goal-splits";

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
  renaming = true,
): Demonstration {
  const slips = random.next() < SLIP;
  const manner = random.next();
  const game = random.next() < RENAMED && renaming ? renamed(library, task, random) : library.load(task);
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
function slip({ world, game }: AlfWorldEnvironment, advice: Advice, random: RandomSource): Advice {
  const { room, here, held } = world;
  const wanted = game.goal?.object ?? "";
  const nameOf = (receptacle: number): string => room.receptacles[receptacle].name;
  const take = (thing: string, receptacle: number): Advice => ({
    thought: `I need a ${wanted}. ${thing} is at ${nameOf(receptacle)}. I take it.`,
    action: `take ${thing} from ${nameOf(receptacle)}`,
  });
  const [target] = [...room.receptacles, ...room.things].filter(({ name }) => advice.action.endsWith(` ${name}`));
  const instead = (name: string): Advice => ({
    thought: advice.thought.replaceAll(target.name, name),
    action: advice.action.replace(target.name, name),
  });
  const possible: Advice[] = [{ thought: "", action: random.pick(["look", "inventory"]) }];
  if (target) possible.push(instead(`${classOfName(target.name)} ${1 + random.integer(3)}`));
  if (advice.action.startsWith("go to ")) possible.push(instead(random.pick(room.receptacles).name));
  for (const near of here) {
    if (held.length > 0) {
      const [thing] = held.map((index) => room.things[index].name);
      const [verb, joint] = room.wording === "put" ? ["put", "in/on"] : ["move", "to"];
      const put = `${verb} ${thing} ${joint} ${nameOf(near)}`;
      possible.push({ thought: `I have ${thing}. I must put it in ${nameOf(near)}.`, action: put });
      continue;
    }
    possible.push(take(`${wanted} 1`, near));
    if (world.isAccessible(near))
      for (const thing of world.contents(near).slice(0, 2)) possible.push(take(room.things[thing].name, near));
  }
  const wrong = possible.filter(({ action }) => action !== advice.action);
  return random.pick(wrong);
}

function wordier({ thought, action }: Advice, random: RandomSource): string {
  const intent = `So I ${action}.`;
  return random.pick([`Let me see. ${thought}`, `${thought} ${intent}`, `Let me see. ${thought} ${intent}`]).trim();
}
