/**
 * An expert that follows a question's chain of facts. It knows which relations to look up and which passages state
 * them, but takes every name from a passage it has been shown, so it recovers from bad searches and wrong answers.
 */
import type { Advice, Expert, TaskSpec } from "../../types";
import { questionOf, type SearchQAEnvironment } from "./environment";
import type { Link } from "./world/questions";

/** The expert for a task with a chain; without one, an oracle that searches the question once and then answers. */
export function expertFor(environment: SearchQAEnvironment, task: TaskSpec): Expert {
  const { question, answers } = questionOf(task);
  const chain = chainOf(task);
  if (chain.length > 0)
    return { next: () => (environment.solved ? undefined : followChain(environment, chain, answers[0])) };
  return {
    next() {
      if (environment.solved || answers.length === 0) return undefined;
      if (environment.searches === 0) return { thought: "I search for the question.", action: search(question) };
      return { thought: `The answer is ${answers[0]}.`, action: answer(answers[0]) };
    },
  };
}

/** The facts that lead to the answer; empty for questions that were loaded from a file. */
export function chainOf(task: TaskSpec): readonly Link[] {
  return (task.params.chain ?? []) as unknown as readonly Link[];
}

export function search(query: string): string {
  return `<search>${query}</search>`;
}

export function answer(text: string): string {
  return `<answer>${text}</answer>`;
}

/** "author of Orvane Lantern": the words of the thought, so that the query can be copied from it. */
export function queryFor({ relation, subject }: Link): string {
  return `${relation} of ${subject}`;
}

function followChain(environment: SearchQAEnvironment, chain: readonly Link[], golden: string): Advice {
  const known = chain.findIndex((link) => !isKnown(environment, link));
  const read = known < 0 ? chain : chain.slice(0, known);
  const thoughts =
    environment.searches === 0 ? [plan(chain)] : news(environment, read).map((link) => tell(environment, link));
  if (known < 0) return { thought: [...thoughts, "That answers the question."].join(" "), action: answer(golden) };
  const next = chain[known];
  const query = queryFor(next);
  thoughts.push(`I need the ${query}.`);
  // Where the obvious query did not find the fact, the bare name may.
  const action = search(environment.lastQuery === query ? next.subject : query);
  return { thought: thoughts.join(" "), action };
}

function isKnown(environment: SearchQAEnvironment, link: Link): boolean {
  return link.passages.some((id) => environment.seen.has(id));
}

function plan(chain: readonly Link[]): string {
  return `Plan: ${chain.map((link) => link.relation).join(", ")}.`;
}

/** The known facts worth telling: those that the last search made known, or at least the last one of the chain. */
function news(environment: SearchQAEnvironment, read: readonly Link[]): readonly Link[] {
  let from = read.length;
  let time = 0;
  for (let i = 0; i < read.length; i++) {
    const found = read[i].passages.map((id) => environment.seen.get(id)?.search ?? Infinity);
    time = Math.max(time, Math.min(...found));
    if (time === environment.searches) from = Math.min(from, i);
  }
  return read.slice(Math.max(0, Math.min(from, read.length - 1)));
}

function tell(environment: SearchQAEnvironment, link: Link): string {
  const at = environment.latest.findIndex((passage) => link.passages.includes(passage.id));
  const source = at < 0 ? "As read before" : `Doc ${at + 1} says`;
  const fact = `${source}${at < 0 ? "," : ""} the ${queryFor(link)} is ${link.object}.`;
  return link.because ? `${link.because} ${fact}` : fact;
}
