/**
 * What can be crafted from what, built from recipe rows by the original's single pass.
 *
 * The pass depends on the order of the rows: a recipe that would close a cycle with earlier ones is left out, and with
 * it changes which items are basic. The side effects of recipes that are left out are kept as in the original.
 */
import type { RecipeRow } from "./recipes";

/** An ingredient; `tag` is true when any item of the tag `name` will do (settled once the whole tree is known). */
export interface Ingredient {
  readonly name: string;
  readonly count: number;
  tag: boolean;
}

export interface Recipe {
  readonly output: string;
  readonly count: number;
  readonly ingredients: readonly Ingredient[];
  /** The command as shown: `craft 4 stick using 2 planks`. */
  readonly text: string;
}

/** An id as the texts write it: `oak_planks` -> `oak planks`. */
export function displayName(id: string): string {
  return id.replaceAll("_", " ");
}

export class CraftingTree {
  readonly itemRecipes = new Map<string, Recipe[]>();
  readonly tagRecipes = new Map<string, Recipe[]>();
  readonly tags = new Set<string>();
  readonly items = new Set<string>();
  /** The tag an item counts as when a recipe asks for a tag. */
  readonly tagOf = new Map<string, string>();
  private readonly uses = new Map<string, Recipe[]>();
  private readonly depths = new Map<string, number>();
  private readonly paths = new Map<string, readonly Recipe[]>();

  constructor(rows: readonly RecipeRow[]) {
    const dependencies = new Map<string, Set<string>>();
    for (const row of rows) this.add(row, dependencies);
    this.turnUncraftableTagsIntoItems();
    for (const recipes of [...this.itemRecipes.values(), ...this.tagRecipes.values()])
      for (const recipe of recipes) for (const { name } of recipe.ingredients) append(this.uses, name, recipe);
  }

  isCraftable(name: string): boolean {
    return this.itemRecipes.has(name) || this.tagRecipes.has(name);
  }

  /** All recipes that make an item, or any item of a tag; empty for basic items. */
  recipesFor(name: string): readonly Recipe[] {
    return this.itemRecipes.get(name) ?? this.tagRecipes.get(name) ?? [];
  }

  /** Every recipe that uses this ingredient; recipes of a group occur twice, as in the original. */
  usesOf(name: string): readonly Recipe[] {
    return this.uses.get(name) ?? [];
  }

  /** All recipes on the way to an item, each once, in depth-first order from the item down. */
  requiredFor(goal: string): Recipe[] {
    const found = new Set<Recipe>();
    const visited = new Set<string>();
    const visit = (name: string): void => {
      if (visited.has(name)) return;
      visited.add(name);
      const recipes = this.recipesFor(name);
      for (const recipe of recipes) found.add(recipe);
      for (const recipe of recipes) for (const ingredient of recipe.ingredients) visit(ingredient.name);
    };
    visit(goal);
    return [...found];
  }

  /** The recipes met on all paths down from a goal, a recipe once for each path: the original's traversal. */
  pathsTo(goal: string): readonly Recipe[] {
    let found = this.paths.get(goal);
    if (!found) this.paths.set(goal, (found = this.pathsFrom(goal, new Set())));
    return found;
  }

  private pathsFrom(name: string, above: ReadonlySet<string>): Recipe[] {
    if (above.has(name)) return [];
    const recipes = this.recipesFor(name);
    const path = new Set(above).add(name);
    const below = recipes.flatMap(({ ingredients }) => ingredients.flatMap((one) => this.pathsFrom(one.name, path)));
    return [...recipes, ...below];
  }

  /** Crafting steps from basic items along the shallowest recipes: 0 for basic items. */
  depth(name: string): number {
    const known = this.depths.get(name);
    if (known !== undefined) return known;
    const recipes = this.recipesFor(name);
    const depth = recipes.length === 0 ? 0 : Math.min(...recipes.map((recipe) => this.recipeDepth(recipe)));
    this.depths.set(name, depth);
    return depth;
  }

  /** One more than the depth of the deepest ingredient. */
  recipeDepth(recipe: Recipe): number {
    return 1 + Math.max(...recipe.ingredients.map((ingredient) => this.depth(ingredient.name)));
  }

  /** The craftable items with their depths, shallow ones first: the original's task numbering. */
  goals(): { readonly goal: string; readonly depth: number }[] {
    return [...this.itemRecipes.keys()]
      .map((goal) => ({ goal, depth: this.depth(goal) }))
      .filter(({ depth }) => depth >= 1)
      .sort((a, b) => a.depth - b.depth);
  }

  private add([, group, output, count, cells]: RecipeRow, dependencies: Map<string, Set<string>>): void {
    const ingredients = cells.map(([cell, n]) =>
      cell.startsWith("#") ? { name: cell.slice(1), count: n, tag: true } : { name: cell, count: n, tag: false },
    );
    for (const { name, tag } of ingredients) (tag ? this.tags : this.items).add(name);
    this.items.add(output);
    if (ingredients.length === 1 && ingredients[0].name.endsWith("_block")) return;
    if (group !== null && group !== output) {
      this.tags.add(group);
      this.tagOf.set(output, group);
    }
    const below = dependencies.get(output) ?? new Set<string>();
    dependencies.set(output, below);
    if (ingredients.some(({ name }) => dependencies.get(name)?.has(output))) return;
    for (const { name } of ingredients) {
      below.add(name);
      for (const further of dependencies.get(name) ?? []) below.add(further);
    }
    const list = ingredients.map((ingredient) => `${ingredient.count} ${displayName(ingredient.name)}`).join(", ");
    const recipe = { output, count, ingredients, text: `craft ${count} ${displayName(output)} using ${list}` };
    append(this.itemRecipes, output, recipe);
    if (group !== null) append(this.tagRecipes, group, recipe);
  }

  /** A tag of which no item can be crafted becomes an item by that name ("acacia logs"), so that it can be got. */
  private turnUncraftableTagsIntoItems(): void {
    const craftableTags = new Set([...this.itemRecipes.keys()].map((item) => this.tagOf.get(item)));
    for (const recipes of this.itemRecipes.values())
      for (const recipe of recipes)
        for (const ingredient of recipe.ingredients)
          if (ingredient.tag && !craftableTags.has(ingredient.name)) {
            ingredient.tag = false;
            this.items.add(ingredient.name);
            this.tags.delete(ingredient.name);
          }
  }
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
