/** TextCraft played: the expert, its demonstrations, and the same under other names. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textcraft } from "../../lib/environments/textcraft";
import { CraftingTree } from "../../lib/environments/textcraft/crafting-tree";
import { TextCraftEnvironment } from "../../lib/environments/textcraft/environment";
import { readRecipeTable } from "../../lib/environments/textcraft/recipes";
import { drawRenaming } from "../../lib/environments/textcraft/renaming";
import { generator } from "../../lib/random";
import type { TaskSpec } from "../../lib/types";

describe("the expert", () => {
  it("solves every task with shown commands only, all but two of them within an episode's turns", () => {
    const long: unknown[] = [];
    for (const task of textcraft.tasks()) {
      const environment = textcraft.create() as TextCraftEnvironment;
      environment.reset(task);
      const expert = textcraft.expert(environment, task);
      let turns = 0;
      for (let advice = expert.next(); advice && turns < 60; advice = expert.next(), turns++)
        expect(environment.step(advice.action).valid, advice.action).toBe(true);
      expect(environment.isSolved, task.id).toBe(true);
      expect(expert.next()).toBeUndefined();
      if (turns > textcraft.maxTurns) long.push(task.params.goal);
    }
    expect(long).toEqual(["anvil", "netherite_block"]);
    for (const task of textcraft.tasks()) if (long.includes(task.params.goal)) expect(task.split).toBe("demonstration");
  });

  it("finds its way from any state that wrong turns lead to", () => {
    const { actions, tasks } = wanderings();
    fc.assert(
      fc.property(
        fc.constantFrom(...tasks),
        fc.array(fc.constantFrom(...actions), { maxLength: 12 }),
        (task, detour) => {
          const environment = textcraft.create() as TextCraftEnvironment;
          environment.reset(task);
          const expert = textcraft.expert(environment, task);
          for (const action of detour) {
            const advice = expert.next();
            if (advice) environment.step(action === "advice" ? advice.action : action);
          }
          for (let turn = 0; turn < 60; turn++) environment.step(expert.next()?.action ?? "inventory");
          return environment.isSolved;
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });

  it("says what it does in chains: goal, recipe, ingredient; all of it again after a mistake", () => {
    const tree = new CraftingTree([
      ["ash_planks", "planks", "ash_planks", 4, [["#ash_logs", 1]]],
      [
        "bed",
        null,
        "bed",
        1,
        [
          ["#planks", 6],
          ["thread", 2],
        ],
      ],
    ]);
    const environment = new TextCraftEnvironment(tree);
    const task = {
      id: "t",
      env: "textcraft",
      level: "hard",
      split: "test",
      seed: 42,
      params: { goal: "bed" },
    } as const;
    environment.reset(task);
    const expert = textcraft.expert(environment, task);
    const said: string[] = [];
    for (let advice = expert.next(); advice; advice = expert.next()) {
      said.push(`${advice.thought} > ${advice.action}`);
      environment.step(said.length === 2 ? "get 1 bed" : advice.action);
    }
    const kind = "planks can be ash planks.";
    expect(said).toEqual([
      `to craft bed I need 6 planks, 2 thread. ${kind} to craft ash planks I need 1 ash logs. > get 1 ash logs`,
      "I have 1 ash logs. I have all for ash planks. > craft 4 ash planks using 1 ash logs",
      `to craft bed I need 6 planks, 2 thread. ${kind} to craft ash planks I need 1 ash logs. I have all for ash planks.` +
        " > craft 4 ash planks using 1 ash logs",
      `I have 4 ash planks. I still need 6 planks. ${kind} to craft ash planks I need 1 ash logs. > get 1 ash logs`,
      "I have 1 ash logs. I have all for ash planks. > craft 4 ash planks using 1 ash logs",
      "I have 8 ash planks. next I need 2 thread. > get 2 thread",
      "I have 2 thread. I have all for bed. > craft 1 bed using 6 ash planks, 2 thread",
    ]);
  });
});

/** Tasks of all depths, and actions that lead astray in them. */
function wanderings(): { readonly tasks: readonly TaskSpec[]; readonly actions: readonly string[] } {
  const tasks = textcraft.tasks().filter((task, i) => i % 19 === 0 && task.params.goal !== "netherite_block");
  const gets = ["get 3 string", "get 1 bamboo", "get 5 oak logs", "get 9 iron nugget", "get 2 quartz", "get 1 stick"];
  const crafts = [
    "craft 1 stick using 2 bamboo",
    "craft 4 oak planks using 1 oak logs",
    "craft 4 stick using 2 oak planks",
  ];
  return { tasks, actions: [...gets, ...crafts, ...Array<string>(12).fill("advice"), "look", "inventory"] };
}

describe("demonstrations", () => {
  const demonstrations = textcraft
    .tasks({ split: "demonstration" })
    .flatMap((task) => [0, 1, 2, 3].map((i) => textcraft.demonstrate(task, generator(`${task.id} ${i}`))));

  it("err in about one of seven, and mostly succeed", () => {
    const failed = /^Could not|^Wrong/;
    const erring = demonstrations.filter(({ turns }) => turns.some(({ shown }) => failed.test(shown))).length;
    expect(erring / demonstrations.length).toBeGreaterThan(0.07);
    expect(erring / demonstrations.length).toBeLessThan(0.2);
    const cut = demonstrations.filter(({ turns }) => turns.length === textcraft.maxTurns).length;
    expect(cut / demonstrations.length).toBeLessThan(0.02);
  });

  it("go without thoughts in about one of seven", () => {
    const silent = demonstrations.filter(({ turns }) => turns.every(({ reply }) => !reply.includes("Thought:"))).length;
    expect(silent / demonstrations.length).toBeGreaterThan(0.1);
    expect(silent / demonstrations.length).toBeLessThan(0.2);
  });

  it("stay playable under other names: every command they carry out is shown, up to the item chosen for a kind", () => {
    for (const { turns } of demonstrations) {
      const generic = (text: string): string => text.replace(/ \S[a-z ]* (planks|wool)/g, " $1");
      const shown = new Set(turns[0].shown.split("\n").map(generic));
      turns.forEach(({ reply }, i) => {
        const { action } = textcraft.parse(reply);
        if (action.startsWith("craft ") && turns[i + 1]?.shown.startsWith("Crafted"))
          expect(shown.has(generic(action)), action).toBe(true);
      });
    }
  });

  it("use every phrase of the interface that the tokenizer is given", () => {
    const text = demonstrations.flatMap(({ turns }) => turns.map(({ shown, reply }) => `${shown}${reply}`)).join("\n");
    const unused = textcraft.phrases.filter((phrase) => !text.includes(phrase));
    expect(
      unused.every((phrase) => /^Wrong|nothing|anything|tag='|item_id=None|None$/.test(phrase)),
      unused.join("|"),
    ).toBe(true);
  });
});

describe("renaming", () => {
  const full = new CraftingTree(readRecipeTable());
  const names = [...full.items, "planks", "wool"].map((id) => id.replaceAll("_", " "));

  it.each([true, false])(
    "gives every name another one of its own, the same in words and in ids (invented: %s)",
    (invent) => {
      const rename = drawRenaming(full, generator("names"), invent);
      const renamed = names.map((name) => rename(`craft 2 ${name} using`));
      expect(new Set(renamed).size).toBe(names.length);
      for (const [i, name] of names.entries()) {
        const other = /^craft 2 ([a-z ]+) using$/.exec(renamed[i])![1];
        const texts = (called: string): string[] => {
          const id = `minecraft:${called.replaceAll(" ", "_")}`;
          return [
            `Goal: craft ${called}.`,
            `Crafted 2 ${id}`,
            `Inventory: [${called}] (1) [${called}] (0) `,
            `Could not find ${called}`,
            `Could not find enough items to craft ${id}`,
            `item_tag=ItemTag(tag=None, item_id='${id}'), count=1)`,
            `to craft ${called} I need 1 ${called}, 2 ${called}. I have all for ${called}.`,
            `let me see. my goal is to craft ${called}. so I will craft 1 ${called} using 2 ${called}.`,
          ];
        };
        expect(texts(name).map(rename)).toEqual(texts(other));
      }
      expect(renamed.filter((text, i) => text === `craft 2 ${names[i]} using`).length).toBeLessThan(20);
    },
  );

  it("keeps kinds and their members recognizable", () => {
    for (const invent of [true, false]) {
      const rename = drawRenaming(full, generator("kinds"), invent);
      expect(rename("planks can be dark oak planks.")).toMatch(/^planks can be [a-z ]+ planks\.$/);
      expect(rename("1 wool, 1 light blue wool")).toMatch(/^1 wool, 1 [a-z ]+ wool$/);
    }
  });

  it("leaves the phrases of the interface alone", () => {
    for (const phrase of textcraft.phrases) expect(drawRenaming(full, generator("p"), true)(phrase)).toBe(phrase);
  });
});
