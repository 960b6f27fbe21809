/** The actions as functions, for chat models that act by calling. */
import type { Tool } from "../../types";

export const tools: readonly Tool[] = [
  {
    name: "get",
    description: "Take a basic item from the surroundings.",
    parameters: { number: "how many, in digits", item: "the item's name" },
    action: "get {number} {item}",
  },
  {
    name: "craft",
    description: "Carry out one of the listed crafting commands, with exactly its amounts.",
    parameters: {
      number: "how many the command makes, in digits",
      item: "what it makes",
      ingredients: "numbers and items as in the command, separated by commas: 2 oak planks, 1 stick",
    },
    action: "craft {number} {item} using {ingredients}",
  },
  { name: "inventory", description: "See what you hold.", parameters: {}, action: "inventory" },
];
