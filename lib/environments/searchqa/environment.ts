/** The rules of SearchQA: what a reply does, what it earns, and what the agent reads next. */
import type { Awaitable, Environment, Observation, Step, TaskSpec } from "../../types";
import { questionPrompt } from "./prompt";
import { showPassages, type Passage, type Retriever } from "./retriever";
import { exactMatch, extractAnswer, readRequest } from "./score";

/** Passages per search: fixed in the original, whose setting for it has no effect. */
export const TOP_K = 3;

const CORRECT = "Congratulations! You have answered the question correctly.";
const INCORRECT = "Sorry, your answer is incorrect. Please try again.";
const INVALID =
  "Your previous action is invalid. If you want to search, you should put the query between <search> and </search>. " +
  "If you want to give the final answer, you should put the answer between <answer> and </answer>. Please try again.";

/**
 * One question. The action is the whole reply: its first complete tag decides between search and answer, but an answer
 * is scored by the last `<answer>` tag, and a wrong answer does not end the episode. A step returns a promise only if
 * the retriever does.
 */
export class SearchQAEnvironment implements Environment {
  private question: string | undefined;
  private golden: readonly string[] = [];
  /** Passages shown so far, each with the number of the search (from 1) that first showed it. */
  readonly seen = new Map<string, { readonly passage: Passage; readonly search: number }>();
  /** Passages of the last search, in the order shown. */
  latest: readonly Passage[] = [];
  searches = 0;
  lastQuery: string | undefined;
  solved = false;

  constructor(private readonly retriever: Retriever) {}

  reset(task: TaskSpec): Observation {
    const { question, answers } = questionOf(task);
    this.close();
    this.question = question;
    this.golden = answers;
    return { text: this.prompt() };
  }

  /** The question prompt: what the original's `GET /observation` returns at any time, instead of the last observation. */
  prompt(): string {
    if (this.question === undefined) throw new Error("SearchQA needs reset(task) before anything else");
    return questionPrompt(this.question);
  }

  step(action: string): Awaitable<Step> {
    if (this.question === undefined) throw new Error("SearchQA needs reset(task) before step(action)");
    const request = readRequest(action);
    if (!request) return outcome(INVALID, { valid: false });
    if (request.kind === "answer") {
      const correct = exactMatch(extractAnswer(action) ?? "", this.golden) === 1;
      this.solved ||= correct;
      return correct ? outcome(CORRECT, { success: true }) : outcome(INCORRECT, {});
    }
    const found = this.retriever.search(request.content, TOP_K);
    const inform = (passages: readonly Passage[]) => this.inform(request.content, passages);
    return "then" in found ? found.then(inform) : inform(found);
  }

  close(): void {
    this.question = undefined;
    this.golden = [];
    this.seen.clear();
    this.latest = [];
    this.searches = 0;
    this.lastQuery = undefined;
    this.solved = false;
  }

  private inform(query: string, passages: readonly Passage[]): Step {
    this.searches++;
    this.lastQuery = query;
    this.latest = passages;
    for (const passage of passages)
      if (!this.seen.has(passage.id)) this.seen.set(passage.id, { passage, search: this.searches });
    return outcome(showPassages(passages), {});
  }
}

function outcome(text: string, { success = false, valid = true }: { success?: boolean; valid?: boolean }): Step {
  return { observation: { text }, reward: success ? 1 : 0, done: success, success, valid };
}

/** The question and golden answers of a task; throws when the task is not one of SearchQA. */
export function questionOf(task: TaskSpec): { readonly question: string; readonly answers: readonly string[] } {
  const { question, answers } = task.params;
  if (typeof question !== "string" || !Array.isArray(answers))
    throw new TypeError(`task ${task.id} is not a SearchQA task: params need a question and a list of answers`);
  return { question, answers: answers as readonly string[] };
}
