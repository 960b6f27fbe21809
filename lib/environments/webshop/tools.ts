/** The actions as functions, for chat models that act by calling. */
import type { Tool } from "../../types";

export const tools: readonly Tool[] = [
  {
    name: "search",
    description: "Search the store.",
    parameters: { words: "type of product, attributes, options" },
    action: "search[{words}]",
  },
  {
    name: "click",
    description: "Click something on the page: a product's id, the value of an option, or a button.",
    parameters: { text: "the text to click, as the page shows it" },
    action: "click[{text}]",
  },
];
