/** The words that the embedded catalogue is made of. No phrase occurs inside another, so each can be renamed. */

/** A kind of product. */
export interface Kind {
  /** What one searches for. */
  readonly query: string;
  readonly category: "fashion" | "beauty" | "electronics" | "garden" | "grocery";
  /** Levels of the shop's departments, outermost first. */
  readonly departments: readonly string[];
  readonly qualities: keyof typeof QUALITIES;
  /** Names of the options that products of this kind may have. */
  readonly options: readonly OptionName[];
  /** Usual prices in dollars. */
  readonly price: readonly [low: number, high: number];
}

/** What products can be (said before the kind of product) and what they can have (said after it, behind "with"). */
export interface Qualities {
  readonly is: readonly string[];
  readonly has: readonly string[];
}

export const QUALITIES = {
  shoes: {
    is: ["non slip", "quick drying", "light weight", "wide fit"],
    has: ["arch support", "rubber sole", "memory foam", "ankle padding", "steel toe"],
  },
  clothes: {
    is: ["machine washable", "slim fit", "wind proof", "moisture wicking"],
    has: ["long sleeves", "side pockets", "button closure", "elastic waist", "fleece lining"],
  },
  care: {
    is: ["cruelty free", "fragrance free", "long lasting", "travel size"],
    has: ["coconut oil", "tea tree", "aloe vera", "shea butter", "natural ingredients"],
  },
  devices: {
    is: ["water resistant", "fast charging", "easy to carry", "hands free"],
    has: ["noise cancelling", "carbon fiber", "gold plating", "status light", "voice control"],
  },
  home: {
    is: ["easy to clean", "eco friendly", "space saving", "stain resistant"],
    has: ["solid wood", "stainless frame", "rounded corners", "hidden storage", "anti scratch feet"],
  },
  food: {
    is: ["gluten free", "dairy free", "sugar free", "plant based"],
    has: ["high protein", "low sodium", "sea salt", "whole grain", "no preservatives"],
  },
} as const satisfies { readonly [name: string]: Qualities };

/** The name of the option and its values. The sizes of a kind of product follow from its qualities. */
export const OPTION_VALUES = {
  color: [
    "black",
    "ivory",
    "navy",
    "olive",
    "coral",
    "teal",
    "maroon",
    "beige",
    "pink",
    "purple",
    "yellow",
    "charcoal",
  ],
  flavor: ["vanilla", "lemon", "mint", "berry", "honey", "ginger", "cinnamon", "apricot"],
  scent: ["lavender", "citrus", "jasmine", "patchouli", "cucumber", "eucalyptus"],
  finish: ["oak", "walnut", "pine", "bamboo", "cherry", "maple"],
  length: ["3 feet", "6 feet", "10 feet", "15 feet"],
  "shoe size": ["6", "7", "8", "9", "10", "11", "12"],
  "clothes size": ["xs", "s", "m", "l", "xl", "xxl"],
  weight: ["4 oz", "8 oz", "12 oz", "16 oz", "32 oz"],
} as const;

export type OptionName = keyof typeof OPTION_VALUES;

/** How an option is called in the shop. */
export function optionLabel(name: OptionName): string {
  return name.endsWith(" size") ? "size" : name;
}

const kinds: Kind[] = [];

function shelf(
  category: Kind["category"],
  departments: string,
  qualities: Kind["qualities"],
  options: readonly OptionName[],
  items: { readonly [query: string]: readonly [low: number, high: number] },
): void {
  for (const [query, price] of Object.entries(items))
    kinds.push({ query, category, departments: [...departments.split(" › "), query], qualities, options, price });
}

shelf("fashion", "Clothing › Shoes", "shoes", ["color", "shoe size"], {
  "hiking boots": [45, 140],
  "running shoes": [35, 120],
  "beach sandals": [12, 45],
  "work clogs": [25, 80],
  "house slippers": [10, 40],
});
shelf("fashion", "Clothing › Women and Men", "clothes", ["color", "clothes size"], {
  "rain jacket": [30, 130],
  "cardigan sweater": [20, 70],
  "hooded sweatshirt": [18, 60],
  "flannel shirt": [15, 50],
  "cargo pants": [22, 75],
  "pajama set": [16, 55],
});
shelf("beauty", "Beauty › Skin and Hair Care", "care", ["scent", "weight"], {
  "face cream": [8, 45],
  "body lotion": [6, 30],
  "hair shampoo": [7, 35],
  "beard balm": [9, 28],
  "bath soap": [4, 18],
  "hand scrub": [6, 24],
  "shaving foam": [5, 20],
});
shelf("electronics", "Electronics › Audio and Accessories", "devices", ["color"], {
  "bluetooth speaker": [20, 160],
  "wireless earbuds": [18, 150],
  "phone holder": [8, 35],
  "tablet keyboard": [25, 110],
  "baby monitor": [40, 180],
  "fitness watch": [30, 190],
});
shelf("electronics", "Electronics › Cables and Power", "devices", ["length", "color"], {
  "usb cable": [5, 25],
  "extension cord": [9, 40],
  "lamp charger": [12, 45],
});
shelf("garden", "Home › Furniture", "home", ["finish"], {
  "coffee table": [60, 320],
  "bookcase shelf": [50, 260],
  "night stand": [40, 180],
  "shoe bench": [35, 150],
  "kitchen cart": [55, 240],
});
shelf("garden", "Home › Storage and Decor", "home", ["color"], {
  "laundry basket": [12, 50],
  "toy chest": [28, 120],
  "mirror cabinet": [45, 210],
  "plant stand": [15, 70],
});
shelf("grocery", "Grocery › Snacks and Sweets", "food", ["flavor", "weight"], {
  "granola bars": [5, 25],
  "rice cakes": [4, 16],
  "protein cookies": [6, 30],
  "trail mix": [7, 32],
  "oat crackers": [4, 18],
  "fruit jam": [5, 22],
});

export const KINDS: readonly Kind[] = kinds;

const BRAND_STARTS = "Nor Kes Lun Har Bel Tam Vir Sol Dra Fen Gar Mil Ost Pel Quin Ros Sur Tor Ul Wes".split(" ");
const BRAND_MIDDLES = "a e i o u an er il on ar".split(" ");
const BRAND_ENDS = "vale rin bera field mont dell wick ton mar gate low stead".split(" ");

/** An invented brand name for every n from 0; different n, different names. */
export function brandName(n: number): string {
  const [starts, ends, middles] = [BRAND_STARTS.length, BRAND_ENDS.length, BRAND_MIDDLES.length];
  // 7 has no common factor with either length: neighbouring numbers get names that differ in both parts.
  const start = BRAND_STARTS[n % starts];
  const end = BRAND_ENDS[Math.floor(n / starts + (n % starts) * 7) % ends];
  let inside = "";
  for (let rest = Math.floor(n / (starts * ends)); rest > 0; rest = Math.floor((rest - 1) / middles))
    inside += BRAND_MIDDLES[(rest - 1) % middles];
  return start + inside + end;
}
