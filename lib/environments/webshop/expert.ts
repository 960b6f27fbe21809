/**
 * The expert: searches with the instruction's own words, opens what fits by title and price, reads the features where
 * products look alike, goes back from what is not right, clicks every asked option, buys.
 *
 * What it does next follows from the live environment alone. Its thoughts name what it copies: the attributes and the
 * price limit from the instruction, the product from the page, the options one by one.
 */
import type { Advice, Environment, Expert } from "../../types";
import type { Product } from "./catalogue";
import { WebShopEnvironment } from "./environment";
import { Judge } from "./judge";
import { onPage } from "./pages";
import { fits, hasAttribute } from "./reward";

/** An expert on a WebShop environment that has been reset; throws a TypeError for other environments. */
export function webShopExpert(environment: Environment): Expert {
  if (!(environment instanceof WebShopEnvironment)) throw new TypeError("expected a WebShop environment");
  const shopper = new Shopper(environment);
  return { next: () => shopper.next() };
}

class Shopper {
  private readonly judge: Judge;

  constructor(private readonly environment: WebShopEnvironment) {
    this.judge = new Judge(environment);
  }

  next(): Advice | undefined {
    const { place, product } = this.environment;
    if (place === "done") return undefined;
    if (place === "index") return this.search("I search for all that is asked.");
    if (place === "search_results" || !product) return this.onResults();
    return place === "item_page" ? this.onItem(product) : this.onSubPage(product);
  }

  private onResults(): Advice | undefined {
    const { found, resultsNumber, goal, query } = this.environment;
    const chosen = this.choose();
    if (chosen) {
      const { asin, priceTag } = chosen;
      const limit = hasLimit(goal) ? `, price lower than ${goal.priceUpper.toFixed(2)}` : "";
      const known = this.turnedDown().filter((product) => this.listed().includes(product));
      const before = known.map((product) => `${product.asin} is not right. `).join("");
      const asked = `I need ${goal.attributes.join(", ")}${limit}.`;
      return { thought: `${before}${asked} ${asin} looks right for ${priceTag}.`, action: `click[${asin}]` };
    }
    const rank = found.findIndex((product) => this.judge.isRight(product));
    if (rank >= 0) {
      const forward = Math.floor(rank / 10) + 1 > resultsNumber;
      return { thought: "None of these is right.", action: forward ? "click[next >]" : "click[< prev]" };
    }
    if (query === this.judge.searchWords.toLowerCase()) return undefined;
    return this.search("None of these is right. I search again.");
  }

  private search(thought: string): Advice {
    return { thought, action: `search[${this.judge.searchWords}]` };
  }

  /** The first product on the page that is right or, while nothing was turned down, cannot be told from one that is. */
  private choose(): Product | undefined {
    const listed = this.listed();
    const right = listed.filter((product) => this.judge.isRight(product));
    const turnedDown = this.turnedDown();
    return listed.find(
      (product) =>
        right.includes(product) ||
        (turnedDown.length === 0 && this.isAffordable(product) && right.some(({ name }) => name === product.name)),
    );
  }

  private onItem(product: Product): Advice {
    const { chosen } = this.environment;
    const { asin } = product;
    if (!this.judge.isRight(product)) {
      const fault = this.fault(product);
      return fault === undefined
        ? this.readFeatures(product)
        : { thought: `${fault} ${asin} is not right.`, action: "click[< prev]" };
    }
    if (this.shouldRead(product)) return this.readFeatures(product);
    const wanted = [...this.judge.plan(product).options];
    const missing = wanted.find(([name, value]) => chosen.get(name) !== value);
    const have = wanted.filter(([name, value]) => chosen.get(name) === value).map(pair);
    const held = have.length > 0 ? `I have ${have.join(", ")}. ` : "";
    if (missing) return { thought: `${held}I need ${pair(missing)}.`, action: `click[${missing[1]}]` };
    return { thought: `${held}Nothing else is asked. I buy it.`, action: "click[buy now]" };
  }

  private readFeatures(product: Product): Advice {
    const other = this.rivals(product)[0];
    const reason = other ? `${product.asin} and ${other.asin} look alike.` : "The title does not tell all.";
    return { thought: `${reason} I look for ${this.question(product)}.`, action: "click[features]" };
  }

  private onSubPage(product: Product): Advice {
    const { asin } = product;
    const read = this.environment.seen.get(asin)?.has("features");
    const attribute = this.question(product);
    const said = hasAttribute(product, attribute);
    const verdict = this.judge.isRight(product) ? `${asin} is right.` : `${asin} is not right.`;
    const finding = read
      ? `The features ${said ? "say" : "do not say"} ${attribute}. ${verdict}`
      : "This does not help.";
    return { thought: finding, action: "click[< prev]" };
  }

  /** Features are worth a look when another product has the same title and the title does not tell all. */
  private shouldRead(product: Product): boolean {
    const isRead = this.environment.seen.get(product.asin)?.has("features");
    return (
      !isRead && this.turnedDown().length === 0 && this.untold(product) !== undefined && this.rivals(product).length > 0
    );
  }

  /** Why a wrong product is wrong; undefined when only its features can tell. */
  private fault(product: Product): string | undefined {
    const { goal, seen } = this.environment;
    const values = product.options.flatMap((option) => option.values);
    const absent = goal.options.find((option) => !values.some((value) => fits(value, option)));
    if (absent) return `There is no ${typeof absent === "string" ? absent : absent[1]}.`;
    if (!this.isAffordable(product)) return `${product.priceTag} is not lower than ${goal.priceUpper.toFixed(2)}.`;
    const lacking = goal.attributes.find((attribute) => !hasAttribute(product, attribute));
    if (lacking === undefined) return "It is another thing.";
    const isRead = seen.get(product.asin)?.has("features");
    return isRead ? `The features do not say ${lacking}.` : undefined;
  }

  /** The attribute to look for in the features. */
  private question(product: Product): string {
    const { attributes } = this.environment.goal;
    const lacking = attributes.find((attribute) => !hasAttribute(product, attribute));
    return lacking ?? this.untold(product) ?? attributes[0];
  }

  private untold({ name }: Product): string | undefined {
    const title = name.toLowerCase();
    return this.environment.goal.attributes.find((attribute) => !title.includes(attribute));
  }

  /** Other affordable products on the page of results that have the same title. */
  private rivals({ asin, name }: Product): Product[] {
    return this.listed().filter((other) => other.name === name && other.asin !== asin && this.isAffordable(other));
  }

  private turnedDown(): Product[] {
    const { seen, shop } = this.environment;
    return [...seen.keys()].map((asin) => shop.product(asin)!).filter((product) => !this.judge.isRight(product));
  }

  private listed(): readonly Product[] {
    const { found, resultsNumber } = this.environment;
    return onPage(found, resultsNumber);
  }

  private isAffordable({ prices }: Product): boolean {
    return prices[0] <= this.environment.goal.priceUpper;
  }
}

function hasLimit({ instruction, priceUpper }: { instruction: string; priceUpper: number }): boolean {
  return instruction.includes(`price lower than ${priceUpper.toFixed(2)}`);
}

function pair([name, value]: readonly [string, string]): string {
  return `${name}: ${value}`;
}
