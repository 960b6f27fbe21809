import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readProducts, type RawInstruction, type RawProduct } from "../../lib/environments/webshop/catalogue";
import { normalizeColor } from "../../lib/environments/webshop/colors";
import { readJsonArray } from "../../lib/environments/webshop/data-files";
import { parseAction, WebShopEnvironment } from "../../lib/environments/webshop/environment";
import { tokenSetRatio } from "../../lib/environments/webshop/fuzzy";
import { MersenneTwister } from "../../lib/environments/mersenne";
import { openClassWords } from "../../lib/environments/webshop/nouns";
import { repr, strip } from "../../lib/environments/python";
import { flaskJson, floatText } from "../../lib/environments/webshop/python";
import { parseReply } from "../../lib/environments/support";
import { fits } from "../../lib/environments/webshop/reward";
import { Shop } from "../../lib/environments/webshop/shop";

function raw(asin: string, more: Partial<RawProduct> = {}): RawProduct {
  return {
    asin,
    name: `Plain lamp ${asin}`,
    category: "garden",
    query: " Table Lamps ",
    product_category: "Home › Lighting › Lamps",
    full_description: "",
    small_description: [],
    pricing: "$19.99",
    ...more,
  };
}

const values = (...names: string[]) => names.map((value) => ({ value }));

const records: RawProduct[] = [
  raw("A1", {
    name: "Lamp with options",
    full_description: "A lamp & more <b>\n ",
    small_description: ["first bullet ", "", "\n", "last"],
    pricing: "$20.00 - $15.5",
    customization_options: { Color: values("Navy Blue", "Red/White"), None: null, Size: values("10 in", "Red/White") },
  }),
  raw("A1"),
  raw("nan"),
  raw("TOOLONGASIN"),
  raw("A2", { pricing: "", small_description: "one bullet" }),
  raw("A3", {
    pricing: "$1,299.00",
    customization_options: { Odd: values("Description", "Buy Now", "< Prev", "next >", "search", "it's <é>") },
  }),
];
const instructions = new Map<string, RawInstruction>([
  [
    "A1",
    {
      attributes: ["easy clean", "energy saving"],
      instruction: "Find me easy clean table lamps",
      instruction_attributes: ["easy clean"],
    },
  ],
  ["A3", { attributes: ["solid wood"], instruction: "Find me lamps", instruction_attributes: ["solid wood"] }],
]);

function makeShop(extra: readonly RawProduct[] = []): Shop {
  const products = [...readProducts([...records, ...extra], instructions)];
  return new Shop({ products, priceSeed: 1, goals: "generated" });
}

function start(shop = makeShop(), asin = "A1"): WebShopEnvironment {
  const goal = Array.from({ length: shop.goals.length }, (_, n) => n).find((n) => shop.goals.goal(n).asin === asin)!;
  const environment = new WebShopEnvironment(shop);
  environment.reset({ id: "", env: "webshop", level: "easy", split: "test", seed: 0, params: { goal } });
  return environment;
}

function walk(environment: WebShopEnvironment, ...actions: readonly string[]) {
  let step = environment.step(actions[0]);
  for (const action of actions.slice(1)) step = environment.step(action);
  return { ...step, text: step.observation.text.replace(environment.goal.instruction, "…") };
}

describe("catalogue", () => {
  const products = [...readProducts(records, instructions)];

  it("skips repeated and overlong asins and those that are no asin", () => {
    expect(products.map(({ asin }) => asin)).toEqual(["A1", "A2", "A3"]);
    expect([...readProducts(records, instructions, 2)]).toHaveLength(1);
  });

  it("reads prices, options and queries as the original does", () => {
    expect(products.map(({ priceTag }) => priceTag)).toEqual(["$20.0 to $15.5", "$100.0", "$1299.0"]);
    expect(products[0]).toMatchObject({
      query: "table lamps",
      options: [
        { name: "color", values: ["navy blue", "red | white"] },
        { name: "size", values: ["10 in", "red | white"] },
      ],
    });
    expect(products[1]).toMatchObject({ bullets: ["one bullet"], attributes: ["DUMMY_ATTR"] });
    const { prices } = makeShop();
    expect(prices[0]).toBeGreaterThan(15.5);
    expect(prices[0]).toBeLessThan(20);
  });

  it("tells which price cannot be read", () => {
    expect(() => [...readProducts([raw("X", { pricing: "cheap" })], instructions)]).toThrow(/X.*cheap.*accepted/);
  });
});

describe("pages", () => {
  it("are the visible texts; empty pieces stay, blank lines do not", () => {
    const environment = start();
    expect(walk(environment, "search[lamp with options]").text).toContain(
      "Page 1 (Total results: 3) [SEP] Next > [SEP] A1 [SEP] Lamp with options [SEP] $20.0 to $15.5 [SEP] A2",
    );
    const item = walk(environment, "click[a1]");
    expect(item.text).toBe(
      "Instruction: [SEP] … [SEP] Back to Search [SEP] < Prev [SEP] color [SEP] navy blue [SEP] red | white [SEP] size " +
        "[SEP] 10 in [SEP] red | white [SEP] Lamp with options [SEP] Price: $20.0 to $15.5 [SEP] Rating: N.A. [SEP] " +
        "Description [SEP] Features [SEP] Reviews [SEP] Buy Now",
    );
    expect(item.observation.actions).toEqual([
      "back to search",
      "< prev",
      "description",
      "features",
      "reviews",
      "buy now",
      "navy blue",
      "red | white",
      "10 in",
    ]);
    const frame = "Instruction: [SEP] … [SEP] Back to Search [SEP] < Prev";
    expect(walk(environment, "click[Description]").text).toBe(`${frame} [SEP] A lamp & more <b>`);
    expect(walk(environment, "click[< prev]", "click[features]").text).toBe(
      `${frame} [SEP] first bullet [SEP]  [SEP] last`,
    );
    expect(walk(environment, "click[< prev]", "click[reviews]").text).toBe(frame);
  });

  it("go on past the last result", () => {
    const environment = start();
    const past = walk(environment, "search[lamp]", "click[next >]", "click[next >]");
    expect(past.text).toMatch(/Page 3 \(Total results: 3\) \[SEP\] < Prev \[SEP\] Next >$/);
    expect(walk(environment, "click[< prev]", "click[< prev]").text).toContain("Page 1 (");
  });

  it("name what was bought at the end, and go on answering", () => {
    const environment = start(makeShop(), "A3");
    const done = walk(environment, "search[lamp a3]", "click[a3]", "click[it's <é>]", "click[buy now]");
    // An option value that is called like a button is clicked in its place, and works as the button.
    expect(done.done).toBe(true);
    expect(done.text).toContain(
      'asin [SEP] A3 [SEP] options [SEP] {"odd": "it\\u0027s \\u003c\\u00e9\\u003e"} [SEP] attrs',
    );
    expect(done.observation.actions).toEqual([]);
    expect(walk(environment, "click[back to search]")).toMatchObject({ done: false, valid: false, reward: 0 });
    expect(walk(environment, "search[lamp]")).toMatchObject({ done: false, valid: true, reward: 0 });
  });
});

describe("actions", () => {
  it("are read from the first line, greedily", () => {
    for (const [action, name, argument] of [
      ["search[a] b[c]", "search[a] b", "c"],
      ["search[x] now]", "search", "x] now"],
      ["click[B00X] please", "click", "b00x"],
      ["click[a[]]", "click[a", "]"],
      [" click[x]", " click", "x"],
      ["search[É\u2028x]", "search", "é\u2028x"],
    ] as const)
      expect(parseAction(action)).toEqual({ name, argument });
    for (const action of ["", "search[]", "[x]", "search[a\nb]", "\nsearch[a]", "search a", "search[a", "]["])
      expect(parseAction(action).argument).toBeUndefined();
  });

  it("that fit nothing change nothing", () => {
    const environment = start();
    const before = environment.step("search[lamp]").observation.text;
    for (const action of [
      "",
      "hello",
      "SEARCH[lamp]",
      "Click[a1]",
      "click[search]",
      "click[a9]",
      "click[ a1 ]",
      "search[]",
    ])
      expect(environment.step(action)).toMatchObject({
        observation: { text: before },
        reward: 0,
        done: false,
        valid: false,
      });
  });

  it("choose options; the last of several with one value counts", () => {
    const environment = start();
    walk(environment, "search[lamp with options]", "click[a1]", "click[navy blue]", "click[Red | White]");
    expect([...environment.chosen]).toEqual([
      ["color", "navy blue"],
      ["size", "red | white"],
    ]);
    walk(environment, "click[features]", "click[< prev]");
    expect(environment.chosen.size).toBe(2);
    walk(environment, "click[< prev]");
    expect(environment.chosen.size).toBe(0);
  });

  it("search on every page, some first words with a meaning of their own", () => {
    const extra = Array.from({ length: 60 }, (_, i) => raw(`C${i}`, { category: i % 2 ? "beauty" : "garden" }));
    const environment = start(makeShop(extra));
    const total = (action: string) =>
      Number(/Total results: (\d+)/.exec(environment.step(action).observation.text)![1]);
    expect(total("search[lamp]")).toBe(50);
    expect(total("search[<c> beauty ignored]")).toBe(30);
    expect(total("search[<q> table lamps]")).toBe(63);
    expect(total("search[<r>]")).toBe(50);
    expect(environment.step("click[next >]").observation.text).toContain("Page 2");
    const before = environment.step("search[lamp]").observation.text;
    for (const action of ["search[<a> easy clean]", "search[<c>]", "click[next >]"])
      expect(environment.step(action)).toMatchObject({ observation: { text: before }, valid: false });
    expect(environment.step("click[c1]").observation.text).toContain("Plain lamp C1 [SEP] Price");
    expect(environment.step("click[back to search]").observation.text).toMatch(/^WebShop/);
  });
});

describe("reward", () => {
  it("keeps the original's idea of colours and sizes", () => {
    expect(normalizeColor("light blue")).toBe("blue");
    expect(normalizeColor("standard")).toBe("tan");
    expect(fits("navy", ["color", "navy"])).toBe(true);
    expect(fits("standard", ["size", "standard"])).toBe(false);
    expect(fits("standard", "standard")).toBe(true);
    expect(fits("light blue", "navy blue")).toBe(true);
    expect(fits("x-large", "large")).toBe(true);
    expect(fits("pack of 2", ["size", "pack of 1"])).toBe(true);
    expect(fits("8", ["size", "9"])).toBe(false);
  });

  it("compares phrases as sets of words", () => {
    expect(tokenSetRatio("rubber sole", "Sole, RUBBER!")).toBe(100);
    expect(tokenSetRatio("", "x")).toBe(0);
    expect(tokenSetRatio("é", "é")).toBe(0);
  });

  it("is graded by attributes, options and price, and by the kind of product", () => {
    const shop = makeShop();
    const goal = {
      ...shop.goals.goal(0),
      options: ["navy blue"],
      attributes: ["easy clean", "never said"],
      priceUpper: 10,
    };
    const lamp = shop.product("A1")!;
    const wanted = { ...goal, name: lamp.name, query: lamp.query, productCategory: lamp.productCategory };
    expect(shop.score(wanted, lamp, ["navy blue"]).reward).toBe(2 / 4);
    expect(shop.score({ ...wanted, priceUpper: 30 }, lamp, ["navy blue"]).reward).toBe(3 / 4);
    expect(shop.score({ ...wanted, name: "Toaster" }, lamp, ["navy blue"]).typeFactor).toBe(0);
  });

  it("takes every word for a noun that is no function word", () => {
    expect(openClassWords("The Lamp for Kids' room, 2-in-1 (5 W) of the year")).toEqual([
      "lamp",
      "kids",
      "room",
      "2-in-1",
      "w",
      "year",
    ]);
  });
});

describe("Python's corners", () => {
  it("random numbers are Python's", () => {
    const random = new MersenneTwister(233);
    expect([random.random(), random.random(), random.random()]).toEqual([
      0.6824769139473528, 0.6283202109809801, 0.5251745077282681,
    ]);
    expect([random.bits(7), random.bits(32)]).toEqual([102, 3651522361]);
    expect(new MersenneTwister(12345678901234).random()).toBe(0.02504137575317178);
    const zero = new MersenneTwister(0);
    const range = (n: number) => Array.from({ length: n }, (_, i) => i);
    expect(zero.sample(range(1000), 50).slice(0, 6)).toEqual([864, 394, 776, 911, 430, 41]);
    expect(zero.sample(range(100), 50).slice(0, 6)).toEqual([55, 40, 78, 81, 26, 70]);
    expect(zero.sample(range(4), 2)).toEqual([2, 1]);
    expect(zero.uniform(5, 2)).toBe(4.725103715145137);
    expect(() => zero.sample([1], 2)).toThrow(RangeError);
    const shuffled = Uint32Array.from(range(10));
    new MersenneTwister(7).shuffle(shuffled);
    expect([...shuffled]).toEqual([8, 3, 1, 4, 7, 0, 9, 6, 2, 5]);
  });

  it("texts and numbers are written as Python writes them", () => {
    expect(repr('it\'s "x"')).toBe("'it\\'s \"x\"'");
    expect(repr("it's")).toBe('"it\'s"');
    expect(repr("a\u00a0b\n\u0001\u2028\u{1F600}\\")).toBe("'a\\xa0b\\n\\x01\\u2028\u{1F600}\\\\'");
    expect(strip(" \u001f\u0085 x \u3000")).toBe("x");
    expect(strip("\ufeffx")).toBe("\ufeffx");
    expect([0.1 + 0.2, 100].map(floatText)).toEqual(["0.30000000000000004", "100.0"]);
    expect(
      flaskJson([
        ["b", "é<&>'\"\u007f\u{1F600}"],
        ["a", "x\n"],
      ]),
    ).toBe('{"a": "x\\n", "b": "\\u00e9\\u003c\\u0026\\u003e\\u0027\\"\\u007f\\ud83d\\ude00"}');
  });
});

describe("data files", () => {
  it("of any size are read one record at a time", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "webshop-"));
    try {
      const file = path.join(folder, "items.json");
      const items = Array.from({ length: 40 }, (_, i) => ({
        i,
        text: `"]},{[\\ é😀 ${"x".repeat(60_000)}`,
        list: [[], {}],
      }));
      writeFileSync(file, JSON.stringify(items, null, 1));
      expect([...readJsonArray(file)]).toEqual(items);
      writeFileSync(file, " [ ] ");
      expect([...readJsonArray(file)]).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("replies", () => {
  it("are read as the original's client reads them", () => {
    expect(parseReply("Thought: t\nAction: click[x]</s>")).toEqual({ thought: "t", action: "click[x]" });
    expect(parseReply("I would click[x]")).toEqual({ thought: "", action: "I would click[x]" });
    expect(parseReply("no idea")).toEqual({ thought: "no idea", action: "" });
  });
});
