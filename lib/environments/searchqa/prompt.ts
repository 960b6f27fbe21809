/** The fixed texts that are not answers to a step: question prompt, chat prompt, phrases for the tokenizer. */
import type { Prompt } from "../../types";

/**
 * The instructions before every question. The first two sentences, from "For example" on, and the layout are those of
 * the original; the sentences between them are our own wording of the same rules.
 */
const INSTRUCTIONS = [
  "You must reason inside <think>...</think> first.",
  "If you do not have enough knowledge, issue a <search>...</search> and then STOP.",
  "The results come back between <information> and </information>; do not write that part yourself.",
  "Reason again in <think> about what you have read, and search as often as you need.",
  "Once you know the answer, give it briefly between <answer> and </answer>, without explanation.",
  "For example, <answer> Beijing </answer>.",
  "Follow this process every time.",
];

/** The first observation of an episode. */
export function questionPrompt(question: string): string {
  return `${INSTRUCTIONS.join(" ")}\n\n Question: ${question}`;
}

export const prompt: Prompt = {
  version: "searchqa-1",
  text: [
    "You answer questions with the help of a search engine over an encyclopaedia.",
    "In every reply think first, between <think> and </think>, and then do exactly one thing:",
    "search with <search>your query</search>, or answer with <answer>your answer</answer>.",
    "A search returns three short passages. Questions may need several searches, each built on what the last one told.",
    "Answer with a name or a year alone. You have five replies.",
  ].join("\n"),
};

/** Wording that experts use and that every reply or observation repeats. */
export const phrases: readonly string[] = [
  `${INSTRUCTIONS.join(" ")}\n\n Question: `,
  "<think>",
  "</think>",
  "<search>",
  "</search>",
  "<answer>",
  "</answer>",
  "<information>",
  "</information>",
  "<think>Plan: ",
  "</think><search>",
  "</think><answer>",
  "<information>Doc 1(Title: ",
  "Doc 1(Title: ",
  "Doc 2(Title: ",
  "Doc 3(Title: ",
  "I need the ",
  "Doc 1 says the ",
  "Doc 2 says the ",
  "Doc 3 says the ",
  "As read before, the ",
  "That answers the question.",
  "Congratulations! You have answered the question correctly.",
  "Sorry, your answer is incorrect. Please try again.",
  "Your previous action is invalid. If you want to search, you should put the query between <search> and </search>. " +
    "If you want to give the final answer, you should put the answer between <answer> and </answer>. Please try again.",
];
