/** A shop: products, their prices, the search over them and the goals to shop for. Shared by all environments. */
import { createBm25Index, type Bm25Index } from "../../search/bm25";
import { searchText, type Product, type RawHumanInstruction } from "./catalogue";
import { listGoals, ORDER_SEED, type Goal, type GoalKind, type GoalList } from "./goals";
import { MersenneTwister } from "../mersenne";
import { openClassWords, type NounTagger } from "./nouns";
import { score, type Score } from "./reward";

/** A search finds at most this many products. */
export const MAX_HITS = 50;

export interface ShopSettings {
  readonly products: readonly Product[];
  /** Seed of the prices of products that are sold at a range of prices. */
  readonly priceSeed: number;
  readonly goals: GoalKind;
  /** Instructions that people wrote, by asin. */
  readonly human?: ReadonlyMap<string, readonly RawHumanInstruction[]>;
  readonly nouns?: NounTagger;
}

export class Shop {
  readonly products: readonly Product[];
  readonly goals: GoalList;
  /** What each product costs, in dollars. */
  readonly prices: Float64Array;
  private readonly positions: ReadonlyMap<string, number>;
  private readonly nouns: NounTagger;
  private index: Bm25Index | undefined;

  constructor({ products, priceSeed, goals, human = new Map(), nouns = openClassWords }: ShopSettings) {
    this.products = products;
    this.nouns = nouns;
    this.positions = new Map(products.map(({ asin }, position) => [asin, position]));
    const random = new MersenneTwister(priceSeed);
    this.prices = Float64Array.from(products, ({ prices: [low, high] }) =>
      high === undefined ? low : random.uniform(low, high),
    );
    this.goals = listGoals(goals, products, this.prices, human, random);
  }

  product(asin: string): Product | undefined {
    const position = this.positions.get(asin);
    return position === undefined ? undefined : this.products[position];
  }

  /** The `MAX_HITS` best products for a query, best first. The first call builds the index. */
  search(query: string): Product[] {
    this.index ??= createBm25Index(
      (function* (products) {
        for (const product of products) yield { id: product.asin, text: searchText(product) };
      })(this.products),
    );
    return this.index.search(query, MAX_HITS).map((hit) => this.products[hit.index]);
  }

  /** Scores buying a product with some option values for a goal. */
  score(goal: Goal, product: Product, chosen: Iterable<string>): Score {
    const price = this.prices[this.positions.get(product.asin)!];
    return score(product, goal, price, chosen, this.nouns);
  }

  /** Python's random stream as it stands in a new environment of the original, after two resets without a task. */
  randomStream(): MersenneTwister {
    const random = new MersenneTwister(ORDER_SEED);
    random.shuffle(new Uint32Array(this.goals.length));
    // Each such reset draws the ten letters of a session's name and a goal.
    for (let i = 0; i < 2 * 11; i++) random.random();
    return random;
  }
}
