/** The fictional world: its things, their relations, and the passages that tell of them. */
import { fold, generator } from "../../../random";
import type { RandomSource, Split } from "../../../types";
import type { Passage } from "../retriever";
import { Namer } from "./names";
import { RELATIONS, type Kind } from "./relations";
import { PASSAGES } from "./sentences";

export interface Entity {
  readonly kind: Kind;
  readonly name: string;
  /** Other ways to write the name that count as a correct answer. */
  readonly aliases: string[];
  /** Relations of the entity and plain facts of it ("occupation"), by name. */
  readonly facts: { [fact: string]: Entity | string };
  /** Ids of the passages in which each fact is stated. */
  readonly stated: { [fact: string]: string[] };
}

export interface World {
  readonly passages: readonly Passage[];
  /** The things that questions of a split are about; no relation leads from one split to another. */
  readonly entities: { readonly [split in Split]: readonly Entity[] };
  /** Every invented word of a name. */
  readonly words: ReadonlySet<string>;
}

/** Which part of the world each split gets. */
const SHARES: { readonly [split in Split]: number } = { test: 0.3, train: 0.3, demonstration: 0.4 };

/** Things of each kind in the whole world at scale 1; every person and town has two passages, the others one. */
const COUNTS: { readonly [kind in Kind]: number } = {
  region: 50,
  town: 320,
  person: 800,
  school: 140,
  company: 240,
  landmark: 240,
  novel: 320,
  film: 280,
  song: 240,
  painting: 200,
};

/** The generated world, the same for the same seed and scale; about 4,000 passages at scale 1. */
export function generateWorld(seed: string, scale = 1): World {
  const words = new Set<string>();
  const passages: Passage[] = [];
  const entities = { test: [] as Entity[], train: [] as Entity[], demonstration: [] as Entity[] };
  for (const split of ["test", "train", "demonstration"] as const) {
    const random = generator(fold(seed, "world", split));
    entities[split] = populate(random, words, SHARES[split] * scale);
    for (const entity of entities[split]) write(entity, random, passages);
  }
  return { passages, entities, words };
}

/** Things that a chain can pass through, not values such as years and rivers. */
export function isEntity(value: Entity | string | undefined): value is Entity {
  return typeof value === "object";
}

const OCCUPATIONS = ["a novelist", "a film director", "a composer", "a painter", "a merchant", "an architect"] as const;
const SCHOLAR = "a scholar";
const MONTHS = "January February March April May June July August September October November December".split(" ");

function populate(random: RandomSource, words: Set<string>, share: number): Entity[] {
  const count = (kind: Kind) => Math.max(8, Math.round(COUNTS[kind] * share));
  const namer = new Namer(random, words, count("person"));
  const make = (kind: Kind) =>
    Array.from({ length: count(kind) }, (): Entity => {
      const name = kind === "person" ? namer.person() : namer.thing(kind);
      return { kind, name, aliases: [], facts: {}, stated: {} };
    });
  const [regions, towns, persons] = [make("region"), make("town"), make("person")];
  const town = () => random.pick(towns);

  const rivers = regions.map(() => namer.river());
  towns.forEach((town, i) => {
    const region = i < regions.length ? regions[i] : random.pick(regions);
    if (i < regions.length) region.facts.capital = town;
    town.aliases.push(`${town.name}, ${region.name}`);
    Object.assign(town.facts, { region, river: random.pick(rivers), year: String(1100 + random.integer(500)) });
  });

  live(persons, town, random);
  const makers = (occupation: string) => persons.filter((person) => person.facts.occupation === occupation);
  /** Things made by persons of one occupation some decades after the maker's birth. */
  function made(kind: Kind, maker: string, occupation: string, facts: () => Entity["facts"]): Entity[] {
    const things = make(kind);
    for (const thing of things) {
      const person = random.pick(makers(occupation));
      const year = String(born(person) + 22 + random.integer(38));
      Object.assign(thing.facts, { [maker]: person, year }, facts());
    }
    for (const person of makers(occupation)) {
      const own = things.filter((thing) => thing.facts[maker] === person);
      if (own.length === 1) person.facts[kind] = own[0];
    }
    return things;
  }
  const schools = made("school", "founder", SCHOLAR, () => ({ town: town() }));
  for (const person of persons) if (born(person) >= LATE) person.facts.school = random.pick(schools);
  const companies = made("company", "founder", "a merchant", () => ({ headquarters: town() }));
  const publishers = companies.filter((company) => / (Press|Books)$/.test(company.name));
  const landmarks = made("landmark", "architect", "an architect", () => ({ town: town() }));
  const novels = made("novel", "author", "a novelist", () => ({ setting: town(), publisher: random.pick(publishers) }));
  const films = made("film", "director", "a film director", () => ({ setting: town() }));
  const songs = made("song", "composer", "a composer", () => ({ premiere: town() }));
  const paintings = made("painting", "painter", "a painter", () => ({ subject: random.pick(landmarks) }));
  return [regions, towns, persons, schools, companies, landmarks, novels, films, songs, paintings].flat();
}

/** Scholars, who founded the schools, lived before everybody else. */
const EARLY = 1690;
const LATE = 1870;

function born(person: Entity): number {
  return Number(person.facts.birthyear);
}

/** Births, occupations, couples (neighbours in the list) and teachers. */
function live(persons: readonly Entity[], town: () => Entity, random: RandomSource): void {
  const everySeventhCouple = (i: number) => Math.floor(i / 2) % 7 === 6;
  for (let i = 0, start = 0; i < persons.length; i++) {
    const occupation = everySeventhCouple(i) ? SCHOLAR : OCCUPATIONS[i % OCCUPATIONS.length];
    if (i % 2 === 0) start = occupation === SCHOLAR ? EARLY + random.integer(80) : LATE + random.integer(60);
    const birthyear = String(start + random.integer(10));
    const birthdate = `${1 + random.integer(28)} ${random.pick(MONTHS)} ${birthyear}`;
    Object.assign(persons[i].facts, { birthplace: town(), birthyear, birthdate, occupation });
    if (i % 2 === 1 && i % 10 !== 9) {
      persons[i].facts.spouse = persons[i - 1];
      persons[i - 1].facts.spouse = persons[i];
    }
  }
  for (const person of persons) {
    const [a, b] = [random.pick(persons), random.pick(persons)];
    const couldTeach = (other: Entity) => born(person) - born(other) >= 12 && born(person) - born(other) < 60;
    const teacher = [a, b].find(couldTeach);
    if (teacher) person.facts.teacher = teacher;
  }
}

/** Writes the passages of one thing and notes which facts they state. */
function write(entity: Entity, random: RandomSource, passages: Passage[]): void {
  for (const sentences of PASSAGES[entity.kind]) {
    const id = String(passages.length);
    const variants = sentences.map((variants) => random.pick(variants));
    const told = variants.filter((sentence) => slots(sentence).every((slot) => slot in entity.facts));
    for (const fact of told.flatMap(slots)) note(entity, fact === "birthdate" ? "birthyear" : fact, id);
    const [first, ...rest] = told;
    const text = [first, ...random.shuffle(rest)].map((sentence) => fill(sentence, entity)).join(" ");
    passages.push({ id, contents: `"${entity.name}"\n${text}` });
  }
}

function note(entity: Entity, fact: string, id: string): void {
  (entity.stated[fact] ??= []).push(id);
  const value = entity.facts[fact];
  const inverse = RELATIONS[entity.kind][fact]?.inverse;
  if (isEntity(value) && inverse) (value.stated[inverse] ??= []).push(id);
}

/** The facts a sentence needs. */
function slots(sentence: string): string[] {
  return [...sentence.matchAll(/\{(\w+)\}/g)]
    .map((match) => match[1])
    .filter((slot) => slot !== "name" && slot !== "last");
}

function fill(sentence: string, entity: Entity): string {
  return sentence.replace(/\{(\w+)\}/g, (_, slot: string) => {
    if (slot === "name") return entity.name;
    if (slot === "last") return entity.name.split(" ")[1];
    const value = entity.facts[slot];
    return isEntity(value) ? value.name : value;
  });
}
