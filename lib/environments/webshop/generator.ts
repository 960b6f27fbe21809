/**
 * A catalogue of our own, in the records of the original's files: single products, and families of three that look
 * alike and differ in what only a second look shows. Product i is the same in catalogues of any size.
 */
import { fold, generator } from "../../random";
import type { RandomSource } from "../../types";
import type { RawInstruction, RawProduct } from "./catalogue";
import { brandName, KINDS, optionLabel, OPTION_VALUES, QUALITIES, type Kind, type OptionName } from "./vocabulary";

export interface GeneratedCatalogue {
  readonly products: readonly RawProduct[];
  readonly instructions: ReadonlyMap<string, RawInstruction>;
}

/** Every third family has three members. */
const FAMILY_SIZES = [1, 3, 1];

/** What sets a member of a family apart from the first: a feature always, for the third something else. */
type Difference = "none" | "feature" | "title" | "price" | "options";
const OTHER_DIFFERENCES: readonly Difference[] = ["title", "price", "options"];

interface Design {
  readonly kind: Kind;
  readonly brand: string;
  /** Said in the title. */
  readonly shown: readonly string[];
  /** Said in the features only. */
  readonly hidden: readonly string[];
  /** Other qualities of this kind of product. */
  readonly spare: readonly string[];
  readonly options: readonly (readonly [name: OptionName, values: readonly string[]])[];
  readonly cents: number;
}

/** `count` products, the same for the same seed. */
export function generateCatalogue(count: number, seed: number): GeneratedCatalogue {
  const products: RawProduct[] = [];
  const instructions = new Map<string, RawInstruction>();
  const made = new Map<Kind, number>();
  for (let family = 0; products.length < count; family++) {
    const random = generator(fold("webshop catalogue", seed, family));
    const kind = random.pick(KINDS);
    const serial = made.get(kind) ?? 0;
    made.set(kind, serial + 1);
    const size = FAMILY_SIZES[family % FAMILY_SIZES.length];
    const design = size === 1 ? singleDesign(kind, serial, random) : familyDesign(kind, serial, random);
    const differences: Difference[] = ["none", "feature", random.pick(OTHER_DIFFERENCES)];
    for (const difference of differences.slice(0, Math.min(size, count - products.length))) {
      const asin = productId(products.length);
      const member = vary(design, difference, random);
      products.push(makeProduct(asin, member, random));
      instructions.set(asin, makeInstruction(member));
    }
  }
  return { products, instructions };
}

/** "B" and at least four digits, in no visible order. */
function productId(i: number): string {
  return `B${i < 9000 ? 1000 + ((i * 4001 + 577) % 9000) : 1000 + i}`;
}

/** One or two qualities, in the title; none, some or all options of the kind. */
function singleDesign(kind: Kind, serial: number, random: RandomSource): Design {
  const [first, second, ...spare] = qualityOrder(kind, serial);
  const shown = random.next() < 0.5 ? [first] : [first, second];
  const kept = random.next() < 0.2 ? [] : kind.options.slice(0, 1 + random.integer(kind.options.length));
  return { ...common(kind, serial, random), shown, hidden: [], spare, options: drawOptions(kept, random) };
}

/** Two qualities in the title, one that only the features tell, all options of the kind. */
function familyDesign(kind: Kind, serial: number, random: RandomSource): Design {
  const [first, second, ...rest] = qualityOrder(kind, serial);
  const [third, ...spare] = random.shuffle(rest);
  const options = drawOptions(kind.options, random);
  return { ...common(kind, serial, random), shown: [first, second], hidden: [third], spare, options };
}

function common(kind: Kind, serial: number, random: RandomSource) {
  const [low, high] = kind.price;
  const dollars = low + random.integer(high - low);
  const cents = 100 * dollars + random.pick([0, 50, 90, 95, 99]);
  return { kind, brand: brandName(KINDS.indexOf(kind) * 7 + serial), cents };
}

/**
 * The qualities of a kind of product in an order whose first two differ from product to product as long as there are
 * pairs left, so that a title tells products of different brands apart.
 */
function qualityOrder(kind: Kind, serial: number): string[] {
  const { is, has } = QUALITIES[kind.qualities];
  const all: string[] = [...is, ...has];
  const n = all.length;
  const pair = serial % (n * (n - 1));
  const first = pair % n;
  const second = (first + 1 + Math.floor(pair / n)) % n;
  return [all[first], all[second], ...all.filter((_, i) => i !== first && i !== second)];
}

function drawOptions(names: readonly OptionName[], random: RandomSource): Design["options"] {
  return names.map((name) => {
    const values: readonly string[] = OPTION_VALUES[name];
    const kept = new Set(random.shuffle(values).slice(0, 2 + random.integer(Math.min(3, values.length - 2))));
    return [name, values.filter((value) => kept.has(value))];
  });
}

function vary(design: Design, difference: Difference, random: RandomSource): Design {
  const other = random.pick(design.spare);
  switch (difference) {
    case "none":
      return design;
    case "feature":
      return { ...design, hidden: [other] };
    case "title":
      return { ...design, shown: [design.shown[0], other] };
    case "price":
      return { ...design, cents: design.cents * 2 + 4000 };
    case "options":
      return {
        ...design,
        options: design.options.map(([name, values]) => [
          name,
          OPTION_VALUES[name].filter((v) => !values.includes(v as never)),
        ]),
      };
  }
}

function makeProduct(asin: string, design: Design, random: RandomSource): RawProduct {
  const { kind, brand, shown, hidden, options, cents } = design;
  const details = random.shuffle([...shown, ...hidden]).map((quality) => `${quality} ${random.pick(PRAISE)}`);
  return {
    asin,
    name: `${brand} ${shown.join(" ")} ${kind.query}`,
    category: kind.category,
    query: kind.query,
    product_category: kind.departments.join(" › "),
    full_description: `${brand} makes ${kind.query} ${random.pick(PURPOSES)}.`,
    small_description: [random.pick(SERVICES), ...details],
    pricing: `$${(cents / 100).toFixed(2)}`,
    customization_options: Object.fromEntries(
      options.map(([name, values]) => [optionLabel(name), values.map((value) => ({ value }))]),
    ),
  };
}

function makeInstruction({ kind, shown, hidden }: Design): RawInstruction {
  const attributes = [...shown, ...hidden];
  const isWords: readonly string[] = QUALITIES[kind.qualities].is;
  const before = attributes.filter((attribute) => isWords.includes(attribute));
  const after = attributes.filter((attribute) => !isWords.includes(attribute));
  const words = [before.join(", "), kind.query, after.length > 0 ? `with ${after.join(", ")}` : ""];
  return {
    attributes,
    instruction: `Find me ${words.filter(Boolean).join(" ")}`,
    instruction_attributes: [...before, ...after],
  };
}

const PRAISE = ["for every day", "you can rely on", "at its best", "as promised"];
const PURPOSES = ["for home and travel", "for people in a hurry", "in small batches", "since three generations"];
const SERVICES = ["ships within two days", "comes with a gift box", "thirty days to return it", "made to last"];
