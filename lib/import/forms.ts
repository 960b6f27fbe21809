/** What a log tells about each environment without the environment: where an episode begins, what was refused, success. */
import { environments } from "../environments";
import { parseAction } from "../environments/webshop/environment";
import type { EnvironmentDefinition, TaskSpec } from "../types";

export interface Form {
  /** What makes one task's first observation differ from another's; undefined for any other text. */
  essence(text: string): string | undefined;
  /** Whether `answer` says that the action, taken where `shown` was seen, could not be carried out. */
  refused(answer: string, action: string, shown: string): boolean;
  /** Whether the last reward of an episode means that the task is solved. */
  solved(reward: number): boolean;
  /** Whether an observation ends the episode, solved or not. */
  ended?(last: string): boolean;
  /** The definition's task of this essence, where its number may mean another. */
  find?(definition: EnvironmentDefinition, essence: string): TaskSpec | undefined;
}

const full = (reward: number) => reward >= 1;

export const FORMS: { readonly [env: string]: Form } = {
  textcraft: {
    // The other commands that are listed differ between servers; the goal does not.
    essence: (text) => /^Crafting commands:\n[^]*\n\nGoal: craft (.+)\.\s*$/.exec(text)?.[1],
    refused: (answer) => /^(Could not (execute|find)|Wrong item format)/.test(answer),
    solved: full,
    find: (definition, goal) => definition.tasks().find(({ params }) => params.goal === goal.replaceAll(" ", "_")),
  },
  babyai: {
    essence: (text) => (/^Your goal: /.test(text) ? text.trim() : undefined),
    refused: (answer, action) =>
      /^(The action is not recognized|You cannot |There is a barrier)/.test(answer) ||
      (action === "" && answer.startsWith("No change in state.")),
    // The score falls with every move, so that a slow success earns little more than nothing.
    solved: (reward) => reward > 0,
  },
  alfworld: {
    essence: (text) => /^(You are [^]*\nYour task is to: .*?)\s*(\nAVAILABLE ACTIONS:|$)/.exec(text)?.[1],
    refused: (answer) => /^(Nothing happens|Invalid Action)/.test(answer),
    solved: full,
  },
  webshop: {
    essence: (text) => /^WebShop \[SEP\] Instruction: \[SEP\] (.*?) \[SEP\] Search$/s.exec(text.trim())?.[1],
    refused: (_answer, action, shown) => {
      const { name, argument } = parseAction(action);
      if (argument === undefined) return true;
      return name !== "search" && !(name === "click" && clickable(shown).has(argument));
    },
    solved: full,
    ended: (last) => last.startsWith("Thank you for shopping with us!"),
  },
  searchqa: {
    essence: (text) => /\n\s*Question: ([^]*?)\s*$/.exec(text)?.[1],
    refused: (answer) => answer.startsWith("Your previous action is invalid"),
    solved: full,
  },
};

/** The pieces of a page, as they are clicked. Titles and prices are among them: a page does not tell links from text. */
export function clickable(page: string): ReadonlySet<string> {
  const pieces = page.split(" [SEP] ").map((piece) => piece.trim().toLowerCase());
  return new Set(pieces.filter((piece) => piece !== "search" && piece !== "instruction:"));
}

/** The environment whose first observation this is; undefined for any other text. */
export function environmentOf(firstObservation: string): string | undefined {
  return environments.map(({ id }) => id).find((id) => FORMS[id]?.essence(firstObservation) !== undefined);
}
