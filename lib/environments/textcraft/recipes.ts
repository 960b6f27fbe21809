/**
 * Recipes as rows: the few facts of a Minecraft 1.16.5 crafting recipe that TextCraft uses.
 *
 * Ids are written without their `minecraft:` prefix. Of several alternatives for an ingredient only the first counts,
 * as in the original.
 */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { dataFile } from "../../data";

/** `[file name without .json, group, output, count, [[ingredient, count], …]]`; a tag's name begins with `#`. */
export type RecipeRow = readonly [
  file: string,
  group: string | null,
  output: string,
  count: number,
  ingredients: readonly (readonly [name: string, count: number])[],
];

/** The rows that come with the workbench, in the canonical order: file names sorted by code point. */
export function readRecipeTable(): RecipeRow[] {
  return JSON.parse(readFileSync(dataFile("textcraft", "recipes.json"), "utf8")) as RecipeRow[];
}

/** Rows from a folder of recipe files in the game's own JSON format, in the canonical order. */
export function readRecipeFolder(folder: string): RecipeRow[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  if (files.length === 0) throw new Error(`no recipe files (*.json) in ${folder}`);
  return recipeRows(
    Object.fromEntries(files.map((file) => [file, JSON.parse(readFileSync(path.join(folder, file), "utf8"))])),
  );
}

/** Rows of all crafting recipes among `files` (file name -> parsed JSON); smelting and the like are passed over. */
export function recipeRows(files: { readonly [file: string]: GameRecipe }): RecipeRow[] {
  return Object.keys(files)
    .sort()
    .filter((file) => INGREDIENTS[files[file].type])
    .map((file) => {
      const { type, group, result } = files[file];
      if (result === undefined) throw new Error(`recipe ${file} has no result`);
      const output = typeof result === "string" ? { item: result } : result;
      return [
        path.basename(file, ".json"),
        group ?? null,
        bareId(output.item),
        output.count || 1,
        INGREDIENTS[type](files[file]),
      ];
    });
}

interface NamedIngredient {
  readonly item?: string;
  readonly tag?: string;
}
type GameIngredient = NamedIngredient | readonly NamedIngredient[];

/** The part of the game's recipe format that matters here. */
export interface GameRecipe {
  readonly type: string;
  readonly group?: string;
  readonly pattern?: readonly string[];
  readonly key?: { readonly [symbol: string]: GameIngredient };
  readonly ingredients?: readonly GameIngredient[];
  readonly result?: string | { readonly item: string; readonly count?: number };
}

const INGREDIENTS: { readonly [type: string]: (recipe: GameRecipe) => [string, number][] } = {
  "minecraft:crafting_shaped": ({ pattern = [], key = {} }) => {
    const cells = pattern.join("");
    return Object.entries(key).map(([symbol, ingredient]) => [rowName(ingredient), cells.split(symbol).length - 1]);
  },
  "minecraft:crafting_shapeless": ({ ingredients = [] }) => {
    const counts = new Map<string, number>();
    for (const name of ingredients.map(rowName)) counts.set(name, (counts.get(name) ?? 0) + 1);
    return [...counts];
  },
};

function rowName(ingredient: GameIngredient): string {
  const first = (Array.isArray(ingredient) ? ingredient[0] : ingredient) as NamedIngredient;
  return first.item !== undefined ? bareId(first.item) : `#${bareId(first.tag ?? "")}`;
}

function bareId(id: string): string {
  if (!id.startsWith("minecraft:")) throw new Error(`expected an id that begins with "minecraft:", got "${id}"`);
  return id.slice("minecraft:".length);
}
