/**
 * TextCraft: make an item of Minecraft from basic items with the crafting commands listed.
 *
 * - Tasks: 544, one per craftable item, numbered as in the original (depth first, then recipe file name). The original
 *   takes files in the order of its file system, so the ids of published item lists cannot be told; names can.
 * - Levels: easy is depth 1 (one craft), hard is depth 2 to 4 (crafts that need crafts). Results are also told by depth.
 * - Splits: by goal, 25 / 45 / 30 % of each depth, fixed. Two goals need more than 30 turns however they are made (an
 *   anvil, a netherite block) and are kept out of training and test.
 * - Reward: 1 for the step that crafts the goal, else 0. Turns: 30, as in AgentGym-RL's evaluation.
 * - What the agent sees of possible actions: the crafting commands it needs and up to ten it does not need. What `get`
 *   accepts is not listed.
 * - Follows: TextCraft as served by AgentGym (originally of ADaPT), on the crafting recipes of Minecraft 1.16.5 in the
 *   order of their file names.
 * - Known faults kept: the count before the crafted item is ignored; a command is refused unless the amounts are exactly
 *   a recipe's; "done" is told once and the game goes on; `get 0 …` puts an empty entry into the inventory; white wool
 *   is no "wool"; a refusal of a recipe shows a Python object; anything that begins with "inventory" lists it.
 * - Unlike the original: which of the candidates that are not needed are shown, and in which order, follows from the task
 *   alone; in the original from Python's hash order, anew in every server. The candidates themselves are the original's.
 */
import { refuseUnknownKeys } from "../../errors";
import { hash32 } from "../../random";
import type { EnvironmentDefinition } from "../../types";
import { formatReact, parseSanitized } from "../support";
import { CraftingTree } from "./crafting-tree";
import { textCraftDemonstration } from "./demonstration";
import { TextCraftEnvironment } from "./environment";
import { textCraftExpert } from "./expert";
import { phrases, prompt } from "./prompt";
import { readRecipeFolder, readRecipeTable, type RecipeRow } from "./recipes";
import { findTask, levels, selectTasks, textCraftTasks } from "./tasks";
import { tools } from "./tools";

const VERSION = "1";
const MAX_TURNS = 30;

export interface TextCraftOptions {
  /** A folder of recipe files in the game's own format (`data/minecraft/recipes` of a data pack). */
  readonly recipes: string;
}

/** TextCraft on recipes of your own; tasks, splits and version follow from them. Throws when the folder has none. */
export function openTextCraft(options: TextCraftOptions): EnvironmentDefinition {
  refuseUnknownKeys("TextCraft", options, ["recipes"]);
  const rows = readRecipeFolder(options.recipes);
  return define(`${VERSION}-${hash32(JSON.stringify(rows)).toString(16)}`, () => rows);
}

function define(version: string, readRows: () => readonly RecipeRow[]): EnvironmentDefinition {
  const tree = once(() => new CraftingTree(readRows()));
  const tasks = once(() => textCraftTasks(tree()));
  return {
    id: "textcraft",
    title: "TextCraft",
    version,
    maxTurns: MAX_TURNS,
    levels,
    breakdown: "depth",
    prompt,
    tools,
    phrases,
    create: () => new TextCraftEnvironment(tree()),
    tasks: (query) => selectTasks(tasks(), query),
    task: (id) => findTask(tasks(), id),
    parse: parseSanitized,
    format: formatReact,
    expert: textCraftExpert,
    demonstrate: (task, random, renaming) => textCraftDemonstration(tree(), task, random, MAX_TURNS, renaming),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** TextCraft on the recipes that come with the workbench. */
export const textcraft: EnvironmentDefinition = define(VERSION, readRecipeTable);
