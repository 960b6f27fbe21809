import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { openTextCraft, textcraft } from "../../lib/environments/textcraft";
import { CraftingTree } from "../../lib/environments/textcraft/crafting-tree";
import { TextCraftEnvironment } from "../../lib/environments/textcraft/environment";
import { repr, strip } from "../../lib/environments/python";
import { readRecipeTable, recipeRows, type GameRecipe, type RecipeRow } from "../../lib/environments/textcraft/recipes";
import type { Step, TaskSpec } from "../../lib/types";

/** A small world with every quirk of the tree: kinds, pretended items, blocks, a cycle, a group named like its item. */
const ROWS: readonly RecipeRow[] = [
  ["ash_planks", "planks", "ash_planks", 4, [["#ash_logs", 1]]],
  ["bar", "bar", "bar", 1, [["nugget", 9]]],
  ["bar_from_block", "bar", "bar", 9, [["bar_block", 1]]],
  [
    "bed",
    "bed",
    "bed",
    1,
    [
      ["#planks", 3],
      ["thread", 2],
    ],
  ],
  ["elm_planks", "planks", "elm_planks", 4, [["#elm_logs", 1]]],
  [
    "fork",
    null,
    "fork",
    1,
    [
      ["bar", 2],
      ["stick", 1],
    ],
  ],
  ["nugget", null, "nugget", 9, [["bar", 1]]],
  ["stick", "sticks", "stick", 4, [["#planks", 2]]],
];
const tree = new CraftingTree(ROWS);

function taskFor(goal: string): TaskSpec {
  return { id: "t", env: "textcraft", level: "easy", split: "test", seed: 42, params: { goal } };
}

/** A game of the small world after some actions. */
function game(goal: string, ...actions: readonly string[]): (action: string) => Step {
  const environment = new TextCraftEnvironment(tree);
  environment.reset(taskFor(goal));
  for (const action of actions) environment.step(action);
  return (action) => environment.step(action);
}

describe("the crafting tree", () => {
  it("drops recipes from a single block and recipes that close a cycle, but knows their items", () => {
    expect(tree.recipesFor("bar").map((recipe) => recipe.text)).toEqual(["craft 1 bar using 9 nugget"]);
    expect(tree.isCraftable("nugget")).toBe(false);
    expect([...tree.items]).toEqual(expect.arrayContaining(["bar_block", "nugget"]));
  });

  it("turns a kind of which nothing can be crafted into an item, and keeps the others as kinds", () => {
    expect([...tree.tags].sort()).toEqual(["planks", "sticks"]);
    expect(tree.items.has("ash_logs")).toBe(true);
    expect(tree.recipesFor("planks").map((recipe) => recipe.output)).toEqual(["ash_planks", "elm_planks"]);
  });

  it("orders goals by depth and keeps recipe order within a depth", () => {
    expect(tree.goals()).toEqual([
      { goal: "ash_planks", depth: 1 },
      { goal: "bar", depth: 1 },
      { goal: "elm_planks", depth: 1 },
      { goal: "bed", depth: 2 },
      { goal: "stick", depth: 2 },
      { goal: "fork", depth: 3 },
    ]);
  });

  it("lists all recipes on the way to a goal, and uses of a group's recipes twice", () => {
    expect(tree.requiredFor("stick").map((recipe) => recipe.output)).toEqual(["stick", "ash_planks", "elm_planks"]);
    expect(tree.usesOf("planks").map((recipe) => recipe.output)).toEqual(["bed", "stick", "bed", "stick"]);
  });

  it("has the original's 544 goals on the game's recipes: 125, 291, 117 and 11 by depth", () => {
    const full = new CraftingTree(readRecipeTable());
    const byDepth = [1, 2, 3, 4].map((depth) => full.goals().filter((goal) => goal.depth === depth).length);
    expect(byDepth).toEqual([125, 291, 117, 11]);
    expect([full.itemRecipes.size, full.tagRecipes.size, full.tags.size, full.items.size, full.tagOf.size]).toEqual([
      544, 39, 23, 676, 231,
    ]);
  });
});

describe("reset", () => {
  it("shows the commands on the way to the goal and names it, always in the same order", () => {
    const environment = new TextCraftEnvironment(tree);
    const { text } = environment.reset(taskFor("fork"));
    expect(environment.reset(taskFor("fork")).text).toBe(text);
    const [commands, goal] = text.split("\n\n");
    expect(goal).toBe("Goal: craft fork.");
    expect(commands.split("\n").sort()).toEqual([
      "Crafting commands:",
      "craft 1 bar using 9 nugget",
      "craft 1 bed using 3 planks, 2 thread",
      "craft 1 fork using 2 bar, 1 stick",
      "craft 4 ash planks using 1 ash logs",
      "craft 4 elm planks using 1 elm logs",
      "craft 4 stick using 2 planks",
    ]);
  });

  it("clears the inventory and the win of the episode before", () => {
    const environment = new TextCraftEnvironment(tree);
    environment.reset(taskFor("ash_planks"));
    environment.step("get 1 ash logs");
    expect(environment.step("craft 4 ash planks using 1 ash logs").success).toBe(true);
    environment.reset(taskFor("ash_planks"));
    expect(environment.step("inventory").observation.text).toBe("Inventory: You are not carrying anything.");
    expect(environment.step("inventory").success).toBe(false);
  });

  it("refuses a goal that cannot be crafted, naming it", () => {
    expect(() => new TextCraftEnvironment(tree).reset(taskFor("thread"))).toThrow(/"thread"/);
  });
});

describe("actions", () => {
  it.each([
    ["get 2 thread", "Got 2 thread"],
    ["get 007 thread", "Got 7 thread"],
    ["get 0 thread", "Got 0 thread"],
    ["get 99999999999999999999 thread", "Got 99999999999999999999 thread"],
    ["get 1 thread\nget 2 thread", "Got 1 thread"],
    ["get 1 stick", "Could not find stick"],
    ["get 1 planks", "Could not find planks"],
    ["get 1 gold", "Could not find gold"],
    ["get 1  thread", "Could not find  thread"],
    ["get 1 ", "Could not find "],
    ["get 1 thread, 1 stick", "Could not find thread, 1 stick"],
    ["get thread", "Could not execute get thread"],
    ["get -1 thread", "Could not execute get -1 thread"],
    [" get 1 thread", "Could not execute  get 1 thread"],
    ["Get 1 thread", "Could not execute Get 1 thread"],
    ["", "Could not execute "],
    ["craft 1 stick", "Could not execute craft 1 stick"],
    ["craft using 1 stick", "Could not execute craft using 1 stick"],
    ["craft 1 stick\nusing 1 thread", "Could not execute craft 1 stick\nusing 1 thread"],
    ["inventory, please", "Inventory: You are not carrying anything."],
    ["craft 1 stick using 2 ash planks", "Could not find enough items to craft minecraft:stick"],
    ["craft 1 planks using 1 ash logs", "Could not find enough items to craft None"],
    ["craft  using 1 ash logs", "Could not find enough items to craft minecraft:"],
    ["craft 1 stick using two planks", "Wrong item format: two planks"],
    ["craft 1 stick using 2 ash planks,", "Wrong item format: "],
    ["craft 1 stick using  x , 1 y", "Wrong item format: x"],
  ])("answers %j with %j", (action, text) => {
    expect(game("fork")(action).observation.text).toBe(text);
  });

  it("says which actions could be carried out", () => {
    const step = game("fork");
    expect(step("get 1 thread").valid).toBe(true);
    expect(step("inventory").valid).toBe(true);
    expect(step("get 1 stick").valid).toBe(false);
    expect(step("look").valid).toBe(false);
  });

  it("crafts by exact amounts in any order, ignores the amount typed for the result, and lists what is held", () => {
    const step = game("fork", "get 18 nugget", "get 1 ash logs", "craft 4 ash planks using 1 ash logs");
    expect(step("craft 99 stick using 2 ash planks").observation.text).toBe("Crafted 4 minecraft:stick");
    expect(step("craft bar using 9 nugget").observation.text).toBe("Crafted 1 minecraft:bar");
    step("craft 1 bar using 9 nugget");
    expect(step("inventory").observation.text).toBe("Inventory: [ash planks] (2) [stick] (4) [bar] (2) ");
    expect(step("craft 1 fork using 1 stick,2 bar")).toMatchObject({ reward: 1, done: true, success: true });
  });

  it("takes any item of a kind, of one sort at a time", () => {
    const step = game("bed", "get 2 thread", "get 1 elm logs", "craft 4 elm planks using 1 elm logs");
    expect(step("craft 1 bed using 2 elm planks, 1 elm planks, 2 thread").valid).toBe(false);
    expect(step("craft 1 bed using 2 thread, 3 elm planks").observation.text).toBe("Crafted 1 minecraft:bed");
  });

  it("shows a Python object when no recipe fits", () => {
    const step = game("fork", "get 9 ash logs");
    const refusal = "Could not find a valid recipe for ItemTagWithCount(item_tag=ItemTag(";
    expect(step("craft stick using 2 ash logs").observation.text).toBe(
      `${refusal}tag=None, item_id='minecraft:stick'), count=1)`,
    );
    expect(step("craft 4 planks using 1 ash logs").observation.text).toBe(
      `${refusal}tag='minecraft:planks', item_id=None), count=4)`,
    );
    expect(step("craft 1 chef's hat using 1 ash logs").observation.text).toBe(
      `${refusal}tag=None, item_id="minecraft:chef's_hat"), count=1)`,
    );
    expect(step("craft a using b using 1 ash logs").observation.text).toBe(
      `${refusal}tag=None, item_id='minecraft:a_using_b'), count=1)`,
    );
  });

  it("tells once that it is done and goes on; the win stays a win", () => {
    const step = game("ash_planks", "get 2 ash logs");
    expect(step("craft 4 ash planks using 1 ash logs")).toMatchObject({ reward: 1, done: true, success: true });
    expect(step("inventory")).toMatchObject({ reward: 0, done: false, success: true });
    expect(step("craft 4 ash planks using 1 ash logs")).toMatchObject({ reward: 1, done: true });
  });

  it("understands exactly what the original's three patterns match", () => {
    const words = [
      "craft ",
      "get ",
      "inventory",
      " using ",
      "1 ",
      "23 ",
      "ash logs",
      "thread",
      ",",
      " ",
      "\n",
      "\u2028",
      "x",
    ];
    const action = fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((parts) => parts.join(""));
    const patterns = [/^craft ([^\n]*) using ([^\n]*)/, /^get ([0-9]+) ([^\n]*)/, /^inventory/];
    fc.assert(
      fc.property(fc.oneof(action, fc.string({ unit: "binary" })), (text) => {
        const understood = patterns.some((pattern) => pattern.test(text));
        return understood !== (game("fork")(text).observation.text === `Could not execute ${text}`);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("never creates items but by getting and by recipes, and never holds less than none", () => {
    const action = fc.constantFrom(
      ...ROWS.map((row) => tree.recipesFor(row[2])[0]?.text.replace(" planks", " ash planks") ?? "inventory"),
      ...["get 1 ash logs", "get 2 thread", "get 9 nugget", "get 0 nugget", "get 5 stick", "craft stick using 1 bar"],
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const environment = new TextCraftEnvironment(tree);
        environment.reset(taskFor("fork"));
        for (const text of actions) {
          const before = JSON.stringify([...environment.inventory].map(([item, count]) => [item, Number(count)]));
          const { valid } = environment.step(text);
          const after = [...environment.inventory].map(([item, count]) => [item, Number(count)] as const);
          if (!valid && JSON.stringify(after) !== before) return false;
          if (after.some(([, count]) => count < 0)) return false;
        }
        return true;
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe("Python's text", () => {
  it("quotes and escapes as repr does", () => {
    expect(["a", "it's", `"it's"`, "a\\b\n\0\x7f\u2028 é\u00a0🦊"].map(repr)).toEqual([
      "'a'",
      `"it's"`,
      `'"it\\'s"'`,
      "'a\\\\b\\n\\x00\\x7f\\u2028 é\\xa0🦊'",
    ]);
  });

  it("strips what Python calls white space", () => {
    expect(strip("\x1c\u3000 a b\x85\t")).toBe("a b");
    expect(strip("\ufeffa")).toBe("\ufeffa");
    expect(strip(" \n ")).toBe("");
  });
});

describe("tasks", () => {
  it("deal each depth's goals out 25 / 45 / 30", () => {
    for (const depth of [1, 2, 3, 4]) {
      const ofDepth = textcraft.tasks().filter((task) => task.params.depth === depth);
      const share = (split: string): number => ofDepth.filter((task) => task.split === split).length / ofDepth.length;
      expect(share("demonstration")).toBeCloseTo(0.25, 1);
      expect(Math.abs(share("train") - 0.45)).toBeLessThan(0.08);
      expect(Math.abs(share("test") - 0.3)).toBeLessThan(0.08);
    }
  });

  it("count round and round like the original's data_idx, and refuse what is no task", () => {
    expect(textcraft.task(544)).toBe(textcraft.task(0));
    expect(textcraft.task(-1)).toBe(textcraft.task(543));
    expect(textcraft.task("textcraft_7")).toBe(textcraft.task(7));
    expect(() => textcraft.task(1.5)).toThrow(/1.5.*textcraft_0.*textcraft_543/);
    expect(() => textcraft.task("textcraft_544")).toThrow(/textcraft_544/);
  });

  it("show the needed commands and up to ten others that use one of their ingredients, none twice", () => {
    const full = new CraftingTree(readRecipeTable());
    const environment = new TextCraftEnvironment(full);
    for (const task of textcraft.tasks()) {
      const shown = environment.reset(task).text.split("\n\n")[0].split("\n").slice(1);
      const needed = full.requiredFor(task.params.goal as string);
      const neededTexts = new Set(needed.map((recipe) => recipe.text));
      const uses = needed.flatMap((recipe) => recipe.ingredients.flatMap(({ name }) => full.usesOf(name)));
      const allowed = new Set([...needed, ...uses].map((recipe) => recipe.text));
      expect(new Set(shown).size).toBe(shown.length);
      expect(shown).toEqual(expect.arrayContaining([...neededTexts]));
      expect(shown.length - neededTexts.size).toBeLessThanOrEqual(10);
      for (const text of shown) expect(allowed.has(text)).toBe(true);
    }
  });

  it("draws candidates as Python's random.sample does after seed(42): 8 commands for task 125, 10 for task 33", () => {
    const environment = new TextCraftEnvironment(new CraftingTree(readRecipeTable()));
    const count = (id: number) => environment.reset(textcraft.task(id)).text.split("\n\n")[0].split("\n").length - 1;
    expect([count(33), count(125), count(44), count(0)]).toEqual([10, 8, 7, 1]);
  });
});

describe("recipes of one's own", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "recipes-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("are read from the game's format: shapes, alternatives, groups, counts", () => {
    const shaped = {
      type: "minecraft:crafting_shaped",
      pattern: ["XX", " #"],
      key: { "#": { item: "minecraft:stick" } },
    };
    const files: { [file: string]: GameRecipe } = {
      "b_c.json": { type: "minecraft:smelting", result: "minecraft:glass" },
      "b.json": {
        ...shaped,
        key: { ...shaped.key, X: [{ tag: "minecraft:planks" }, { item: "minecraft:stone" }] },
        group: "tools",
        result: { item: "minecraft:b", count: 3 },
      },
      "a.json": {
        type: "minecraft:crafting_shapeless",
        ingredients: [{ item: "minecraft:x" }, { item: "minecraft:y" }, { item: "minecraft:x" }],
        result: "minecraft:a",
      },
    };
    const rows: RecipeRow[] = [
      [
        "a",
        null,
        "a",
        1,
        [
          ["x", 2],
          ["y", 1],
        ],
      ],
      [
        "b",
        "tools",
        "b",
        3,
        [
          ["stick", 1],
          ["#planks", 2],
        ],
      ],
    ];
    expect(recipeRows(files)).toEqual(rows);
    for (const [file, recipe] of Object.entries(files)) writeFileSync(path.join(folder, file), JSON.stringify(recipe));
    const opened = openTextCraft({ recipes: folder });
    expect(opened.tasks().map((task) => task.params.goal)).toEqual(["a", "b"]);
    expect(opened.version).not.toBe(textcraft.version);
  });

  it("are refused when there are none, or when an option is unknown", () => {
    expect(() => openTextCraft({ recipes: path.join(folder, "..", "no such folder") })).toThrow(/no such folder/);
    expect(() => openTextCraft({ recipes: folder, mods: 1 } as never)).toThrow(/mods.*recipes/);
  });
});
