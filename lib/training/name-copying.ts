/**
 * Does a policy read names, or only remember them? Perfect play on held-out tasks is shown once as it is and once with
 * the names that actions need replaced by words which no training text contains; what counts is the probability that
 * the policy gives to writing each name as it was shown.
 */
import { Engine } from "../pocket/engine";
import type { PocketModel } from "../pocket/model";
import { END_OF_REPLY } from "../pocket/tokenizer";
import { fold, generator } from "../random";
import type { DemonstrationTurn, EnvironmentDefinition, RandomSource, TaskSpec } from "../types";
import { actionStart, namesIn, WORD, withNames } from "./names";

/** Mean probability of writing a whole name at an action, given all text before it. */
export interface NameCopying {
  readonly task: TaskSpec;
  /** With the names of the task. */
  readonly shown: number;
  /** With invented names in their place. */
  readonly invented: number;
}

/** Unlike the words of {@link inventNames}, which demonstrations are taught with. */
const SYLLABLES = ["zub", "vok", "wix", "juq", "gryf", "plom", "skez", "thwa", "nyx", "drul", "kwee", "bahz"];

/** One row per task in which an action names something that was shown before. */
export async function nameCopying(
  model: PocketModel,
  definition: EnvironmentDefinition,
  tasks: readonly TaskSpec[],
): Promise<NameCopying[]> {
  const engine = await Engine.open(model.config, model.parameters, { kind: "score" });
  const rows: NameCopying[] = [];
  try {
    for (const task of tasks) {
      const turns = await perfectPlay(definition, task);
      const names = namesIn(turns, definition.phrases);
      if (names.length === 0) continue;
      const other = strangeNames(names, generator(fold("invented names", task.id)));
      const shown = await copied(engine, model, turns, names);
      const invented = await copied(engine, model, withNames(turns, other), [...other.values()]);
      if (shown !== undefined && invented !== undefined) rows.push({ task, shown, invented });
    }
  } finally {
    await engine.close();
  }
  return rows;
}

async function perfectPlay(definition: EnvironmentDefinition, task: TaskSpec): Promise<DemonstrationTurn[]> {
  const environment = definition.create();
  const show = definition.render ?? ((observation) => observation.text);
  const turns: DemonstrationTurn[] = [];
  try {
    let shown = show(await environment.reset(task), 0);
    const expert = definition.expert(environment, task);
    for (let advice = expert.next(); advice && turns.length < definition.maxTurns; advice = expert.next()) {
      turns.push({ shown, reply: definition.format(advice) });
      const step = await environment.step(advice.action);
      if (step.done) break;
      shown = show(step.observation, turns.length);
    }
  } finally {
    environment.close();
  }
  return turns;
}

function strangeNames(names: readonly string[], random: RandomSource): Map<string, string> {
  const word = () => random.pick(SYLLABLES) + random.pick(SYLLABLES);
  const capital = (text: string) => text[0].toUpperCase() + text.slice(1);
  return new Map(names.map((name) => [name, /^\p{Lu}/u.test(name) ? capital(word()) : word()]));
}

/** Mean over the names in actions of the probability of all their tokens in a row. */
async function copied(
  engine: Engine,
  { tokenizer, config }: PocketModel,
  turns: readonly DemonstrationTurn[],
  names: readonly string[],
): Promise<number | undefined> {
  const isName = new Set(names);
  const tokens: number[] = [];
  const agent: number[] = [];
  /** First and last written token of each name, as numbers among the written tokens. */
  const spans: [number, number][] = [];
  let written = 0;
  for (const { shown, reply } of turns) {
    const read = tokenizer.encode(shown);
    const encoded = tokenizer.encode(reply);
    if (tokens.length + read.length + encoded.length + 1 > config.context) break;
    const action = actionStart(reply);
    const ends = encoded.map((_, i) => tokenizer.decode(encoded.slice(0, i + 1)).length);
    for (const match of reply.matchAll(WORD)) {
      if (match.index < action || !isName.has(match[0])) continue;
      const first = ends.findIndex((end) => end > match.index);
      const last = ends.findIndex((end) => end >= match.index + match[0].length);
      spans.push([written + first, written + last]);
    }
    tokens.push(...read, ...encoded, END_OF_REPLY);
    agent.push(...read.map(() => 0), ...encoded.map(() => 1), 1);
    written += encoded.length + 1;
  }
  if (spans.length === 0) return undefined;
  const [logs] = await engine.score([{ tokens: Int32Array.from(tokens), agent: Uint8Array.from(agent) }]);
  const sum = ([first, last]: [number, number]) => logs.slice(first, last + 1).reduce((a, b) => a + b, 0);
  return spans.reduce((total, span) => total + Math.exp(sum(span)), 0) / spans.length;
}
