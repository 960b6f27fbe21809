/** Confirmation bias: going on as believed, although the environment has said otherwise or nothing. */
import { extractAnswer, normalizeAnswer, readRequest } from "../environments/searchqa/score";
import { SAYS_DONE } from "./mechanical";
import { everyTurn, seenBefore, type Rule } from "./rule";
import { isPurchase, shopping, wishOf } from "./webshop-state";

const INCORRECT = "Sorry, your answer is incorrect";

/** SearchQA: after "your answer is incorrect" answers with no search in between, or the same again whenever. */
const answersAgain: Rule = {
  id: "answers again unchecked",
  mode: "confirmation bias",
  envs: ["searchqa"],
  find: everyTurn(({ turn, shown, reply }, { turns }) => {
    const given = readRequest(reply)?.kind === "answer" ? extractAnswer(reply) : undefined;
    if (given === undefined) return undefined;
    const refused = turns.slice(0, turn).filter(({ answer }) => answer.startsWith(INCORRECT));
    const same = refused.some((one) => normalizeAnswer(extractAnswer(one.reply) ?? "") === normalizeAnswer(given));
    return same || shown.startsWith(INCORRECT) ? given : undefined;
  }),
};

/**
 * SearchQA: answers after a search whose passages do not speak of what the question names. Limits: names are words with
 * a capital, but for the first of the question; a passage may speak of it in other words.
 */
const answersUnsupported: Rule = {
  id: "answers though the search was silent",
  mode: "confirmation bias",
  envs: ["searchqa"],
  find: everyTurn(({ turn, reply }, episode) => {
    const found = episode.turns.slice(1, turn + 1).filter(({ shown }) => shown.startsWith("<information>"));
    const given = extractAnswer(reply);
    if (given === undefined || found.length === 0) return undefined;
    const asked = /Question: \S+ ([^]*)/.exec(episode.turns[0].shown)?.[1] ?? "";
    const names = asked.match(/\p{Lu}\p{L}+(?: (?:(?:in|of|over|the|on|at) )?\p{Lu}\p{L}+)*/gu) ?? [];
    const passages = normalizeAnswer(found.map(({ shown }) => shown).join(" "));
    return names.length > 0 && names.every((name) => !passages.includes(normalizeAnswer(name))) ? given : undefined;
  }),
};

/** The same action at once again after it was refused. Limits: SearchQA has no refusals of this kind. */
const insists: Rule = {
  id: "insists after a refusal",
  mode: "confirmation bias",
  envs: ["textcraft", "babyai", "alfworld", "webshop"],
  find: everyTurn(({ turn, action, answer, valid }, { turns }) => {
    const before = turns[turn - 1];
    const again = before && !before.valid && !valid && action !== "" && before.action === action;
    return again ? `${action}, refused before: ${before.answer.split("\n")[0] || answer}` : undefined;
  }),
};

/** After a refused `get` or `take` the next thought says that the thing is held. Limits: English phrases only. */
const readsRefusalAsSuccess: Rule = {
  id: "takes a refusal for a success",
  mode: "confirmation bias",
  envs: ["textcraft", "alfworld", "babyai"],
  find: everyTurn(({ turn, thought }, { turns }) => {
    const before = turns[turn - 1];
    if (!before || before.valid) return undefined;
    const thing = /^(?:get \d+|take|pickup|pick up) ([a-z ]+?)(?: \d+)?(?: from .*)?$/.exec(before.action)?.[1];
    if (thing === undefined || !thought.includes(thing)) return undefined;
    return /\bI (?:now )?(?:have|got|carry|hold|took|picked)\b[^.]*/i.exec(thought)?.[0];
  }),
};

/**
 * Says that the task is done while it is not: the environment ends an episode that is. Limits: needs the words; quoting
 * BabyAI's "The task is completed.", which also follows a failed mission, counts.
 */
const declaresSuccess: Rule = {
  id: "declares success unconfirmed",
  mode: "confirmation bias",
  envs: ["textcraft", "babyai", "alfworld"],
  find: everyTurn(({ thought }) => SAYS_DONE.exec(thought)?.[0]),
};

const FILLERS = new Set(["a", "an", "and", "the", "for", "of", "with", "in", "to"]);

/**
 * WebShop: buys although a word of what is asked for stands on no page of the product that was read. Limits: words are
 * compared without a plural s; what the agent has not opened cannot bear out anything, so buying unread counts.
 */
const boughtUnconfirmed: Rule = {
  id: "bought without what is asked on any page read",
  mode: "confirmation bias",
  envs: ["webshop"],
  find: (episode) => {
    const states = shopping(episode);
    const stem = (word: string) => word.replace(/s$/, "");
    const wanted = wishOf(episode)
      .product.split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word && !FILLERS.has(word));
    return everyTurn(({ turn, action, shown }) => {
      if (!isPurchase(action, shown)) return undefined;
      const read = new Set(states[turn].read.split(/[^\p{L}\p{N}]+/u).map(stem));
      const missing = wanted.filter((word) => !read.has(stem(word)));
      return missing.length ? `never read of this product: ${missing.join(", ")}` : undefined;
    })(episode);
  },
};

/** AlfWorld: takes a thing from a place whose contents were shown without it. */
const takesWhatIsNotThere: Rule = {
  id: "takes what the place does not show",
  mode: "confirmation bias",
  envs: ["alfworld"],
  find: everyTurn(({ turn, action, valid }, episode) => {
    const [, thing, place] = /^take ([a-z]+ \d+) from ([a-z]+ \d+)$/.exec(action) ?? [];
    if (valid || thing === undefined) return undefined;
    const shown = seenBefore(episode, turn).match(
      new RegExp(`(?:On the ${place}, you see|The ${place} is open\\. In it, you see) [^.]*`, "g"),
    );
    const latest = shown?.[shown.length - 1];
    return latest !== undefined && !latest.includes(thing) ? `${action}; seen: ${latest}` : undefined;
  }),
};

export const CONFIRMATION: readonly Rule[] = [
  answersAgain,
  answersUnsupported,
  insists,
  readsRefusalAsSuccess,
  declaresSuccess,
  boughtUnconfirmed,
  takesWhatIsNotThere,
];
