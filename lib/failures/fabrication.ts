/** Guessing and fabrication: what the agent says or uses was never there. */
import { parseAction } from "../environments/webshop/environment";
import { extractAnswer, normalizeAnswer } from "../environments/searchqa/score";
import { everyTurn, seenBefore, type Rule } from "./rule";
import { listedCommands, readCommand, serves, type Command } from "./textcraft-state";
import { pageOf, pieces } from "./webshop-state";

/**
 * SearchQA: an answer that no passage shown and not the question contains. Limits: words are compared after
 * normalization, so an answer put in other words than the passage's counts as made up; answers that refuse to answer do
 * not count.
 */
const answerFromNowhere: Rule = {
  id: "answer in no passage",
  mode: "guessing",
  envs: ["searchqa"],
  find: everyTurn(({ turn, reply }, episode) => {
    const given = extractAnswer(reply);
    if (given === undefined || /^(unknown|none|i (do not|don't) know)/i.test(given)) return undefined;
    const seen = normalizeAnswer(seenBefore(episode, turn));
    const words = normalizeAnswer(given)
      .split(" ")
      .filter((word) => word.length > 3 || /\d/.test(word));
    return words.some((word) => seen.includes(word)) ? undefined : given;
  }),
};

/**
 * Writes what only the environment says: search results, observations, the game's confirmations. Limits: known phrases
 * only; the thought may quote what was shown, so lines that stand word for word in the text before do not count.
 */
const writesAnswers: Rule = {
  id: "writes the environment's part",
  mode: "guessing",
  find: everyTurn(({ turn, reply }, episode) => {
    const found =
      /<information>[^<]+/.exec(reply)?.[0] ??
      /^(?:Observation:.*|Got \d+ .+|Crafted \d+ minecraft:.+|You pick up the .+|In front of you in this room.*)$/m.exec(
        reply,
      )?.[0];
    return found === undefined || seenBefore(episode, turn).includes(found) ? undefined : found;
  }),
};

/**
 * TextCraft: a refused craft of something for which no command is listed, or from other ingredients than any listed
 * command for it names. Limits: ingredients of a kind (planks) are matched by the last word of the name.
 */
const inventedCommand: Rule = {
  id: "command not listed",
  mode: "guessing",
  envs: ["textcraft"],
  find: (episode) => {
    const listed = listedCommands(episode);
    return everyTurn(({ action, valid }) => {
      const tried = readCommand(action);
      return !valid && tried && !listed.some((command) => sameNames(tried, command)) ? action : undefined;
    })(episode);
  },
};

/** Whether two commands make the same from the same kinds of ingredients, whatever the amounts. */
export function sameNames(tried: Command, listed: Command): boolean {
  const left = [...listed.inputs];
  for (const { name } of tried.inputs) {
    const at = left.findIndex((input) => serves(name, input.name));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return left.length === 0 && serves(tried.output.name, listed.output.name);
}

/** TextCraft: a refused `get` of something none of whose words is in the commands. */
const inventedItem: Rule = {
  id: "item never mentioned",
  mode: "guessing",
  envs: ["textcraft"],
  find: everyTurn(({ action, valid }, { turns }) => {
    const name = /^get \d+ (.+)/.exec(action)?.[1];
    if (valid || name === undefined) return undefined;
    const known = new Set((turns[0]?.shown ?? "").toLowerCase().split(/[^a-z]+/));
    return name.split(" ").some((word) => known.has(word)) ? undefined : action;
  }),
};

/** AlfWorld: a refused action, in a form the game has, on a thing or place with a number that no text has shown. */
const unseenName: Rule = {
  id: "thing or place never shown",
  mode: "guessing",
  envs: ["alfworld"],
  find: everyTurn(({ turn, action, valid }, episode) => {
    const seen = seenBefore(episode, turn);
    if (!/^(go to|take|open|close|put|move [a-z]+ \d+ to|clean|heat|cool|use|examine|slice) /.test(action))
      return undefined;
    const unseen = (action.match(/[a-z]+ \d+/g) ?? []).filter((name) => !new RegExp(`\\b${name}\\b`).test(seen));
    return !valid && unseen.length ? unseen.join(", ") : undefined;
  }),
};

/** BabyAI: a refused action on a thing that no description has shown (the goal is no description). */
const unseenThing: Rule = {
  id: "thing never in view",
  mode: "guessing",
  envs: ["babyai"],
  find: everyTurn(({ turn, action, valid }, episode) => {
    const name = /\b([a-z]+) (?:(?:open|closed|locked) )?(ball|box|key|door)\b/.exec(action);
    if (valid || !name) return undefined;
    const seen = seenBefore(episode, turn).replace(/^Your goal: .*$/m, "");
    return new RegExp(`${name[1]} (?:(?:open|closed|locked) )?${name[2]}\\b`).test(seen) ? undefined : action;
  }),
};

/**
 * WebShop: clicks a product code that no page has shown, or on a product's page a word that is nowhere on it. Limits:
 * made-up buttons (cart, checkout) are refused actions, not fabrications.
 */
const unseenClick: Rule = {
  id: "click on what no page shows",
  mode: "guessing",
  envs: ["webshop"],
  find: everyTurn(({ turn, action, shown }, episode) => {
    const { name, argument } = parseAction(action);
    if (name !== "click" || argument === undefined || BUTTON.test(argument)) return undefined;
    const isCode = /^b[0-9a-z]{4,}$/.test(argument) && /\d/.test(argument);
    if (!isCode && pageOf(shown) !== "item") return undefined;
    return pieces(seenBefore(episode, turn).replaceAll("\n", " [SEP] ")).includes(argument) ? undefined : argument;
  }),
};

const BUTTON =
  /^(search|buy now|back to search|< prev|next >|description|features|reviews|check ?out|add to cart|cart|.*\bcart)$/;

export const FABRICATION: readonly Rule[] = [
  answerFromNowhere,
  writesAnswers,
  inventedCommand,
  inventedItem,
  unseenName,
  unseenThing,
  unseenClick,
];
