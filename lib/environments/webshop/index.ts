/**
 * WebShop: find a product in an online shop, choose the asked options, buy it.
 *
 * - Tasks: "Find me … with color: teal, and price lower than 40.00 dollars". The embedded shop has 1,000 generated
 *   products (any number on request); with the original's files, goal n is the original's goal n.
 * - Levels: easy asks for at most four things of a product that its title tells; hard asks for more, or the shop has
 *   products that look the same. Results are also told by the number of things asked.
 * - Splits: by product, look-alikes together, about 40 / 30 / 30 %.
 * - Reward: graded 0 to 1, once, for the purchase: the share of asked attributes, options and price that it meets,
 *   lowered when the product is of another kind. Success is a reward of 1. Turns: 10, as in AgentGym's evaluation.
 * - What the agent sees of possible actions: only the page's text, pieces joined by ` [SEP] `. The clickable texts are
 *   listed beside it (`actions`), as the original's server lists them on request; its client never asks.
 * - Follows: WebShop as served by AgentGym: text observations, generated goals, search by BM25.
 * - Known faults kept: an action that fits nothing changes nothing and is not complained about; chosen options are not
 *   shown; `Next >` never ends; searching works on every page; after a purchase the shop goes on answering; colours
 *   are compared by the first colour name inside a text ("standard" is "tan"); sizes are compared fuzzily; some first
 *   words of a search have a meaning of their own (`<r>`, `<c>`, `<q>`).
 * - Unlike the original: prices of products that are sold at a range of prices come from a seed (the original draws
 *   them anew in every server, and with them the price limits of a third of its goals); nouns are told by a list of
 *   function words instead of a part-of-speech model, unless another tagger is given; where the original's server
 *   fails (`search[<a> …]`), the page stays.
 */
import { statSync } from "node:fs";
import { hash32 } from "../../random";
import type { EnvironmentDefinition, TaskSpec } from "../../types";
import { refuseUnknownKeys } from "../../errors";
import { formatReact, parseReply } from "../support";
import { readProducts, type RawHumanInstruction, type RawInstruction, type RawProduct } from "./catalogue";
import { findOriginalFiles, readJsonArray, readJsonMap } from "./data-files";
import { webShopDemonstration } from "./demonstration";
import { WebShopEnvironment } from "./environment";
import { webShopExpert } from "./expert";
import { generateCatalogue } from "./generator";
import { GOAL_KINDS, type GoalKind } from "./goals";
import type { NounTagger } from "./nouns";
import { phrases, prompt } from "./prompt";
import { Shop } from "./shop";
import { levels, planTasks, selectTasks, type TaskList } from "./tasks";
import { tools } from "./tools";

export type { GoalKind } from "./goals";
export type { NounTagger } from "./nouns";

const VERSION = "1";
const MAX_TURNS = 10;
const PRODUCTS = 1000;
const SEED = 0;
/** Tasks for each product of the generated catalogue: enough for every split, few enough to differ. */
const PER_PRODUCT = { easy: 4, hard: 2 };
/** Goals that are listed as tasks, the first ones: the full catalogue of the original has millions. */
const LISTED = 100_000;

export interface GeneratedShopOptions {
  /** How many products; default 1,000. */
  readonly products?: number;
  /** Another seed, another catalogue; default 0. */
  readonly seed?: number;
  /** Which words of a name are nouns; default: all but function words. */
  readonly nouns?: NounTagger;
}

export interface OriginalShopOptions {
  /** A folder with the original's `items_shuffle*.json`, `items_ins_v2*.json` and, for human goals, `items_human_ins*.json`. */
  readonly dataDir: string;
  /** Python's `random.seed` before prices are drawn from price ranges; default 0. */
  readonly priceSeed?: number;
  /** Which goals; default `generated`, as AgentGym serves them. */
  readonly goals?: GoalKind;
  /** Take the full catalogue where the folder holds both; default false: the 1,000 products. */
  readonly all?: boolean;
  /** Only the first so many records; default all of the file. */
  readonly products?: number;
  readonly nouns?: NounTagger;
}

/** WebShop on generated products or on the original's files. Nothing is read or made before it is needed. */
export function openWebShop(options: GeneratedShopOptions | OriginalShopOptions = {}): EnvironmentDefinition {
  if ("dataDir" in options) {
    refuseUnknownKeys("WebShop", options, ["dataDir", "priceSeed", "goals", "all", "products", "nouns"]);
    checkWhole("priceSeed", options.priceSeed, 0);
    if (options.goals !== undefined && !GOAL_KINDS.includes(options.goals))
      throw new RangeError(`goals: got ${JSON.stringify(options.goals)}, accepted: ${GOAL_KINDS.join(", ")}`);
  } else {
    refuseUnknownKeys("WebShop", options, ["products", "seed", "nouns"]);
    checkWhole("seed", options.seed, 0);
  }
  checkWhole("products", options.products, 1);
  return "dataDir" in options ? originalShop(options) : generatedShop(options);
}

function generatedShop({ products = PRODUCTS, seed = SEED, nouns }: GeneratedShopOptions): EnvironmentDefinition {
  const shop = once(() => {
    const catalogue = generateCatalogue(products, seed);
    const read = [...readProducts(catalogue.products, catalogue.instructions)];
    return new Shop({ products: read, priceSeed: seed, goals: "generated", nouns });
  });
  const idOf = (n: number): string => {
    const { product, variant } = shop().goals.source(n);
    return `webshop_${shop().products[product].asin.toLowerCase()}-${variant}`;
  };
  const plan = once(() => planTasks({ shop: shop(), perProduct: PER_PRODUCT, listed: LISTED, idOf }));
  const same = products === PRODUCTS && seed === SEED && !nouns;
  return define(same ? VERSION : `${VERSION}-${products}-${seed}${nouns ? "-nouns" : ""}`, shop, plan);
}

function originalShop(options: OriginalShopOptions): EnvironmentDefinition {
  const { dataDir, priceSeed = 0, goals = "generated", all, products: limit, nouns } = options;
  const files = findOriginalFiles(dataDir, { all, human: goals !== "generated" });
  const shop = once(() => {
    const records = readJsonArray<RawProduct>(files.products);
    const products = [...readProducts(records, readJsonMap<RawInstruction>(files.instructions), limit)];
    const human = files.human ? readJsonMap<readonly RawHumanInstruction[]>(files.human) : undefined;
    return new Shop({ products, priceSeed, goals, human, nouns });
  });
  const plan = once(() => planTasks({ shop: shop(), listed: LISTED, idOf: (n) => `webshop_${n}` }));
  const sizes = Object.values(files).map((file: string | undefined) => (file ? statSync(file).size : 0));
  const identity = hash32(JSON.stringify([sizes, priceSeed, goals, limit ?? 0])).toString(16);
  return define(`${VERSION}-${identity}${nouns ? "-nouns" : ""}`, shop, plan);
}

function define(version: string, shop: () => Shop, plan: () => TaskList): EnvironmentDefinition {
  const list = once(() => plan().list());
  const byId = once(() => new Map(list().map((task) => [task.id, task])));

  /** A goal's number counts from the end when it is negative, as in the original. */
  function task(id: number | string): TaskSpec {
    const goals = shop().goals.length;
    const n = typeof id === "number" ? id : Number(/^webshop_(-?\d+)$/.exec(id)?.[1] ?? NaN);
    if (Number.isInteger(n) && n >= -goals && n < goals) return plan().task(n < 0 ? n + goals : n);
    const named = typeof id === "string" ? byId().get(id) : undefined;
    if (named) return named;
    throw new RangeError(
      `unknown WebShop task ${JSON.stringify(id)}: give a goal's number, ${-goals} to ${goals - 1}, or an id such as ` +
        `"${list()[0]?.id}"`,
    );
  }

  return {
    id: "webshop",
    title: "WebShop",
    version,
    maxTurns: MAX_TURNS,
    levels,
    breakdown: "asks",
    prompt,
    tools,
    phrases,
    create: () => new WebShopEnvironment(shop()),
    tasks: (query) => selectTasks(list(), query),
    task,
    write: (clickable) => `click[${clickable}]`,
    parse: parseReply,
    format: formatReact,
    expert: webShopExpert,
    demonstrate: (spec, random, renaming) => webShopDemonstration(shop(), spec, random, MAX_TURNS, renaming),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function checkWhole(name: string, value: number | undefined, least: number): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least))
    throw new RangeError(`${name}: got ${value}, accepted: whole numbers from ${least}`);
}

/** WebShop on the generated catalogue of 1,000 products. */
export const webshop: EnvironmentDefinition = openWebShop();
