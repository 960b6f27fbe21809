/** Imperfect, varied play for behaviour cloning. */
import type { Advice, Demonstration, DemonstrationTurn, RandomSource, TaskSpec } from "../../types";
import { questionOf, SearchQAEnvironment } from "./environment";
import { answer, chainOf, expertFor, queryFor, search } from "./expert";
import type { Retriever } from "./retriever";
import { unusedWord } from "./world/names";

/** Chance that a demonstration contains a mistake, where a turn can be spared for it. */
const MISTAKE = 0.18;
const WITHOUT_THOUGHT = 0.08;
const WORDY = 0.15;

export interface Stage {
  readonly retriever: Retriever;
  readonly maxTurns: number;
  /** The invented words, which half of the demonstrations replace by others. */
  readonly words: ReadonlySet<string>;
  format(advice: Advice): string;
}

/**
 * Plays the task with the expert, sometimes with one plausible mistake before its recovery, and in half of the cases
 * with every invented name replaced throughout, so that a learner must read names instead of remembering them.
 */
export function demonstrate(stage: Stage, task: TaskSpec, random: RandomSource, renaming = true): Demonstration {
  const environment = new SearchQAEnvironment(stage.retriever);
  const expert = expertFor(environment, task);
  const needed = chainOf(task).length === 0 ? 2 : Number(task.params.hops) + 1;
  const mistakeAt = random.next() < MISTAKE && needed < stage.maxTurns ? random.integer(needed) : -1;
  const style = random.next();
  const turns: DemonstrationTurn[] = [];
  let shown = environment.reset(task).text;
  for (let turn = 0; turn < stage.maxTurns; turn++) {
    const advice = expert.next();
    if (!advice) break;
    const reply = stage.format(
      vary(turn === mistakeAt ? mistake(advice, environment, task, random) : advice, style, task),
    );
    turns.push({ shown, reply });
    const step = environment.step(reply);
    if (!("observation" in step)) {
      step.catch(() => undefined);
      throw new Error("demonstrations need a retriever in this process, this one is a server");
    }
    shown = step.observation.text;
  }
  const renamed = random.integer(2) === 1 && renaming;
  return { task, turns: renamed ? rename(turns, stage.words, random) : turns };
}

function vary(advice: Advice, style: number, task: TaskSpec): Advice {
  if (style < WITHOUT_THOUGHT) return { ...advice, thought: "" };
  if (style > WITHOUT_THOUGHT + WORDY) return advice;
  return { ...advice, thought: `The question is: ${questionOf(task).question} ${advice.thought}` };
}

/** A reply that a beginner might give instead: no tag, a vague or hasty search, a premature answer. */
function mistake(advice: Advice, environment: SearchQAEnvironment, task: TaskSpec, random: RandomSource): Advice {
  const chain = chainOf(task);
  const options = [{ thought: advice.thought, action: advice.action.replace(/<\/?\w+>/g, "") }];
  if (chain.length > 0 && advice.action.startsWith("<search>")) {
    const last = chain[chain.length - 1].relation;
    options.push({ thought: advice.thought, action: search(last) });
    const hasty = queryFor({ ...chain[0], relation: last });
    if (chain.length > 1) options.push({ thought: `I need the ${hasty}.`, action: search(hasty) });
  }
  const titles = environment.latest.map((passage) => /^"(.*)"/.exec(passage.contents)?.[1] ?? "");
  const wrong = titles.filter((title) => title !== "" && title !== questionOf(task).answers[0]);
  if (wrong.length > 0) {
    const guess = random.pick(wrong);
    options.push({ thought: `I think it is ${guess}.`, action: answer(guess) });
  }
  return random.pick(options);
}

/** Replaces every invented word by a new one, the same everywhere in the demonstration. */
function rename(
  turns: readonly DemonstrationTurn[],
  words: ReadonlySet<string>,
  random: RandomSource,
): DemonstrationTurn[] {
  const used = new Set(words);
  const names = new Map<string, string>();
  const renamed = (text: string) =>
    text.replace(/[A-Z][a-z]+/g, (word) => {
      if (!words.has(word)) return word;
      const name = names.get(word) ?? unusedWord(random, used);
      names.set(word, name);
      return name;
    });
  return turns.map(({ shown, reply }) => ({ shown: renamed(shown), reply: renamed(reply) }));
}
