/** WebShop as the agent could know it: what is asked, which page it is on, what it has chosen. */
import { parseAction } from "../environments/webshop/environment";
import type { Episode } from "./rule";

export interface Wish {
  /** The words before the options: attributes and kind of product. */
  readonly product: string;
  /** Option name -> value. */
  readonly options: ReadonlyMap<string, string>;
  readonly limit: number;
}

/** The instruction's parts, in lower case. */
export function wishOf({ turns }: Episode): Wish {
  const text = /Find me (.*?) dollars/.exec(turns[0]?.shown ?? "")?.[1] ?? "";
  const [wanted, price = "Infinity"] = text.split(/,? and price lower than /);
  const [, product = wanted, rest = ""] =
    /^(.*?) with ((?!with )[a-z]+(?: (?!with )[a-z]+){0,2}: .*)$/i.exec(wanted) ?? [];
  const pairs = [...rest.matchAll(/([a-z ]+): (.*?)(?=,? and [a-z ]+: |, [a-z ]+: |$)/gi)].map(
    ([, name, value]): [string, string] => [name.replace(/^\s*(and )?/, "").toLowerCase(), value.trim().toLowerCase()],
  );
  return { product: product.toLowerCase(), options: new Map(pairs), limit: Number(price) };
}

export interface ShopState {
  readonly page: "search" | "results" | "item" | "sub-page" | "done";
  /** Options clicked since the product was opened. */
  readonly chosen: readonly string[];
  /** Options clicked before the product was left; they are lost. */
  readonly lost: readonly string[];
  readonly price?: number;
  /** All pages of the product that is open, as far as they have been read. */
  readonly read: string;
}

export function pageOf(text: string): ShopState["page"] {
  if (text.startsWith("Thank you for shopping")) return "done";
  if (text.startsWith("WebShop [SEP]")) return "search";
  if (/\(Total results: \d+\)/.test(text)) return "results";
  return /\[SEP\] Buy Now\s*$/.test(text) ? "item" : "sub-page";
}

/** The text of a page without the instruction at its head. */
export function body(text: string): string {
  return text.replace(/^.*?(?:\[SEP\] Back to Search|$)/s, "").toLowerCase();
}

/** The state when each turn begins. */
export function shopping({ turns }: Episode): ShopState[] {
  let chosen: string[] = [];
  let lost: string[] = [];
  let read = "";
  return turns.map(({ shown, action }) => {
    const page = pageOf(shown);
    if (page === "results" || page === "search") {
      lost = [...lost, ...chosen];
      chosen = [];
      read = "";
    } else read += body(shown);
    const price = Number(/Price: \$([\d.]+)/.exec(shown)?.[1] ?? NaN);
    const state = { page, chosen, lost, read, ...(Number.isFinite(price) && { price }) };
    const { name, argument } = parseAction(action);
    if (name === "click" && page === "item" && argument && pieces(shown).includes(argument))
      chosen = [...chosen, argument];
    return state;
  });
}

/** A page's pieces in lower case. */
export function pieces(text: string): string[] {
  return text.split(" [SEP] ").map((piece) => piece.trim().toLowerCase());
}

/** The turn that buys. */
export function isPurchase(action: string, shown: string): boolean {
  const { name, argument } = parseAction(action);
  return name === "click" && argument === "buy now" && pageOf(shown) === "item";
}
