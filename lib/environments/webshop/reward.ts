/**
 * The graded reward of a purchase: how much of what the goal asks the bought product and the chosen options have,
 * times how much the product is of the wanted type. Arithmetic and quirks are the original's; its consequences, such
 * as "standard" being read as the colour "tan", are kept.
 */
import { normalizeColor, normalizeOption, type WantedOption } from "./colors";
import { tokenSetRatio } from "./fuzzy";
import type { NounTagger } from "./nouns";
import { repr, strip } from "../python";

/** What the reward reads of a product. */
export interface Purchase {
  readonly name: string;
  readonly query: string;
  readonly productCategory: string;
  readonly attributes: readonly string[];
  readonly bullets: readonly string[];
  readonly description: string;
}

/** What the reward reads of a goal. */
export interface Wanted {
  readonly name: string;
  readonly query: string;
  readonly productCategory: string;
  readonly attributes: readonly string[];
  readonly priceUpper: number;
  readonly options: readonly WantedOption[];
}

export interface Score {
  /** 0 to 1. */
  readonly reward: number;
  readonly attributesMatched: number;
  readonly optionsMatched: number;
  readonly priceFits: boolean;
  /** 1, 0.5, 0.1 or 0. */
  readonly typeFactor: number;
  /** Share of the wanted name's nouns that the bought product's name has; 0.2 if it has none. */
  readonly titleScore: number;
  readonly queryMatches: boolean;
  readonly categoryMatches: boolean;
}

/** A phrase matches another from this token set ratio on. */
const MATCH = 86;

/** Scores buying `product` at `price` with `chosen` option values. */
export function score(
  product: Purchase,
  wanted: Wanted,
  price: number,
  chosen: Iterable<string>,
  nouns: NounTagger,
): Score {
  const type = scoreType(product, wanted, nouns);
  const attributesMatched = wanted.attributes.filter((attribute) => hasAttribute(product, attribute)).length;
  const optionsMatched = countOptions(chosen, wanted.options);
  const priceFits = price <= wanted.priceUpper;
  const asked = wanted.attributes.length + wanted.options.length + 1;
  const matched = attributesMatched + optionsMatched + Number(priceFits);
  return { reward: (matched / asked) * type.typeFactor, attributesMatched, optionsMatched, priceFits, ...type };
}

/** Whether the product has an attribute by its list of attributes, or says it somewhere in its texts. */
export function hasAttribute(product: Purchase, attribute: string): boolean {
  return (
    product.attributes.some((own) => tokenSetRatio(own, attribute) >= MATCH) ||
    product.name.toLowerCase().includes(attribute) ||
    product.bullets.join(" ").toLowerCase().includes(attribute) ||
    product.description.toLowerCase().includes(attribute)
  );
}

/** How many wanted options some chosen value matches. */
export function countOptions(chosen: Iterable<string>, wanted: readonly WantedOption[]): number {
  const values = [...chosen];
  return wanted.filter((option) => values.some((value) => fits(value, option))).length;
}

/** Whether a chosen value counts as the wanted option; a pair is compared as Python prints it. */
export function fits(value: string, option: WantedOption): boolean {
  const normalized = normalizeOption(option);
  const text = typeof normalized === "string" ? normalized : `(${repr(normalized[0])}, ${repr(normalized[1])})`;
  return tokenSetRatio(normalizeColor(value), text) >= MATCH;
}

function scoreType(product: Purchase, wanted: Wanted, nouns: NounTagger) {
  const queryMatches = product.query === wanted.query;
  const categories = new Set(product.productCategory.split("›").map(strip));
  const shared = new Set(
    wanted.productCategory
      .split("›")
      .map(strip)
      .filter((name) => categories.has(name)),
  );
  const categoryMatches = shared.size >= 2;
  const bought = new Set(nouns(product.name));
  const desired = nouns(wanted.name);
  const common = new Set(desired.filter((noun) => bought.has(noun))).size;
  const titleScore = desired.length === 0 ? 0.2 : common / desired.length;
  let typeFactor = queryMatches || categoryMatches || titleScore > 0.2 ? 1 : 0.5;
  if (titleScore < 0.1) typeFactor = 0.1;
  if (titleScore === 0) typeFactor = 0;
  return { typeFactor, titleScore, queryMatches, categoryMatches };
}
