/** WebShop's behaviour: searching, clicking and buying, answered page for page as the original answers. */
import type { Environment, Observation, Step, TaskSpec } from "../../types";
import type { Product } from "./catalogue";
import type { Goal } from "./goals";
import type { MersenneTwister } from "../mersenne";
import { donePage, itemPage, resultsPage, searchPage, SUB_PAGES, subPage, type Page, type SubPage } from "./pages";
import { strip } from "../python";
import type { Score } from "./reward";
import { MAX_HITS, type Shop } from "./shop";

/** Where the agent is. */
export type Place = "search_results" | "item_page" | "item_sub_page" | "done" | "index";

/**
 * One shopper in a shop. An action that fits no clickable text changes nothing and is not complained about. After a
 * purchase the original goes on answering; so does this.
 */
export class WebShopEnvironment implements Environment {
  private currentGoal: Goal | undefined;
  private page: Page = { text: "", clickables: new Map() };
  private currentPlace: Place = "index";
  private keywords: readonly string[] = [];
  private foundProducts: readonly Product[] | undefined;
  private pageNumber = 0;
  private asin: string | undefined;
  private readonly chosenOptions = new Map<string, string>();
  private readonly seenPages = new Map<string, Set<SubPage | "item">>();
  private lastScore: Score | undefined;
  private solved = false;
  private random: MersenneTwister | undefined;

  constructor(readonly shop: Shop) {}

  get goal(): Goal {
    if (!this.currentGoal) throw new Error("reset the environment first");
    return this.currentGoal;
  }

  get place(): Place {
    return this.currentPlace;
  }

  /** The product that is looked at, on item pages and their sub-pages. */
  get product(): Product | undefined {
    return this.asin === undefined ? undefined : this.shop.product(this.asin);
  }

  /** Option name -> chosen value. */
  get chosen(): ReadonlyMap<string, string> {
    return this.chosenOptions;
  }

  /** All products that the last search found, best first. */
  get found(): readonly Product[] {
    return this.foundProducts ?? [];
  }

  /** The words of the last search. */
  get query(): string {
    return this.keywords.join(" ");
  }

  /** The page of results that is open or was open last, from 1. */
  get resultsNumber(): number {
    return this.pageNumber;
  }

  /** For each product opened in this episode, which of its pages the agent has read. */
  get seen(): ReadonlyMap<string, ReadonlySet<SubPage | "item">> {
    return this.seenPages;
  }

  /** How the last purchase was scored. */
  get purchase(): Score | undefined {
    return this.lastScore;
  }

  /** Whether the last action bought something. */
  get isDone(): boolean {
    return this.currentPlace === "done";
  }

  /** Starts the task whose `params.goal` is a goal's number; throws a RangeError for any other. */
  reset(task: TaskSpec): Observation {
    const { goal } = task.params;
    const { goals } = this.shop;
    if (typeof goal !== "number" || !Number.isInteger(goal) || goal < 0 || goal >= goals.length)
      throw new RangeError(`params.goal: got ${JSON.stringify(goal)}, accepted: 0 to ${goals.length - 1}`);
    this.currentGoal = goals.goal(goal);
    this.seenPages.clear();
    this.lastScore = undefined;
    this.solved = false;
    this.random = undefined;
    this.startOver();
    return this.observation();
  }

  step(action: string): Step {
    const purchases = this.lastScore;
    const valid = this.act(action);
    const bought = this.lastScore !== purchases;
    const reward = bought ? this.lastScore!.reward : 0;
    this.solved ||= reward === 1;
    return { observation: this.observation(), reward, done: bought, success: this.solved, valid };
  }

  close(): void {
    this.foundProducts = undefined;
    this.seenPages.clear();
  }

  private observation(): Observation {
    return { text: this.page.text, actions: [...this.page.clickables.keys()] };
  }

  /** Returns whether the action could be carried out. */
  private act(action: string): boolean {
    const { name, argument } = parseAction(action);
    if (argument === undefined) return false;
    if (name === "search") return this.search(argument.split(" "), 1);
    return name === "click" && argument !== "search" && this.page.clickables.has(argument) && this.click(argument);
  }

  private click(text: string): boolean {
    const place = this.placeByAddress();
    switch (text) {
      case "buy now":
        return this.buy();
      case "back to search":
        return this.startOver();
      case "next >":
        if (place === "search_results") return this.search(this.keywords, this.pageNumber + 1);
        break;
      case "< prev":
        if (place === "search_results") return this.search(this.keywords, this.pageNumber - 1);
        if (place === "item_page") return this.search(this.keywords, this.pageNumber);
        break;
    }
    return isSubPage(text) ? this.openSubPage(text) : this.openItem(text);
  }

  /** The original tells places apart by a word in the page's address, which holds the words searched for as well. */
  private placeByAddress(): Place {
    const words = this.keywords.join("+");
    if (this.currentPlace === "search_results" || words.includes("search_results")) return "search_results";
    return this.currentPlace === "item_page" || words.includes("item_page") ? "item_page" : this.currentPlace;
  }

  private startOver(): boolean {
    this.keywords = [];
    this.foundProducts = undefined;
    this.pageNumber = 0;
    this.leaveItem();
    return this.show("index", searchPage(this.goal.instruction));
  }

  private search(keywords: readonly string[], number: number): boolean {
    const again = keywords === this.keywords && keywords[0] !== "<r>";
    if (!again) this.foundProducts = this.lookUp(keywords);
    this.keywords = keywords;
    this.pageNumber = number;
    this.leaveItem();
    // Where the original's server fails, its page stays.
    if (!this.foundProducts) return false;
    return this.show("search_results", resultsPage(this.goal.instruction, this.foundProducts, number));
  }

  /** The products for some words. Four first words have a meaning of their own; undefined where the original fails. */
  private lookUp(keywords: readonly string[]): readonly Product[] | undefined {
    const { products } = this.shop;
    const rest = keywords.slice(1);
    switch (keywords[0]) {
      case "<r>":
        this.random ??= this.shop.randomStream();
        return products.length < MAX_HITS ? undefined : this.random.sample(products, MAX_HITS);
      case "<a>":
        return undefined;
      case "<c>":
        return rest.length === 0 ? undefined : products.filter(({ category }) => category === strip(rest[0]));
      case "<q>":
        return products.filter(({ query }) => query === strip(rest.join(" ")));
      default:
        return this.shop.search(keywords.join(" "));
    }
  }

  private openItem(text: string): boolean {
    const target = this.page.clickables.get(text)!;
    if (target.kind === "product") this.asin = text.toUpperCase();
    if (target.kind === "option") this.chosenOptions.set(target.name, text);
    const { product } = this;
    if (!product) return false;
    this.remember(product, "item");
    return this.show("item_page", itemPage(this.goal.instruction, product));
  }

  private openSubPage(name: SubPage): boolean {
    const { product } = this;
    if (!product) return false;
    this.remember(product, name);
    return this.show("item_sub_page", subPage(this.goal.instruction, product, name));
  }

  private buy(): boolean {
    const { product } = this;
    if (!product) return false;
    this.lastScore = this.shop.score(this.goal, product, this.chosenOptions.values());
    return this.show("done", donePage(product.asin, this.chosenOptions, this.lastScore.reward));
  }

  private leaveItem(): void {
    this.asin = undefined;
    this.chosenOptions.clear();
  }

  private remember({ asin }: Product, page: SubPage | "item"): void {
    const pages = this.seenPages.get(asin);
    if (pages) pages.add(page);
    else this.seenPages.set(asin, new Set([page]));
  }

  private show(place: Place, page: Page): true {
    this.currentPlace = place;
    this.page = page;
    return true;
  }
}

function isSubPage(text: string): text is SubPage {
  return (SUB_PAGES as readonly string[]).includes(text);
}

/**
 * `name[argument]` at the start of the first line, both as long as they can be: the name ends at the last bracket that
 * leaves a non-empty argument before the last closing one. The argument is lower-cased, the name is not.
 */
export function parseAction(action: string): { readonly name: string; readonly argument?: string } {
  const lineEnd = action.indexOf("\n");
  const line = lineEnd < 0 ? action : action.slice(0, lineEnd);
  const close = line.lastIndexOf("]");
  const open = close < 2 ? -1 : line.lastIndexOf("[", close - 2);
  if (open < 1) return { name: action };
  return { name: line.slice(0, open), argument: line.slice(open + 1, close).toLowerCase() };
}
