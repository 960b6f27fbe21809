/** Products: from the records of the original's files to what pages, search and reward need. */
import { strip } from "../python";
import { floatText } from "./python";

/** A record of `items_shuffle*.json`; other keys are ignored. */
export interface RawProduct {
  readonly asin: string;
  readonly name: string;
  readonly category: string;
  readonly query: string;
  /** Levels joined by `›`. */
  readonly product_category: string;
  readonly full_description: string | null;
  readonly small_description: string | null | readonly string[];
  /** "$19.99", "$19.99 - $27.99" or empty. */
  readonly pricing?: string | null;
  readonly customization_options?:
    "" | null | { readonly [name: string]: null | readonly { readonly value: string }[] };
}

/** An entry of `items_ins_v2*.json`, by asin. */
export interface RawInstruction {
  readonly attributes?: readonly string[];
  readonly instruction?: string | null;
  readonly instruction_attributes?: readonly string[] | null;
}

/** One of the entries of `items_human_ins.json`, by asin. */
export interface RawHumanInstruction {
  readonly instruction: string;
  readonly instruction_attributes: readonly string[];
  readonly instruction_options: readonly string[];
}

export interface Product {
  /** At most 10 characters. */
  readonly asin: string;
  /** The title. */
  readonly name: string;
  readonly category: string;
  /** Lower case. */
  readonly query: string;
  readonly productCategory: string;
  readonly description: string;
  readonly bullets: readonly string[];
  /** As shown: "$19.99" or "$19.99 to $27.99". */
  readonly priceTag: string;
  /** Dollars: one price, or the two ends of a range (the first may be the larger). */
  readonly prices: readonly number[];
  /** Names and values in lower case, in the order of the catalogue. */
  readonly options: readonly Option[];
  readonly attributes: readonly string[];
  readonly instruction?: Instruction;
}

export interface Option {
  readonly name: string;
  readonly values: readonly string[];
}

/** What somebody wants when they want this product, without options and price. */
export interface Instruction {
  readonly text: string;
  readonly attributes: readonly string[];
}

/** What a product without known attributes has in the original. */
const NO_ATTRIBUTES = ["DUMMY_ATTR"];

/** Price where the catalogue has none. */
const DEFAULT_PRICE = 100;

/**
 * Reads products in order, skipping repeated and overlong asins as the original does.
 *
 * @param limit how many records are looked at; default all
 */
export function* readProducts(
  records: Iterable<RawProduct>,
  instructions: ReadonlyMap<string, RawInstruction>,
  limit = Infinity,
): Generator<Product> {
  const seen = new Set<string>();
  let read = 0;
  for (const record of records) {
    if (read++ >= limit) return;
    const { asin } = record;
    if (asin === "nan" || Array.from(asin).length > 10 || seen.has(asin)) continue;
    seen.add(asin);
    yield readProduct(record, instructions.get(asin));
  }
}

function readProduct(record: RawProduct, about: RawInstruction | undefined): Product {
  const bullets = record.small_description ?? "";
  const prices = readPrices(record);
  return {
    asin: record.asin,
    name: record.name,
    category: record.category,
    query: strip(record.query.toLowerCase()),
    productCategory: record.product_category,
    description: record.full_description ?? "",
    bullets: typeof bullets === "string" ? [bullets] : bullets,
    priceTag: `$${prices.map(floatText).join(" to $")}`,
    prices,
    options: readOptions(record.customization_options),
    attributes: about?.attributes ?? NO_ATTRIBUTES,
    instruction:
      about?.instruction == null
        ? undefined
        : { text: about.instruction, attributes: about.instruction_attributes ?? [] },
  };
}

function readPrices({ asin, pricing }: RawProduct): number[] {
  if (!pricing) return [DEFAULT_PRICE];
  const parts = pricing.split("$").slice(1, 3);
  const prices = parts.map((part) => Number(part.replace(/[^\d.]/g, "") || NaN));
  if (prices.length === 0 || prices.some(Number.isNaN))
    throw new RangeError(
      `pricing of ${asin}: got ${JSON.stringify(pricing)}, accepted: "$1.50", "$1.50 - $2.00" or ""`,
    );
  return prices;
}

function readOptions(groups: RawProduct["customization_options"]): Option[] {
  const options = new Map<string, string[]>();
  for (const [name, contents] of Object.entries(groups || {}))
    if (contents)
      options.set(
        name.toLowerCase(),
        contents.map(({ value }) => strip(value).replaceAll("/", " | ").toLowerCase()),
      );
  return [...options].map(([name, values]) => ({ name, values }));
}

/** The text that search looks at: title, description, first bullet and options, in lower case. */
export function searchText({ name, description, bullets, options }: Product): string {
  const optionText = options.map((option) => `${option.name}: ${option.values.join(", ")}`).join(", and ");
  return [name, description, bullets[0] ?? "", optionText].join(" ").toLowerCase();
}
