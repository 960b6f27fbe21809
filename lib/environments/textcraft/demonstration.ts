/**
 * Demonstrations for behaviour cloning: the expert's play with its share of slips, in three manners of speaking, half of
 * it under other names. All variation comes from the random source.
 */
import type { Advice, Demonstration, DemonstrationTurn, RandomSource, TaskSpec } from "../../types";
import { formatReact } from "../support";
import { displayName, type CraftingTree } from "./crafting-tree";
import { TextCraftEnvironment } from "./environment";
import { textCraftExpert } from "./expert";
import { drawRenaming } from "./renaming";

/** Share of demonstrations with a slip, without thoughts, with wordier thoughts, under other names, under new names. */
const SLIP = 0.15;
const SILENT = 0.15;
const WORDY = 0.15;
const RENAMED = 0.5;
const INVENTED = 0.5;

/** Plays `task` to its end, or for `maxTurns` turns. */
export function textCraftDemonstration(
  tree: CraftingTree,
  task: TaskSpec,
  random: RandomSource,
  maxTurns: number,
): Demonstration {
  const slipAt = random.next() < SLIP ? random.integer(turnsNeeded(tree, task)) : -1;
  const manner = random.next();
  const rename =
    random.next() < RENAMED ? drawRenaming(tree, random, random.next() < INVENTED) : (text: string): string => text;
  const environment = new TextCraftEnvironment(tree);
  let shown = environment.reset(task).text;
  const expert = textCraftExpert(environment);
  const turns: DemonstrationTurn[] = [];
  while (turns.length < maxTurns) {
    const advice = expert.next();
    if (!advice) break;
    const meant = turns.length === slipAt ? slip(environment, advice, random) : advice;
    const said =
      manner < SILENT ? "" : manner < SILENT + WORDY ? wordier(meant, environment.goal, random) : meant.thought;
    turns.push({ shown: rename(shown), reply: rename(formatReact({ thought: said, action: meant.action })) });
    shown = environment.step(meant.action).observation.text;
  }
  return { task, turns };
}

function turnsNeeded(tree: CraftingTree, task: TaskSpec): number {
  const environment = new TextCraftEnvironment(tree);
  environment.reset(task);
  const expert = textCraftExpert(environment);
  let turns = 0;
  for (let advice = expert.next(); advice; advice = expert.next()) {
    environment.step(advice.action);
    turns++;
  }
  return turns;
}

/** A plausible wrong turn in place of the expert's advice. */
function slip(environment: TextCraftEnvironment, advice: Advice, random: RandomSource): Advice {
  const { shown, tree, goal } = environment;
  const recipe = random.pick(shown);
  const own = random.pick(tree.itemRecipes.get(goal)!);
  const some = random.pick(own.ingredients);
  const wanted = `${some.count} ${displayName(some.name)}`;
  const [verb, count, ...rest] = advice.action.split(" ");
  return random.pick<Advice>([
    { thought: `I need ${wanted}.`, action: `get ${wanted}` },
    { thought: `I have all for ${displayName(goal)}.`, action: own.text },
    { thought: recipe.text.replace(/^craft \d+ (.*) using (.*)$/, "to craft $1 I need $2."), action: recipe.text },
    { thought: advice.thought, action: [verb, Number(count) + 1, ...rest].join(" ") },
    { thought: advice.thought, action: advice.action.replace(/(\d+)(?=\D*$)/, (n) => String(Number(n) + 1)) },
    { thought: advice.thought, action: [verb, ...rest].join(" ") },
    { thought: "", action: "inventory" },
  ]);
}

function wordier({ thought, action }: Advice, goal: string, random: RandomSource): string {
  const intent = `so I will ${action}.`;
  return random
    .pick([
      `let me see. ${thought}`,
      `${thought} ${intent}`,
      `let me see. ${thought} ${intent}`,
      `my goal is to craft ${displayName(goal)}. ${thought}`,
    ])
    .trim();
}
