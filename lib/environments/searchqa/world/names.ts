/**
 * Invented, pronounceable names of two words. Each invented word belongs to one split, so that the names of held-out
 * questions are made of words that no other question contains; within a split names share words, which makes the
 * passages about a namesake the natural distractors.
 */
import type { RandomSource } from "../../../types";
import type { Kind } from "./relations";

const ONSETS = "b br c cl d dr f fr g gl h j k kr l m n pr r s st t th tr v w z".split(" ");
const MIDDLES = "b d g l lm ln m n nd r rd rl rt s st t v".split(" ");
const VOWELS = "a a e e i o o u".split(" ");
const ENDINGS = "a e an ar el eth ic im ond or ul us".split(" ");

/** An invented word of two syllables such as "Velmor". */
export function inventWord(random: RandomSource): string {
  const word = random.pick(ONSETS) + random.pick(VOWELS) + random.pick(MIDDLES) + random.pick(ENDINGS);
  return word[0].toUpperCase() + word.slice(1);
}

const WORKS = (
  "Sextant Orchard Lantern Harvest Mirror Garden Compass Winter Letter Voyage Candle Portrait Echo Stranger Island " +
  "Clock Promise Shadow Feather Meadow Journey Secret Violin Summer Carnival Stairway Horizon Tempest Sparrow Masquerade"
).split(" ");

/** The second words of names, where they tell the kind. */
const SECOND_WORDS: { readonly [kind in Kind]?: readonly string[] } = {
  town: "Falls Bay Ridge Harbor Hollow Crossing Grove Springs Heights Landing Haven Hill".split(" "),
  region: "Province County Valley Coast Highlands Plains".split(" "),
  company: "Foundry Mills Shipyard Glassworks Brewery Instruments Press Books".split(" "),
  school: "Academy College Institute Conservatory Seminary".split(" "),
  landmark: "Bridge Tower Museum Theatre Lighthouse Library Observatory Palace".split(" "),
  novel: WORKS,
  film: WORKS,
  song: WORKS,
  painting: WORKS,
};

/** Makes names no two of which are equal; `used` collects every invented word and may be shared between namers. */
export class Namer {
  private readonly names = new Set<string>();
  private readonly given: readonly string[];
  private readonly family: readonly string[];
  private readonly place: readonly string[];
  private readonly title: readonly string[];

  /** Pools of words for about `size` persons and as many other things in all. */
  constructor(
    private readonly random: RandomSource,
    used: Set<string>,
    size: number,
  ) {
    const pool = (count: number) => Array.from({ length: Math.ceil(count) }, () => unusedWord(random, used));
    this.given = pool(2 * Math.sqrt(size));
    this.family = pool(3 * Math.sqrt(size));
    this.place = pool(size / 4 + 10);
    this.title = pool(size / 4 + 10);
  }

  person(): string {
    return this.unique(() => `${this.random.pick(this.given)} ${this.random.pick(this.family)}`);
  }

  river(): string {
    return this.unique(() => `${this.random.pick(this.place)} River`);
  }

  thing(kind: Exclude<Kind, "person">): string {
    const second = SECOND_WORDS[kind] ?? WORKS;
    const first = second === WORKS ? this.title : this.place;
    return this.unique(() => `${this.random.pick(first)} ${this.random.pick(second)}`);
  }

  private unique(draw: () => string): string {
    let name = draw();
    while (this.names.has(name)) name = draw();
    this.names.add(name);
    return name;
  }
}

/** An invented word that is not in `used`, which then holds it. */
export function unusedWord(random: RandomSource, used: Set<string>): string {
  let word = inventWord(random);
  while (used.has(word)) word = inventWord(random);
  used.add(word);
  return word;
}
