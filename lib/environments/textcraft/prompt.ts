/** What a chat model is told before the first observation. */
import type { Prompt } from "../../types";

export const prompt: Prompt = {
  version: "textcraft-prompt-1",
  text: `You play a crafting game in text. The first message lists crafting commands and names a goal item to craft. Not every listed command is useful.

You have three kinds of action:
- get <number> <item> takes a basic item from the surroundings, for example: get 2 bamboo. Items that a listed command can make cannot be taken; they must be crafted.
- craft <number> <item> using <number> <item>, <number> <item> carries out one of the listed commands. Write it with exactly the amounts of the list, and have the ingredients first. To make more, repeat it. Where a command asks for a kind of item, such as planks or wool, name one item of that kind that you hold, such as oak planks.
- inventory shows what you hold.

Reply in this form and give one action only:
Thought: what you have, what is missing, what comes next
Action: the action

The game ends when you have crafted the goal item.`,
};

/**
 * Fixed phrases of the observations and of the expert's replies, without names: the pocket tokenizer makes each one
 * token.
 */
export const phrases: readonly string[] = [
  "Crafting commands:\n",
  "\n\nGoal: craft ",
  "\ncraft ",
  "craft ",
  " using ",
  ", ",
  "Got ",
  "Crafted ",
  " minecraft:",
  "Inventory: ",
  "Inventory: You are not carrying anything.",
  "] (",
  ") [",
  "Could not execute ",
  "Could not find ",
  "Could not find enough items to craft minecraft:",
  "Could not find enough items to craft None",
  "Could not find a valid recipe for ItemTagWithCount(item_tag=ItemTag(tag=None, item_id='minecraft:",
  "Could not find a valid recipe for ItemTagWithCount(item_tag=ItemTag(tag='minecraft:",
  "', item_id=None), count=",
  "'), count=",
  "Wrong item format: ",
  "Thought: ",
  "Action: ",
  "\nAction: ",
  "\nAction: get ",
  "\nAction: craft ",
  "Action: get ",
  "Action: craft ",
  "inventory",
  "to craft ",
  " I need ",
  "I have ",
  "I need ",
  ". to craft ",
  ". next I need ",
  ". I still need ",
  ". I have all for ",
  " can be ",
  " times I need ",
  "let me see. ",
  "my goal is to craft ",
  " so I will get ",
  " so I will craft ",
];
