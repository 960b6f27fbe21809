import { describe, expect, it } from "vitest";
import { generateCatalogue } from "../../lib/environments/webshop/generator";
import { openWebShop, webshop } from "../../lib/environments/webshop";
import { WebShopEnvironment } from "../../lib/environments/webshop/environment";
import { fits } from "../../lib/environments/webshop/reward";
import { KINDS, OPTION_VALUES, QUALITIES } from "../../lib/environments/webshop/vocabulary";
import { fold, generator } from "../../lib/random";
import type { EnvironmentDefinition, Split, TaskSpec } from "../../lib/types";

const SPLITS: readonly Split[] = ["demonstration", "train", "test"];

function play(definition: EnvironmentDefinition, task: TaskSpec) {
  const environment = definition.create();
  environment.reset(task);
  const expert = definition.expert(environment, task);
  const turns: { thought: string; action: string; success: boolean; valid: boolean }[] = [];
  for (let advice = expert.next(); advice; advice = expert.next()) {
    const { success, valid } = environment.step(advice.action) as { success: boolean; valid: boolean };
    turns.push({ ...advice, success, valid });
  }
  return turns;
}

describe("embedded WebShop", () => {
  it("has enough tasks in every split and level, disjoint by product and look-alikes", () => {
    const owner = new Map<string, Split>();
    for (const split of SPLITS)
      for (const level of Object.keys(webshop.levels)) {
        const tasks = webshop.tasks({ split, level });
        expect(tasks.length).toBeGreaterThanOrEqual(200);
        for (const { params } of tasks) {
          expect(owner.get(params.asin as string) ?? split).toBe(split);
          owner.set(params.asin as string, split);
        }
      }
    const ids = webshop.tasks().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("has an expert that solves every task within the turns, with valid actions only", () => {
    for (const task of webshop.tasks()) {
      const turns = play(webshop, task);
      expect(turns.at(-1)?.success, task.id).toBe(true);
      expect(turns.length, task.id).toBeLessThanOrEqual(webshop.maxTurns);
      expect(turns.every(({ valid }) => valid)).toBe(true);
    }
  });

  it("takes more turns on hard tasks than on easy ones", () => {
    const mean = (level: string) => {
      const lengths = webshop.tasks({ level, split: "test" }).map((task) => play(webshop, task).length);
      return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    };
    expect(mean("hard")).toBeGreaterThan(mean("easy") + 2);
  });

  it("has an expert whose actions can be copied from what was shown", () => {
    for (const task of webshop.tasks({ split: "train" })) {
      const environment = webshop.create() as WebShopEnvironment;
      let shown = environment.reset(task).text;
      const expert = webshop.expert(environment, task);
      for (let advice = expert.next(); advice; advice = expert.next()) {
        const copied = advice.action.replace(/^(?:search|click)\[|\]$/g, "");
        expect(shown.toLowerCase()).toContain(copied.toLowerCase());
        shown = (environment.step(advice.action) as { observation: { text: string } }).observation.text;
      }
    }
  });

  it("has an expert that recovers from anything but a purchase", () => {
    const wrong = ["click[next >]", "search[x]", "click[description]", "click[back to search]", "click[< prev]"];
    for (const task of webshop.tasks({ split: "test" }).slice(0, 150)) {
      const random = generator(fold("recovery", task.id));
      const environment = webshop.create();
      environment.reset(task);
      const expert = webshop.expert(environment, task);
      let success = false;
      for (let turn = 0; turn < 40 && !success; turn++) {
        const advice = expert.next()!;
        const other = turn < 8 && random.next() < 0.4;
        success = (environment.step(other ? random.pick(wrong) : advice.action) as { success: boolean }).success;
      }
      expect(success, task.id).toBe(true);
    }
  });

  it("finds tasks by goal number and by id, and names what it accepts", () => {
    const task = webshop.tasks()[7];
    expect(webshop.task(task.id)).toEqual(task);
    expect(webshop.task(task.params.goal as number)).toEqual(task);
    expect(webshop.task(-1).params.goal).toBe(webshop.task("webshop_-1").params.goal);
    for (const id of [1e9, 0.5, "webshop_x", "nothing"])
      expect(() => webshop.task(id)).toThrow(/goal's number.*webshop_b/);
    const environment = webshop.create();
    for (const goal of [-1, 1e9, "0"])
      expect(() => environment.reset({ ...task, params: { goal } })).toThrow(/params\.goal: got .* accepted: 0 to/);
  });

  it("refuses options it does not know", () => {
    expect(() => openWebShop({ product: 5 } as never)).toThrow(/WebShop option: got "product", accepted: "products"/);
    expect(() => openWebShop({ products: 0 })).toThrow(/products: got 0/);
    expect(() => openWebShop({ dataDir: "x", goals: "some" as never })).toThrow(/accepted: generated, human/);
  });

  it("starts again from any state", () => {
    const [a, b] = webshop.tasks();
    const environment = webshop.create() as WebShopEnvironment;
    const first = environment.reset(a);
    for (const action of [`search[${a.params.asin}]`, "search[shoes]", "click[next >]"]) environment.step(action);
    environment.reset(b);
    expect(environment.reset(a)).toEqual(first);
    expect(environment.seen.size).toBe(0);
  });
});

describe("generated catalogues", () => {
  it("begin alike whatever their size, and differ by seed", () => {
    const small = generateCatalogue(90, 3);
    expect(generateCatalogue(200, 3).products.slice(0, 90)).toEqual(small.products);
    expect(generateCatalogue(90, 4).products).not.toEqual(small.products);
  });

  it("have distinct asins of at most ten characters in any number", () => {
    const asins = generateCatalogue(20_000, 0).products.map(({ asin }) => asin);
    expect(new Set(asins).size).toBe(20_000);
    expect(Math.max(...asins.map((asin) => asin.length))).toBeLessThanOrEqual(10);
  });

  it("use option values that can be met, each by itself only", () => {
    for (const [name, values] of Object.entries(OPTION_VALUES))
      for (const value of values)
        expect(
          values.filter((other) => fits(other, [name, value])),
          value,
        ).toEqual([value]);
  });

  it("use names of which none is part of another", () => {
    const { color, flavor, scent, finish } = OPTION_VALUES;
    const qualities = Object.values(QUALITIES).flatMap(({ is, has }) => [...is, ...has]);
    const names = [...KINDS.map(({ query }) => query), ...qualities, ...color, ...flavor, ...scent, ...finish];
    expect(new Set(names).size).toBe(names.length);
    for (const name of names)
      expect(
        names.filter((other) => ` ${other} `.includes(` ${name} `)),
        name,
      ).toEqual([name]);
  });
});

describe("demonstrations", () => {
  const tasks = webshop.tasks({ split: "demonstration" });
  const all = tasks.map((task) => webshop.demonstrate(task, generator(fold("demonstration", task.id))));

  it("are the same for the same random source", () => {
    const again = webshop.demonstrate(tasks[0], generator(fold("demonstration", tasks[0].id)));
    expect(again).toEqual(all[0]);
    expect(webshop.demonstrate(tasks[0], generator("other"))).not.toEqual(all[0]);
  });

  it("keep within the turns and mostly buy what is wanted", () => {
    const bought = all.filter(({ turns }) => webshop.parse(turns.at(-1)!.reply).action === "click[buy now]");
    expect(bought.length / all.length).toBeGreaterThan(0.93);
    for (const { turns } of all) expect(turns.length).toBeLessThanOrEqual(webshop.maxTurns);
  });

  it("are under other names in about half of the cases, consistently", () => {
    const renamed = all.filter(({ task, turns }) => {
      const environment = webshop.create();
      return (environment.reset(task) as { text: string }).text !== turns[0].shown;
    });
    expect(renamed.length / all.length).toBeGreaterThan(0.4);
    expect(renamed.length / all.length).toBeLessThan(0.6);
    const copied = renamed.filter(({ turns }) =>
      turns.every(({ shown, reply }) => {
        const argument = webshop.parse(reply).action.replace(/^(?:search|click)\[|\]$/g, "");
        return shown.toLowerCase().includes(argument.toLowerCase());
      }),
    );
    expect(copied.length / renamed.length).toBeGreaterThan(0.9);
  });

  it("are made of the phrases", () => {
    const text = all.flatMap(({ turns }) => turns.map(({ shown, reply }) => `${shown}\n${reply}`)).join("\n");
    expect(webshop.phrases.filter((phrase) => !text.includes(phrase.trimEnd()))).toEqual([]);
  });
});

describe("hostile agents", () => {
  it("never make it throw", () => {
    const random = generator("webshop fuzz");
    const environment = webshop.create() as WebShopEnvironment;
    const tasks = webshop.tasks();
    const scraps = [
      "search[",
      "click[",
      "]",
      "[",
      "buy now",
      "< prev",
      "next >",
      "back to search",
      "<r>",
      "<a> x",
      "<c>",
      "<c> beauty",
    ];
    const odd = [
      "\n",
      "\u0000",
      "\uD800",
      "😀",
      "é",
      "search_results",
      "item_page",
      "description",
      "features",
      "a".repeat(3000),
    ];
    for (let i = 0; i < 20_000; i++) {
      if (i % 40 === 0) environment.reset(random.pick(tasks));
      const actions = environment.step("look").observation.actions!;
      const kind = random.integer(4);
      const text =
        kind < 2 && actions.length > 0
          ? `click[${random.pick(actions)}]`
          : kind === 2
            ? `search[${random.pick([...odd, "boots", "red shoes", ...scraps])}]`
            : Array.from({ length: 1 + random.integer(4) }, () => random.pick([...scraps, ...odd])).join("");
      const { observation, reward } = environment.step(text);
      expect(observation.text.length).toBeGreaterThan(0);
      expect(reward >= 0 && reward <= 1).toBe(true);
    }
  });
});
