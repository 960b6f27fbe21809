/**
 * The expert: plans from the live inventory with the shown recipes only, depth first, and says each step of it.
 *
 * Its thoughts are chains in which every word is one copy away: from the goal to the text after its name in the list
 * of commands, from the first missing ingredient to the text after that ingredient's name, and so on down to an item
 * that can be got. What was said before is not said again unless something went wrong.
 */
import type { Environment, Expert } from "../../types";
import { displayName, type Ingredient, type Recipe } from "./crafting-tree";
import { TextCraftEnvironment } from "./environment";

/** A plan of more actions than this gathers for several crafts at once, to stay within the turns of an episode. */
const LONG_PLAN = 26;

/** One craft in progress: the recipe, how often, and the first ingredient that is still missing (or their number). */
interface Frame {
  readonly recipe: Recipe;
  readonly times: number;
  /** The ingredients with tags replaced by the item chosen for them. */
  readonly inputs: readonly Input[];
  readonly missing: number;
}

interface Input {
  readonly item: string;
  readonly need: number;
  readonly ingredient: Ingredient;
}

interface Plan {
  readonly frames: readonly Frame[];
  readonly action: string;
  /** The item that the action yields. */
  readonly yields: string;
}

/** An expert on a TextCraft environment that has been reset; throws a TypeError for other environments. */
export function textCraftExpert(environment: Environment): Expert {
  if (!(environment instanceof TextCraftEnvironment)) throw new TypeError("expected a TextCraft environment");
  const recipes = new ShallowestRecipes(environment);
  const batches = planLength(environment.goal, recipes) > LONG_PLAN;
  let last: { readonly plan: Plan; readonly held: number } | undefined;
  return {
    next() {
      if (environment.isSolved) return undefined;
      const held = counts(environment.inventory);
      const plan = planNext(environment.goal, recipes, new Map(held), batches);
      const worked = last && (held.get(last.plan.yields) ?? 0) > last.held;
      const thought = say(plan, worked ? last!.plan : undefined, held);
      last = { plan, held: held.get(plan.yields) ?? 0 };
      return { thought, action: plan.action };
    },
  };
}

/** Which recipe to use for what: the shallowest of those shown, the one shown first among equals. */
class ShallowestRecipes {
  private readonly best = new Map<string, Recipe>();

  constructor(private readonly environment: TextCraftEnvironment) {
    const { tree } = environment;
    for (const recipe of environment.shown)
      for (const name of [recipe.output, tree.tagOf.get(recipe.output)]) {
        if (name === undefined) continue;
        const known = this.best.get(name);
        if (!known || tree.recipeDepth(recipe) < tree.recipeDepth(known)) this.best.set(name, recipe);
      }
  }

  for(name: string): Recipe | undefined {
    return this.environment.tree.isCraftable(name) ? this.best.get(name) : undefined;
  }

  /** The item to use for an ingredient: for a tag one that is there in the amount needed, else the easiest to craft. */
  itemFor(ingredient: Ingredient, need: number, pool: ReadonlyMap<string, number>): string {
    if (!ingredient.tag) return ingredient.name;
    const { tagOf } = this.environment.tree;
    for (const [item, count] of pool) if (count >= need && tagOf.get(item) === ingredient.name) return item;
    return this.for(ingredient.name)!.output;
  }
}

/** The next action towards `goal`; `pool` is used up by the ingredients that are already there. */
function planNext(goal: string, recipes: ShallowestRecipes, pool: Map<string, number>, batches: boolean): Plan {
  const frames: Frame[] = [];
  let target = { item: goal, short: 1 };
  for (;;) {
    const recipe = recipes.for(target.item)!;
    const times = batches ? Math.ceil(target.short / recipe.count) : 1;
    const inputs = recipe.ingredients.map((ingredient) => {
      const need = ingredient.count * times;
      return { item: recipes.itemFor(ingredient, ingredient.count, pool), need, ingredient };
    });
    const missing = inputs.findIndex(({ item, need }) => {
      const there = pool.get(item) ?? 0;
      if (there >= need) pool.set(item, there - need);
      return there < need;
    });
    frames.push({ recipe, times, inputs, missing: missing < 0 ? inputs.length : missing });
    if (missing < 0) return { frames, action: craftAction(recipe, inputs), yields: recipe.output };
    const { item, need } = inputs[missing];
    const short = need - (pool.get(item) ?? 0);
    if (!recipes.for(item)) return { frames, action: `get ${short} ${displayName(item)}`, yields: item };
    target = { item, short };
  }
}

function craftAction({ count, output }: Recipe, inputs: readonly Input[]): string {
  const list = inputs.map(({ item, ingredient }) => `${ingredient.count} ${displayName(item)}`).join(", ");
  return `craft ${count} ${displayName(output)} using ${list}`;
}

/** Actions from an empty inventory when every craft gathers for itself. */
function planLength(goal: string, recipes: ShallowestRecipes): number {
  const pool = new Map<string, number>();
  let length = 0;
  const make = (item: string): void => {
    const recipe = recipes.for(item)!;
    for (const ingredient of recipe.ingredients) {
      const input = recipes.itemFor(ingredient, ingredient.count, pool);
      if (recipes.for(input)) while ((pool.get(input) ?? 0) < ingredient.count) make(input);
      else length++;
      if (recipes.for(input)) pool.set(input, pool.get(input)! - ingredient.count);
    }
    length++;
    pool.set(item, (pool.get(item) ?? 0) + recipe.count);
  };
  make(goal);
  return length;
}

/** The plan in words: what is new since `before`, or all of it from the goal down. */
function say(plan: Plan, before: Plan | undefined, held: ReadonlyMap<string, number>): string {
  const sentences: string[] = [];
  let known = 0;
  if (before) {
    sentences.push(`I have ${amount(held.get(before.yields)!, before.yields)}.`);
    const open = before.action.startsWith("craft ") ? before.frames.slice(0, -1) : before.frames;
    while (known < open.length && plan.frames[known]?.recipe === open[known].recipe) known++;
    if (known > 0) sentences.push(progress(plan.frames[known - 1], open[known - 1].missing));
  }
  for (const frame of plan.frames.slice(known)) {
    const again = frame.missing === frame.inputs.length && frame.recipe.output === before?.yields;
    if (!again) sentences.push(recipeSentence(frame));
    sentences.push(progress(frame));
  }
  return sentences.filter(Boolean).join(" ");
}

function recipeSentence({ recipe, times, inputs }: Frame): string {
  const list = inputs.map(({ need, ingredient }) => amount(need, ingredient.name)).join(", ");
  return `to craft ${displayName(recipe.output)}${times > 1 ? ` ${times} times` : ""} I need ${list}.`;
}

/** Where the gathering for a craft stands; `before` is the ingredient that was missing when it was last spoken of. */
function progress({ recipe, inputs, missing }: Frame, before?: number): string {
  if (missing === inputs.length) return `I have all for ${displayName(recipe.output)}.`;
  const { item, need, ingredient } = inputs[missing];
  const sentences: string[] = [];
  if (missing === before) sentences.push(`I still need ${amount(need, ingredient.name)}.`);
  else if (missing > 0) sentences.push(`next I need ${amount(need, ingredient.name)}.`);
  if (ingredient.tag) sentences.push(`${displayName(ingredient.name)} can be ${displayName(item)}.`);
  return sentences.join(" ");
}

function amount(count: number, id: string): string {
  return `${count} ${displayName(id)}`;
}

function counts(inventory: ReadonlyMap<string, bigint>): Map<string, number> {
  return new Map([...inventory].map(([item, count]) => [item, Number(count)]));
}
