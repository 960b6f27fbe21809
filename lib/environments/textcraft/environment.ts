/** TextCraft's behaviour: commands shown at reset, then `get`, `craft` and `inventory`, answered word for word. */
import { fold, generator } from "../../random";
import type { Environment, Observation, Step, TaskSpec } from "../../types";
import { displayName, type CraftingTree, type Ingredient, type Recipe } from "./crafting-tree";
import { repr, strip } from "../python";
import { MersenneTwister } from "../mersenne";

/** At most this many recipes beside the needed ones are shown. */
const MAX_DISTRACTORS = 10;

/** A name as typed, with its count: an item's id, or a tag's when the tree knows the name as a tag. */
interface Given {
  readonly name: string;
  readonly tag: boolean;
  readonly count: bigint;
}

/** What became of an action; `crafted` is the item made, `refused` marks an action that changed nothing. */
interface Answer {
  readonly text: string;
  readonly crafted?: string;
  readonly refused?: true;
}

/** Python's int() raises beyond 4,300 digits; here such an action is not understood. */
const GET = /^get ([0-9]{1,4300}) (.*)/s;
const COUNTED = /^([0-9]{1,4300}) (.*)/s;

/**
 * One game of TextCraft on a crafting tree. Counts are bigints because the original's are unbounded.
 * `done` is true only for the step that makes the goal: the original answers further steps as if nothing had happened.
 */
export class TextCraftEnvironment implements Environment {
  private readonly held = new Map<string, bigint>();
  private solved = false;
  private goalItem = "";
  private commands: readonly Recipe[] = [];

  constructor(readonly tree: CraftingTree) {}

  /** Item id -> count, in the order of first acquisition. */
  get inventory(): ReadonlyMap<string, bigint> {
    return this.held;
  }

  /** The recipes the agent was shown, in the order shown. */
  get shown(): readonly Recipe[] {
    return this.commands;
  }

  get goal(): string {
    return this.goalItem;
  }

  get isSolved(): boolean {
    return this.solved;
  }

  /** Starts the task whose `params.goal` is a craftable item's id; throws a RangeError for any other. */
  reset(task: TaskSpec): Observation {
    const goal = task.params.goal;
    if (typeof goal !== "string" || !this.tree.itemRecipes.has(goal))
      throw new RangeError(
        `params.goal must be the id of a craftable item such as "stick", got ${JSON.stringify(goal)}`,
      );
    this.held.clear();
    this.solved = false;
    this.goalItem = goal;
    this.commands = shownRecipes(this.tree, goal, task.seed);
    const lines = this.commands.map((recipe) => recipe.text).join("\n");
    return { text: `Crafting commands:\n${lines}\n\nGoal: craft ${displayName(goal)}.` };
  }

  step(action: string): Step {
    const { text, crafted, refused } = this.carryOut(action);
    const done = crafted === this.goalItem;
    this.solved ||= done;
    return { observation: { text }, reward: done ? 1 : 0, done, success: this.solved, valid: !refused };
  }

  close(): void {
    this.held.clear();
  }

  private carryOut(action: string): Answer {
    const line = firstLine(action);
    if (line.startsWith("craft ")) {
      const using = line.lastIndexOf(" using ");
      if (using >= "craft ".length)
        return this.craft(line.slice("craft ".length, using), line.slice(using + " using ".length));
    }
    const get = GET.exec(line);
    if (get) return this.get(get[2], BigInt(get[1]));
    if (line.startsWith("inventory")) return { text: this.listInventory() };
    return refusal(`Could not execute ${action}`);
  }

  private get(name: string, count: bigint): Answer {
    const id = typedId(name);
    const { tree } = this;
    if (tree.isCraftable(id) || tree.tags.has(id) || !tree.items.has(id)) return refusal(`Could not find ${name}`);
    this.add(id, count);
    return { text: `Got ${count} ${name}` };
  }

  private craft(outputText: string, inputText: string): Answer {
    const output = this.readGiven(outputText) ?? this.given(outputText, 1n);
    const inputs: Given[] = [];
    for (const part of inputText.split(",")) {
      const piece = strip(part);
      const given = this.readGiven(piece);
      if (!given) return refusal(`Wrong item format: ${piece}`);
      inputs.push(given);
    }
    for (const { name, tag, count } of inputs) {
      const held = tag ? undefined : this.held.get(name);
      if (held === undefined || held < count)
        return refusal(`Could not find enough items to craft ${output.tag ? "None" : `minecraft:${output.name}`}`);
    }
    const candidates = output.tag ? [] : (this.tree.itemRecipes.get(output.name) ?? []);
    const recipe = candidates.find((candidate) => this.uses(candidate, inputs));
    if (!recipe) return refusal(`Could not find a valid recipe for ${asPythonObject(output)}`);
    for (const { name, count } of inputs) this.add(name, -count);
    this.add(recipe.output, BigInt(recipe.count));
    return { text: `Crafted ${recipe.count} minecraft:${recipe.output}`, crafted: recipe.output };
  }

  private listInventory(): string {
    if (this.held.size === 0) return "Inventory: You are not carrying anything.";
    let text = "Inventory: ";
    for (const [item, count] of this.held) text += `[${displayName(item)}] (${count}) `;
    return text;
  }

  /** Whether the inputs are exactly the recipe's ingredients, each taken by the first input that matches its name. */
  private uses(recipe: Recipe, inputs: readonly Given[]): boolean {
    const left = inputs.slice();
    for (const ingredient of recipe.ingredients) {
      const found = left.findIndex((input) => this.matches(ingredient, input));
      if (found < 0 || left[found].count !== BigInt(ingredient.count)) return false;
      left.splice(found, 1);
    }
    return left.length === 0;
  }

  private matches(ingredient: Ingredient, input: Given): boolean {
    if (!ingredient.tag) return !input.tag && input.name === ingredient.name;
    return input.tag ? input.name === ingredient.name : this.tree.tagOf.get(input.name) === ingredient.name;
  }

  /** `3 oak planks`; undefined without a leading number. */
  private readGiven(text: string): Given | undefined {
    const match = COUNTED.exec(firstLine(text));
    return match ? this.given(match[2], BigInt(match[1])) : undefined;
  }

  private given(text: string, count: bigint): Given {
    const name = typedId(text);
    return { name, tag: this.tree.tags.has(name), count };
  }

  private add(item: string, count: bigint): void {
    const total = (this.held.get(item) ?? 0n) + count;
    if (total === 0n && count < 0n) this.held.delete(item);
    else this.held.set(item, total);
  }
}

/**
 * The needed recipes and up to ten others of those that the original draws as candidates, shuffled. Which ten, and in
 * which order, follows in the original from Python's hash order, which no two servers share; here from seed and goal.
 */
function shownRecipes(tree: CraftingTree, goal: string, seed: number): Recipe[] {
  const random = generator(fold("textcraft commands", seed, goal));
  const needed = new Map<string, Recipe>();
  for (const recipe of tree.requiredFor(goal)) needed.set(recipe.text, recipe);
  const drawn = drawnUses(tree, goal, seed);
  const others = new Map<string, Recipe>();
  for (const { ingredients } of needed.values())
    for (const { name } of ingredients)
      for (const recipe of tree.usesOf(name)) if (!needed.has(recipe.text)) others.set(recipe.text, recipe);
  const possible = random.shuffle([...others.values()]).filter(({ text }) => drawn.has(text));
  return random.shuffle([...needed.values(), ...possible.slice(0, MAX_DISTRACTORS)]);
}

/** Texts of the recipes that the original draws as candidates: up to ten uses of every ingredient on every path. */
function drawnUses(tree: CraftingTree, goal: string, seed: number): ReadonlySet<string> {
  const random = new MersenneTwister(seed);
  const drawn = new Set<string>();
  for (const { ingredients } of tree.pathsTo(goal))
    for (const { name } of ingredients) {
      const uses = tree.usesOf(name);
      for (const { text } of random.sample(uses, Math.min(uses.length, MAX_DISTRACTORS))) drawn.add(text);
    }
  return drawn;
}

/** The original's patterns stop at a line feed, and only there. */
function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return end < 0 ? text : text.slice(0, end);
}

function typedId(name: string): string {
  return name.replaceAll(" ", "_");
}

function refusal(text: string): Answer {
  return { text, refused: true };
}

function asPythonObject({ name, tag, count }: Given): string {
  const id = repr(`minecraft:${name}`);
  return `ItemTagWithCount(item_tag=ItemTag(tag=${tag ? id : "None"}, item_id=${tag ? "None" : id}), count=${count})`;
}
