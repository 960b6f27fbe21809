/**
 * The original's goals in the original's order. A goal is computed when it is asked for: a large catalogue has
 * millions of them, one for every combination of a product's options.
 */
import type { Product, RawHumanInstruction } from "./catalogue";
import type { WantedOption } from "./colors";
import { MersenneTwister } from "../mersenne";
import type { Wanted } from "./reward";

/** What an agent is asked to buy. */
export interface Goal extends Wanted {
  readonly asin: string;
  readonly category: string;
  /** The whole text shown to the agent. */
  readonly instruction: string;
}

/**
 * - `generated`: one goal per combination of options, in the words of `items_ins_v2*.json` (what AgentGym serves)
 * - `human`: one goal per instruction of `items_human_ins.json` (what WebShop was published with)
 * - `human-all-prices`: AgentGym's unused variant, with a goal for each of the next four price limits
 */
export type GoalKind = "generated" | "human" | "human-all-prices";
export const GOAL_KINDS: readonly GoalKind[] = ["generated", "human", "human-all-prices"];

/** The seed that both originals set before they shuffle the goals. */
export const ORDER_SEED = 233;

const PRICE_LIMITS = Array.from({ length: 99 }, (_, i) => 10 * (i + 1));
const NO_LIMIT = 1_000_000;

/** Goals in a fixed order: `goal(n)` is the original's goal n. */
export interface GoalList {
  readonly length: number;
  goal(n: number): Goal;
  /** Index of the product that goal n is about, and which of the product's goals it is, from 0. */
  source(n: number): { readonly product: number; readonly variant: number };
  /** Probability of goal n, up to a constant, where the original draws goals itself. */
  weight(n: number): number;
}

/** All goals of one kind that a product has. */
interface Wishes {
  readonly count: number;
  goal(variant: number): Goal;
}

const NO_WISHES: Wishes = {
  count: 0,
  goal() {
    throw new RangeError("no goal is about this product");
  },
};

/**
 * @param prices of the products, same order
 * @param random the stream that the prices were drawn from: human goals draw their price limits after them
 */
export function listGoals(
  kind: GoalKind,
  products: readonly Product[],
  prices: ArrayLike<number>,
  human: ReadonlyMap<string, readonly RawHumanInstruction[]>,
  random: MersenneTwister,
): GoalList {
  const stream = kind === "generated" ? new MersenneTwister(ORDER_SEED) : random;
  const wishes: Wishes[] = [];
  const owners: number[] = [];
  const starts = [0];
  products.forEach((product, index) => {
    const made =
      kind === "generated"
        ? generatedWishes(product, prices[index], stream)
        : humanWishes(product, prices[index], human.get(product.asin) ?? [], stream, kind);
    if (made.count === 0) return;
    wishes.push(made);
    owners.push(index);
    starts.push(starts[starts.length - 1] + made.count);
  });
  const length = starts[starts.length - 1];
  const order = Uint32Array.from({ length }, (_, i) => i);
  new MersenneTwister(ORDER_SEED).shuffle(order);

  function locate(n: number): { owner: number; variant: number } {
    const position = order[n];
    let low = 0;
    let high = wishes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= position) low = middle;
      else high = middle - 1;
    }
    return { owner: low, variant: position - starts[low] };
  }

  let attributeCounts: Map<string, number> | undefined;
  function countAttributes(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { count, goal } of wishes)
      for (const attribute of goal(0).attributes) counts.set(attribute, (counts.get(attribute) ?? 0) + count);
    return counts;
  }

  return {
    length,
    goal(n) {
      const { owner, variant } = locate(n);
      return wishes[owner].goal(variant);
    },
    source(n) {
      const { owner, variant } = locate(n);
      return { product: owners[owner], variant };
    },
    weight(n) {
      if (kind !== "generated") return 1;
      const counts = (attributeCounts ??= countAttributes());
      const { attributes } = this.goal(n);
      return attributes.reduce((sum, attribute) => sum + 1 / counts.get(attribute)!, 0) / attributes.length;
    },
  };
}

/** One goal per combination of option values; option names in order, the last varies fastest; one price limit. */
function generatedWishes(product: Product, price: number, random: MersenneTwister): Wishes {
  const { instruction } = product;
  if (!instruction) return NO_WISHES;
  const limits = nextLimits(price);
  const limit = limits.length >= 2 ? Math.max(...random.sample(limits, 2)) : NO_LIMIT;
  const options = [...product.options].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    count: options.reduce((product, { values }) => product * values.length, 1),
    goal(variant) {
      const chosen: (readonly [string, string])[] = [];
      let rest = variant;
      for (const { name, values } of options.slice().reverse()) {
        chosen.unshift([name, values[rest % values.length]]);
        rest = Math.floor(rest / values.length);
      }
      const asked = chosen.map(([name, value]) => `${name}: ${value}`).join(", and ");
      const text = instruction.text + (asked && ` with ${asked}`);
      return makeGoal(product, text, limit, instruction.attributes, chosen);
    },
  };
}

function humanWishes(
  product: Product,
  price: number,
  instructions: readonly RawHumanInstruction[],
  random: MersenneTwister,
  kind: GoalKind,
): Wishes {
  const goals: Goal[] = [];
  const limits = nextLimits(price);
  for (const { instruction, instruction_attributes: attributes, instruction_options: options } of instructions) {
    if (attributes.length === 0) continue;
    const text = instruction.replace(/^\.+|\.+$/g, "");
    const drawn =
      kind === "human-all-prices"
        ? limits.length >= 2
          ? limits
          : [NO_LIMIT, NO_LIMIT, NO_LIMIT, NO_LIMIT]
        : [limits.length >= 2 ? Math.max(...random.sample(limits, 2)) : NO_LIMIT];
    for (const limit of drawn) goals.push(makeGoal(product, text, limit, attributes, options));
  }
  return { count: goals.length, goal: (variant) => goals[variant] };
}

/** The four lowest price limits above a price. */
function nextLimits(price: number): number[] {
  return PRICE_LIMITS.filter((limit) => limit > price).slice(0, 4);
}

function makeGoal(
  { asin, category, query, name, productCategory }: Product,
  text: string,
  priceUpper: number,
  attributes: readonly string[],
  options: readonly WantedOption[],
): Goal {
  const limit = priceUpper === NO_LIMIT ? "" : `, and price lower than ${priceUpper.toFixed(2)} dollars`;
  return { asin, category, query, name, productCategory, instruction: text + limit, attributes, priceUpper, options };
}
