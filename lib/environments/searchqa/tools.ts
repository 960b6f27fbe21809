/** The actions as functions, for chat models that act by calling. */
import type { Tool } from "../../types";

export const tools: readonly Tool[] = [
  {
    name: "search",
    description: "Search the encyclopaedia; three short passages come back.",
    parameters: { query: "what to look for" },
    action: "<search>{query}</search>",
  },
  {
    name: "answer",
    description: "Give the final answer.",
    parameters: { answer: "a name or a year alone" },
    action: "<answer>{answer}</answer>",
  },
];
