/** Tasks: which goals are asked for, their levels and their splits. */
import { fold, generator } from "../../random";
import type { LevelInfo, Split, TaskQuery, TaskSpec } from "../../types";
import type { Product } from "./catalogue";
import type { Shop } from "./shop";

export const levels: { readonly [level: string]: LevelInfo } = {
  easy: {
    description: "at most four things asked for, besides the price limit, of a product without look-alikes",
    reason: "The title tells the right product among the results: search, open it, choose what is asked, buy.",
  },
  hard: {
    description: "five and more things asked for, or a product that has look-alikes",
    reason:
      "More attributes and options are to be kept in mind, and several products fit the title: one has to read their " +
      "pages and come back before one of them is bought.",
  },
};

/** Attributes and options together, up to which a goal can be easy. */
const EASY_ASKS = 4;

/** Where each split ends in [0, 1): 40, 30 and 30 % of the products. */
const SPLIT_ENDS: readonly (readonly [Split, number])[] = [
  ["demonstration", 0.4],
  ["train", 0.7],
  ["test", 1],
];

/** How a shop's goals become tasks. */
export interface TaskPlan {
  readonly shop: Shop;
  /** At most this many tasks for each product; default all. */
  readonly perProduct?: { readonly [level: string]: number };
  /** At most this many goals are listed, the first ones; all can be had by number. */
  readonly listed: number;
  readonly idOf: (goal: number) => string;
}

export interface TaskList {
  /** In the order of the goals. */
  list(): readonly TaskSpec[];
  /** The task of goal `n`. */
  task(n: number): TaskSpec;
}

/** The tasks of a shop; they are listed when they are asked for. */
export function planTasks({ shop, perProduct, listed, idOf }: TaskPlan): TaskList {
  const { goals, products } = shop;
  const family = new Map<string, number>();
  for (const product of products) {
    const key = lookAlikeKey(product);
    family.set(key, (family.get(key) ?? 0) + 1);
  }

  function task(n: number): TaskSpec {
    const goal = goals.goal(n);
    const product = products[goals.source(n).product];
    const key = lookAlikeKey(product);
    const asks = goal.attributes.length + goal.options.length;
    const lookAlikes = family.get(key)! - 1;
    return {
      id: idOf(n),
      env: "webshop",
      level: asks <= EASY_ASKS && lookAlikes === 0 ? "easy" : "hard",
      split: splitOf(key),
      seed: 0,
      params: { goal: n, asin: goal.asin, asks, lookAlikes },
    };
  }

  function list(): TaskSpec[] {
    const tasks: TaskSpec[] = [];
    const taken = new Map<number, number>();
    for (let n = 0; n < Math.min(listed, goals.length); n++) {
      const { product } = goals.source(n);
      const made = task(n);
      const count = taken.get(product) ?? 0;
      if (count >= (perProduct?.[made.level] ?? Infinity)) continue;
      taken.set(product, count + 1);
      tasks.push(made);
    }
    return tasks;
  }

  return { list, task };
}

/** Products are look-alikes if one searches for them with the same words and their titles begin with the same word. */
function lookAlikeKey({ query, name }: Product): string {
  return `${query}/${name.split(" ", 1)[0].toLowerCase()}`;
}

/** Look-alikes share a split, whatever else the catalogue holds. */
function splitOf(key: string): Split {
  const draw = generator(fold("webshop splits", key)).next();
  return SPLIT_ENDS.find(([, end]) => draw < end)![0];
}

/** The tasks that a query asks for, in the order given. */
export function selectTasks(tasks: readonly TaskSpec[], query: TaskQuery = {}): readonly TaskSpec[] {
  const { split, level } = query;
  return tasks.filter((task) => (!split || task.split === split) && (!level || task.level === level));
}
