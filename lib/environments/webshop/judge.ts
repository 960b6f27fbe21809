/** What a perfect shopper knows: how well each product can serve a goal, and which words find one that serves best. */
import type { Product } from "./catalogue";
import { parseAction, type WebShopEnvironment } from "./environment";
import { SUB_PAGES } from "./pages";
import { fits } from "./reward";

/** The best way to buy a product. */
export interface Plan {
  readonly reward: number;
  /** Option name -> the value to click, in the order in which the goal asks for them. */
  readonly options: ReadonlyMap<string, string>;
}

const BUTTONS: ReadonlySet<string> = new Set([...SUB_PAGES, "search", "back to search", "< prev", "next >", "buy now"]);

/** The option name that a click on a value sets: of several with the same value, the last. */
export function clickableValues({ options }: Product): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, values } of options)
    for (const value of values)
      if (!BUTTONS.has(value) && parseAction(`click[${value}]`).argument === value) names.set(value, name);
  return names;
}

export class Judge {
  private readonly plans = new Map<string, Plan>();
  private best: number | undefined;
  private words: string | undefined;

  /** On an environment that has been reset; it holds for that task. */
  constructor(private readonly environment: WebShopEnvironment) {}

  /** The words to search for: the instruction's own if they find what is wanted, else fewer of them. */
  get searchWords(): string {
    return (this.words ??= this.chooseWords());
  }

  /** Whether no product serves the goal better, as far as can be seen. */
  isRight(product: Product): boolean {
    this.best ??= this.findBest();
    return this.plan(product).reward >= this.best;
  }

  plan(product: Product): Plan {
    let plan = this.plans.get(product.asin);
    if (!plan) {
      plan = this.makePlan(product);
      this.plans.set(product.asin, plan);
    }
    return plan;
  }

  private makePlan(product: Product): Plan {
    const { goal, shop } = this.environment;
    const names = clickableValues(product);
    const options = new Map<string, string>();
    for (const wanted of goal.options) {
      if ([...options.values()].some((value) => fits(value, wanted))) continue;
      const exact = typeof wanted === "string" ? wanted : wanted[1];
      const possible = [exact, ...names.keys()].find((value) => {
        const name = names.get(value);
        return name !== undefined && !options.has(name) && fits(value, wanted);
      });
      if (possible !== undefined) options.set(names.get(possible)!, possible);
    }
    return { reward: shop.score(goal, product, options.values()).reward, options };
  }

  private findBest(): number {
    const { goal, shop } = this.environment;
    const own = this.plan(shop.product(goal.asin)!).reward;
    if (own === 1) return 1;
    return Math.max(own, ...shop.search(wholeWish(goal.instruction)).map((product) => this.plan(product).reward));
  }

  /** Prefers the words that bring a right product closest to the top; earlier ones among equals of the first page. */
  private chooseWords(): string {
    const { goal, shop } = this.environment;
    const values = goal.options.map((option) => (typeof option === "string" ? option : option[1]));
    const candidates = [
      wholeWish(goal.instruction),
      [...goal.attributes, goal.query].join(" "),
      [goal.query, ...values].join(" "),
      goal.query,
      goal.name,
    ].map((words) => words.replace(/[[\]\s]+/g, " ").trim());
    let chosen = candidates[0];
    let nearest = Infinity;
    for (const words of candidates) {
      const rank = shop.search(words.toLowerCase()).findIndex((product) => this.isRight(product));
      if (rank >= 0 && Math.floor(rank / 10) < nearest) {
        nearest = Math.floor(rank / 10);
        chosen = words;
      }
      if (nearest === 0) break;
    }
    return chosen;
  }
}

/** The instruction without its first words and the price limit. */
export function wholeWish(instruction: string): string {
  return instruction.replace(/^Find me /, "").replace(/, and price lower than [\d.]+ dollars$/, "");
}
