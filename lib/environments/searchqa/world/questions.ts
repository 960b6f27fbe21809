/** Questions about the fictional world, each with the chain of facts that answers it. */
import type { RandomSource } from "../../../types";
import { MAKER, MENTIONS, RELATIONS, type Kind } from "./relations";
import { isEntity, type Entity } from "./world";

/** One fact on the way to the answer: "the author of Orvane Lantern is Mira Toldan". */
export type Link = {
  /** The relation in words: "author". */
  readonly relation: string;
  readonly subject: string;
  readonly object: string;
  /** Ids of the passages that state the fact. */
  readonly passages: readonly string[];
  /** What is concluded from earlier facts before this one is needed. */
  readonly because?: string;
};

export interface Question {
  readonly question: string;
  /** Golden answers; the first is the form in the passages. */
  readonly answers: readonly string[];
  /** Searches that the question needs when every search finds one new passage. */
  readonly hops: number;
  readonly chain: readonly Link[];
}

/** At most `count` questions that one fact answers, taken from all relations in turn. */
export function singleFactQuestions(entities: readonly Entity[], random: RandomSource, count: number): Question[] {
  const subjects = new Map<string, Entity[]>();
  for (const entity of random.shuffle(entities))
    for (const relation of relationsOf(entity)) pushTo(subjects, `${entity.kind} ${relation}`, entity);
  const questions: Question[] = [];
  for (let round = 0, found = true; found && questions.length < count; round++) {
    found = false;
    for (const [key, group] of subjects) {
      if (round >= group.length || questions.length === count) continue;
      found = true;
      questions.push(compose(group[round], [key.split(" ")[1]], random));
    }
  }
  return questions;
}

function pushTo<K, V>(groups: Map<K, V[]>, key: K, value: V): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}

/** Kinds of hard questions in the proportions in which they are made: facts in a chain, or a comparison. */
const HARD = [2, 3, 4, "comparison", 2, 3, 4, 2, 3, 2] as const;

/** `count` different questions that need two to four facts, one after the other, or a comparison of two things. */
export function multiFactQuestions(entities: readonly Entity[], random: RandomSource, count: number): Question[] {
  const byKind = new Map<Kind, Entity[]>();
  for (const entity of entities) pushTo(byKind, entity.kind, entity);
  const kinds = [...byKind.keys()];
  const draw = (kind: Kind) => random.pick(byKind.get(kind)!);
  const questions = new Map<string, Question>();
  while (questions.size < count) {
    const form = HARD[questions.size % HARD.length];
    const question = form === "comparison" ? compare(draw, random) : walk(draw(random.pick(kinds)), form, random);
    if (question) questions.set(question.question, question);
  }
  return [...questions.values()];
}

/** The relations of a thing that are facts of it and that a passage states. */
function relationsOf(entity: Entity): string[] {
  return Object.keys(RELATIONS[entity.kind]).filter((relation) => relation in entity.facts && entity.stated[relation]);
}

/** A chain of `length` facts from `start` that comes by no thing twice; undefined where the random walk gets stuck. */
function walk(start: Entity, length: number, random: RandomSource): Question | undefined {
  const visited = new Set<Entity | string>([start]);
  const relations: string[] = [];
  for (let at = start; relations.length < length;) {
    const last = relations.length === length - 1;
    const open = relationsOf(at).filter((relation) => {
      const value = at.facts[relation];
      return !visited.has(value) && (last || (isEntity(value) && RELATIONS[at.kind][relation].phrase));
    });
    if (open.length === 0) return undefined;
    const relation = random.pick(open);
    const value = at.facts[relation];
    relations.push(relation);
    visited.add(value);
    if (isEntity(value)) at = value;
  }
  return compose(start, relations, random);
}

function compose(start: Entity, relations: readonly string[], random: RandomSource): Question {
  const chain: Link[] = [];
  let phrase = random.pick(MENTIONS[start.kind] ?? ["{}"]).replace("{}", start.name);
  let at = start;
  relations.forEach((relation, i) => {
    chain.push(link(at, relation));
    const { ask, phrase: middle } = RELATIONS[at.kind][relation];
    const last = i === relations.length - 1;
    phrase = random.pick(last ? ask : middle!).replace("{}", phrase);
    const value = at.facts[relation];
    if (!last && isEntity(value)) at = value;
  });
  return { question: phrase, answers: answers(at, relations[relations.length - 1]), hops: relations.length, chain };
}

/** Who made the older (or newer) of two things? Their years must be looked up, and the maker cannot be guessed. */
function compare(draw: (kind: Kind) => Entity, random: RandomSource): Question | undefined {
  const kind = random.pick(Object.keys(MAKER) as Kind[]);
  const maker = MAKER[kind]!;
  const pair = [draw(kind), draw(kind)];
  const [older, newer] = [...pair].sort((a, b) => Number(a.facts.year) - Number(b.facts.year));
  if (older.facts.year === newer.facts.year || older.facts[maker] === newer.facts[maker]) return undefined;
  const [chosen, word] = random.integer(2) === 0 ? [older, "older"] : [newer, "newer"];
  const phrase = `the ${word} of ${pair[0].name} and ${pair[1].name}`;
  return {
    question: random.pick(RELATIONS[kind][maker].ask).replace("{}", phrase),
    answers: answers(chosen, maker),
    hops: 2,
    chain: [
      ...pair.map((thing) => link(thing, "year")),
      { ...link(chosen, maker), because: `The ${word} one is ${chosen.name}.` },
    ],
  };
}

function link(entity: Entity, relation: string): Link {
  const value = entity.facts[relation];
  return {
    relation: RELATIONS[entity.kind][relation].noun,
    subject: entity.name,
    object: isEntity(value) ? value.name : value,
    passages: entity.stated[relation],
  };
}

function answers(entity: Entity, relation: string): string[] {
  const value = entity.facts[relation];
  if (isEntity(value)) return [value.name, ...value.aliases];
  if (relation === "birthyear") return [value, entity.facts.birthdate as string];
  if (relation === "river") return [value, `River ${value.split(" ")[0]}`];
  return [value];
}
