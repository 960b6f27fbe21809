import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  readProducts,
  searchText,
  type RawHumanInstruction,
  type RawInstruction,
  type RawProduct,
} from "../../lib/environments/webshop/catalogue";
import { findOriginalFiles, readJsonArray, readJsonMap } from "../../lib/environments/webshop/data-files";
import { WebShopEnvironment } from "../../lib/environments/webshop/environment";
import { ratio, tokenSetRatio } from "../../lib/environments/webshop/fuzzy";
import { openWebShop } from "../../lib/environments/webshop";
import { repr } from "../../lib/environments/python";
import { parseReact } from "../../lib/environments/support";
import { score } from "../../lib/environments/webshop/reward";
import { MAX_HITS, Shop } from "../../lib/environments/webshop/shop";
import { createBm25Index } from "../../lib/search/bm25";
import type { TaskSpec } from "../../lib/types";

const shared = path.resolve(__dirname, "../../../shared");
const dataDir = path.join(shared, "data/webshop");
const recordings = path.join(shared, "parity");

// The recordings are JSON of many shapes, compared field by field below.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Line = any;

function lines(name: string): Line[] {
  const text = readFileSync(path.join(recordings, name), "utf8").trim();
  return text.split("\n").map((line) => JSON.parse(line));
}

/** Prices were sampled after `random.seed(12345)` where nothing else is said. */
function openShop(priceSeed: number): Shop {
  const files = findOriginalFiles(dataDir);
  const instructions = readJsonMap<RawInstruction>(files.instructions);
  const products = [...readProducts(readJsonArray<RawProduct>(files.products), instructions)];
  return new Shop({ products, priceSeed, goals: "generated" });
}

let opened: Shop | undefined;
function shop(): Shop {
  return (opened ??= openShop(12345));
}

function task(goal: number): TaskSpec {
  return { id: `webshop_${goal}`, env: "webshop", level: "hard", split: "test", seed: 0, params: { goal } };
}

function sha256(texts: readonly string[]): string {
  return createHash("sha256").update(texts.join("\n")).digest("hex");
}

describe.skipIf(!existsSync(recordings) || !existsSync(dataDir))("the original's recordings, if there are any", () => {
  it("number the goals alike", () => {
    const [meta, ...recorded] = lines("webshop_goals.jsonl");
    const { goals, prices, products } = openShop(meta.python_random_seed_before_price_sampling);
    expect(goals.length).toBe(meta.n_goals);
    const positions = new Map(products.map(({ asin }, position) => [asin, position]));
    for (const [asin, price] of Object.entries(meta.ranged_prices)) expect(prices[positions.get(asin)!]).toBe(price);
    const all = Array.from({ length: goals.length }, (_, n) => goals.goal(n));
    expect(sha256(all.map(({ asin }) => asin))).toBe(meta.sha256_asin_order);
    expect(sha256(all.map(({ instruction }) => instruction))).toBe(meta.sha256_instruction_order);
    for (const { idx, weight, ...goal } of recorded) {
      const { productCategory, instruction, priceUpper, options, ...rest } = all[idx];
      expect({
        ...rest,
        product_category: productCategory,
        instruction_text: instruction,
        price_upper: priceUpper,
        goal_options: Object.fromEntries(options as [string, string][]),
      }).toEqual(goal);
      expect(goals.weight(idx)).toBeCloseTo(weight, 14);
    }
  });

  it("show the same pages", () => {
    const { products, goals } = shop();
    const { instruction } = goals.goal(0);
    for (const { asin, item, avail, ...pages } of lines("webshop_pages.jsonl")) {
      const environment = new WebShopEnvironment(shop());
      environment.reset(task(0));
      environment.step(`search[${products.find((product) => product.asin === asin)!.name}]`);
      const { text, actions } = environment.step(`click[${asin}]`).observation;
      expect(text.replace(instruction, "INSTR")).toBe(item);
      expect(actions).toEqual(avail.clickables);
      for (const [name, page] of Object.entries(pages)) {
        const shown = environment.step(`click[${name}]`).observation.text;
        expect(shown.replace(instruction, "INSTR")).toBe(page);
        environment.step("click[< prev]");
      }
    }
  });

  it("answer every action alike", () => {
    for (const { session, instruction, goal_price_upper, steps } of lines("webshop_transcripts.jsonl")) {
      const environment = new WebShopEnvironment(shop());
      const [first, ...later] = steps;
      expect(environment.reset(task(session))).toEqual({ text: first.obs, actions: first.avail.clickables });
      expect(environment.goal).toMatchObject({ instruction, priceUpper: goal_price_upper });
      for (const { action, obs, reward, done, avail, reward_info } of later) {
        const step = environment.step(action);
        expect(step).toMatchObject({ observation: { text: obs, actions: avail.clickables }, reward, done });
        if (reward_info)
          expect(environment.purchase).toMatchObject({
            typeFactor: reward_info.r_type,
            titleScore: reward_info.title_score,
            queryMatches: reward_info.query_match,
            categoryMatches: reward_info.category_match,
            priceFits: reward_info.r_price,
          });
      }
    }
  });

  it("find the same products with the same scores", () => {
    const documents = shop().products.map((product) => ({ id: product.asin, text: searchText(product) }));
    const index = createBm25Index(documents);
    for (const { query, total, top10, ids } of lines("webshop_bm25.jsonl")) {
      const hits = index.search(query, MAX_HITS);
      expect(hits.map(({ id }) => id)).toEqual(ids);
      expect(hits).toHaveLength(total);
      for (const [place, [id, recorded]] of top10.entries()) {
        expect(hits[place].id).toBe(id);
        expect(hits[place].score).toBeCloseTo(recorded, 5);
      }
    }
  });

  it("compare phrases alike", () => {
    for (const line of lines("webshop_fuzz.jsonl")) {
      const other = line.b_tuple ? `(${line.b_tuple.map(repr).join(", ")})` : line.b;
      if (line.b_str) expect(other).toBe(line.b_str);
      expect(tokenSetRatio(line.a, other), JSON.stringify(line)).toBe(line.token_set_ratio);
      if ("ratio" in line) expect(ratio(line.a, line.b), JSON.stringify(line)).toBe(line.ratio);
    }
  });

  it("score purchases alike", () => {
    for (const line of lines("webshop_reward.jsonl")) {
      const { purchased, goal, info } = line;
      const tagged: string[][] = [line.purchased_nouns, line.goal_nouns];
      const product = {
        name: purchased.name,
        query: purchased.query,
        productCategory: purchased.product_category,
        attributes: purchased.Attributes,
        bullets: purchased.BulletPoints,
        description: purchased.Description,
      };
      const wanted = {
        name: goal.name,
        query: goal.query,
        productCategory: goal.product_category,
        attributes: goal.attributes,
        priceUpper: goal.price_upper,
        options: Array.isArray(goal.goal_options) ? goal.goal_options : Object.entries(goal.goal_options),
      };
      const chosen = Object.values(line.options as Record<string, string>);
      expect(
        score(product, wanted, line.price, chosen, () => tagged.shift()!),
        line.case,
      ).toEqual({
        reward: line.reward,
        attributesMatched: line.num_attr_matches,
        optionsMatched: line.num_option_matches,
        priceFits: info.r_price,
        typeFactor: info.r_type,
        titleScore: info.title_score,
        queryMatches: info.query_match,
        categoryMatches: info.category_match,
      });
    }
  });

  it("read replies alike", () => {
    for (const { kind, text, thought, action } of lines("client_parsers.jsonl"))
      if (kind === "parse_react") expect(parseReact(text)).toEqual({ thought, action });
  });

  it("let the expert buy what serves best within the turns of an episode", () => {
    const definition = openWebShop({ dataDir, priceSeed: 12345 });
    const tasks = definition.tasks().filter((_, i) => i % 50 === 0);
    let perfect = 0;
    for (const task of tasks) {
      const environment = definition.create() as WebShopEnvironment;
      environment.reset(task);
      const expert = definition.expert(environment, task);
      let turns = 0;
      for (let advice = expert.next(); advice; advice = expert.next()) {
        environment.step(advice.action);
        turns++;
      }
      expect(turns).toBeLessThanOrEqual(definition.maxTurns);
      expect(environment.isDone).toBe(true);
      if (environment.purchase!.reward === 1) perfect++;
    }
    // Some options cannot be met by any product: "rectangular" counts as the colour "tan".
    expect(perfect / tasks.length).toBeGreaterThan(0.9);
  });

  it("open with goals that people wrote", () => {
    const definition = openWebShop({ dataDir, goals: "human", priceSeed: 1 });
    const files = findOriginalFiles(dataDir, { human: true });
    const written = readJsonMap<readonly RawHumanInstruction[]>(files.human!);
    const { length } = definition.tasks();
    expect(length).toBe([...written.values()].flat().length);
    expect(openWebShop({ dataDir, goals: "human-all-prices" }).tasks().length).toBe(4 * length);
  });
});
