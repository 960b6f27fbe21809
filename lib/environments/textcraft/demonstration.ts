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

/** Shares of demonstrations: with a slip (some do no harm), without thoughts, with wordier thoughts, under other names. */
const SLIP = 0.2;
const SILENT = 0.15;
const WORDY = 0.15;
const RENAMED = 0.5;
/** Share of the renamed ones whose names are new. */
const INVENTED = 0.5;

/**
 * Plays `task` to its end, or for `maxTurns` turns, with commands shown in an order and beside others drawn anew, so that
 * many demonstrations of one task differ.
 */
export function textCraftDemonstration(
  tree: CraftingTree,
  task: TaskSpec,
  random: RandomSource,
  maxTurns: number,
  renaming = true,
): Demonstration {
  const redrawn = { ...task, seed: random.integer(2 ** 31) };
  const slipAt = random.next() < SLIP ? random.integer(turnsNeeded(tree, redrawn)) : -1;
  const manner = random.next();
  const rename =
    random.next() < RENAMED && renaming
      ? drawRenaming(tree, random, random.next() < INVENTED)
      : (text: string): string => text;
  const environment = new TextCraftEnvironment(tree);
  let shown = environment.reset(redrawn).text;
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
function slip({ shown, tree, goal }: TextCraftEnvironment, advice: Advice, random: RandomSource): Advice {
  const other = random.pick(shown);
  const own = random.pick(tree.itemRecipes.get(goal)!);
  const crafted = own.ingredients.find(({ name }) => tree.isCraftable(name));
  const wanted = crafted ? `${crafted.count} ${displayName(crafted.name)}` : `1 ${displayName(goal)}`;
  const [verb, , ...name] = advice.action.split(" using ")[0].split(" ");
  return random.pick<Advice>([
    { thought: `I need ${wanted}.`, action: `get ${wanted}` },
    { thought: `I have all for ${displayName(goal)}.`, action: own.text },
    { thought: other.text.replace(/^craft \d+ (.*) using (.*)$/, "to craft $1 I need $2."), action: other.text },
    { ...advice, action: advice.action.replace(/\d+(?=\D*$)/, (count) => String(Number(count) + 1)) },
    { ...advice, action: [verb, ...name].join(" ") },
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
