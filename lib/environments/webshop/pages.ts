/** The pages as an agent reads them: the visible pieces of text, joined by ` [SEP] `, and what can be clicked. */
import type { Option, Product } from "./catalogue";
import { strip } from "../python";
import { flaskJson, floatText } from "./python";

const SEPARATOR = " [SEP] ";
const PAGE_SIZE = 10;

export const SUB_PAGES = ["description", "features", "reviews"] as const;
export type SubPage = (typeof SUB_PAGES)[number];

/** What stands behind a clickable text: a button, a product's link, or a value of an option. */
export type Target =
  { readonly kind: "button" } | { readonly kind: "product" } | { readonly kind: "option"; readonly name: string };

const BUTTON: Target = { kind: "button" };
const PRODUCT: Target = { kind: "product" };

/** Clickable text -> what it is, in the order listed; of several with one text the last counts. */
export type Clickables = ReadonlyMap<string, Target>;

export interface Page {
  readonly text: string;
  readonly clickables: Clickables;
}

export function searchPage(instruction: string): Page {
  return { text: join(["WebShop", ...instructionPieces(instruction), "Search"]), clickables: buttons("search") };
}

/** Page `number` (from 1) of the products found. `Next >` is there also where nothing follows. */
export function resultsPage(instruction: string, found: readonly Product[], number: number): Page {
  const shown = onPage(found, number);
  const previous = number > 1 ? ["< Prev"] : [];
  const text = join([
    ...instructionPieces(instruction),
    "Back to Search",
    `Page ${number} (Total results: ${found.length})`,
    ...previous,
    "Next >",
    ...shown.flatMap(({ asin, name, priceTag }) => pieces(asin, name, priceTag)),
  ]);
  const clickables = buttons("back to search", ...previous.map((p) => p.toLowerCase()), "next >");
  for (const { asin } of shown) clickables.set(asin.toLowerCase(), PRODUCT);
  return { text, clickables };
}

/** The products on page `number`; a page below 1 counts from the end, as a Python slice does. */
export function onPage(found: readonly Product[], number: number): readonly Product[] {
  return found.slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE);
}

/** A product with its options; which of them are chosen is not shown. */
export function itemPage(instruction: string, { name, priceTag, options }: Product): Page {
  const text = join([
    ...instructionPieces(instruction),
    ...["Back to Search", "< Prev"],
    ...options.flatMap((option) => pieces(option.name, ...option.values)),
    ...pieces(name),
    ...[`Price: ${priceTag}`, "Rating: N.A.", "Description", "Features", "Reviews", "Buy Now"],
  ]);
  return { text, clickables: itemClickables(options) };
}

function itemClickables(options: readonly Option[]): Clickables {
  const clickables = buttons("back to search", "< prev", ...SUB_PAGES, "buy now");
  for (const { name, values } of options) {
    const option: Target = { kind: "option", name };
    for (const value of values) clickables.set(value, option);
  }
  return clickables;
}

/** Reviews are never loaded. */
export function subPage(instruction: string, product: Product, page: SubPage): Page {
  const body = {
    description: pieces(product.description),
    // Each bullet stands after a space, so that an empty one is still a piece of text.
    features: pieces(...product.bullets.map((bullet) => ` ${bullet}`)),
    reviews: [],
  }[page];
  return {
    text: join([...instructionPieces(instruction), "Back to Search", "< Prev", ...body]),
    clickables: buttons("back to search", "< prev"),
  };
}

/** The page after the purchase: the names of many fields, the values of few. */
export function donePage(asin: string, options: Iterable<readonly [string, string]>, reward: number): Page {
  const purchased = ["asin", asin, "options", flaskJson(options), "attrs", "None", "category", "None"];
  const target = [
    "asin",
    "options",
    "attrs",
    "price upper",
    "instuction text",
    "category",
    "product category",
    "query",
  ];
  const text = join([
    ...["Thank you for shopping with us!", "Your code:", "None", "(Paste it in your MTurk interface.)", "Purchased"],
    ...purchased,
    ...["query", "None", "product category", "None", "Target", ...target, "Goal", "None"],
    ...["Reward", "Your score (min 0.0, max 1.0)", floatText(reward), "Reward Details", "None"],
  ]);
  return { text, clickables: new Map() };
}

function instructionPieces(instruction: string): string[] {
  return ["Instruction:", ...pieces(instruction)];
}

function buttons(...names: readonly string[]): Map<string, Target> {
  return new Map(names.map((name) => [name, BUTTON]));
}

/**
 * Texts as the original's HTML parser hands them on: an empty text is none, white space with a line break counts as
 * layout and is dropped, other white space is an empty piece.
 */
function pieces(...texts: readonly string[]): string[] {
  return texts.filter((text) => text !== "" && !(text.includes("\n") && /^[ \t\n\f\r]*$/.test(text))).map(strip);
}

function join(texts: readonly string[]): string {
  return texts.join(SEPARATOR);
}
