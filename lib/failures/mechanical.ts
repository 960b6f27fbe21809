/** Failures that show without understanding a thought: refusals, form, repetition, how the episode ended. */
import { parseAction } from "../environments/webshop/environment";
import { extractAnswer, readRequest, subExactMatch } from "../environments/searchqa/score";
import { everyTurn, type ReadTurn, type Rule } from "./rule";
import { isPurchase, pieces, shopping, wishOf } from "./webshop-state";

/**
 * At least two refused actions that are a third or more of all turns. Limits: in WebShop a page does not tell links from
 * text, so a click on a title counts as carried out when a log has been imported.
 */
const refused: Rule = {
  id: "actions refused",
  mode: "invalid action",
  find({ turns }) {
    const wrong = turns.filter(({ valid }) => !valid);
    if (wrong.length < 2 || wrong.length * 3 < turns.length) return [];
    return wrong.map(({ turn, action, answer }) => ({
      turn,
      text: `${action || "no action"} -> ${answer.split("\n")[0]}`,
    }));
  },
};

/**
 * A reply from which the client takes no action: no or several `Action:`, no complete tag, no brackets. Limits: text
 * around a readable action is accepted, as the clients accept it.
 */
const unreadable: Rule = {
  id: "no single action",
  mode: "format",
  find: everyTurn((turn, { trajectory }) => (isReadable(turn, trajectory.task.env) ? undefined : turn.reply)),
};

function isReadable({ action, reply, answer, valid }: ReadTurn, env: string): boolean {
  if (env === "searchqa") return readRequest(reply) !== undefined;
  if (env === "webshop") return parseAction(action).argument !== undefined;
  return valid || (action !== "" && !answer.startsWith("Error: Only one 'Action'"));
}

/** SearchQA: the right answer inside a longer one, which exact match refuses. Needs the task's answers. */
const wordy: Rule = {
  id: "right answer in too many words",
  mode: "format",
  envs: ["searchqa"],
  find: everyTurn(({ reply, answer }, { trajectory }) => {
    const given = extractAnswer(reply);
    const golden = trajectory.task.params.answers;
    const inside = given !== undefined && Array.isArray(golden) && subExactMatch(given, golden as string[]) === 1;
    return inside && answer.startsWith("Sorry") ? given : undefined;
  }),
};

const LONGEST_CYCLE = 4;
const REPEATS = 3;

/**
 * A cycle of up to four turns, each with the same action and the same answer, at least three times in a row. Limits:
 * repetition in other words, or with a counter in the text, is not seen.
 */
const cycle: Rule = {
  id: "repeats itself",
  mode: "loop",
  find({ turns }) {
    const same = (i: number, j: number) =>
      turns[i].answer === turns[j].answer &&
      (turns[i].action || turns[i].reply) === (turns[j].action || turns[j].reply);
    for (let period = 1; period <= LONGEST_CYCLE; period++) {
      let run = 0;
      for (let at = period; at < turns.length; at++) {
        run = same(at - period, at) ? run + 1 : 0;
        if (run < period * (REPEATS - 1)) continue;
        const first = at - run - period + 1;
        let end = at;
        while (end + 1 < turns.length && same(end + 1 - period, end + 1)) end++;
        return turns.slice(first, end + 1).map(({ turn, action }) => ({ turn, text: action }));
      }
    }
    return [];
  },
};

/** The outcome `truncated`. It tells where the episode was cut, not why it took so long. */
const cutOff: Rule = {
  id: "cut off",
  mode: "out of turns",
  find: ({ trajectory, turns }) =>
    trajectory.outcome === "truncated" && turns.length > 0
      ? [{ turn: turns.length - 1, text: `cut off after ${turns.length} turns` }]
      : [],
};

/** WebShop: buys while a value that is asked for, and is on the product's page, has never been clicked. */
const boughtEarly: Rule = {
  id: "bought without an option asked for",
  mode: "premature end",
  envs: ["webshop"],
  find: (episode) => {
    const states = shopping(episode);
    const { options } = wishOf(episode);
    return everyTurn(({ turn, action, shown }) => {
      if (!isPurchase(action, shown)) return undefined;
      const there = pieces(shown);
      const missing = [...options].filter(
        ([name, value]) =>
          there.includes(name) &&
          !states[turn].chosen.includes(value) &&
          !choseAnother(there, states[turn].chosen, name),
      );
      return missing.length
        ? `not chosen: ${missing.map(([name, value]) => `${name}: ${value}`).join(", ")}`
        : undefined;
    })(episode);
  },
};

/** Whether a value that stands behind the option's name, before the next piece that is no option, has been clicked. */
export function choseAnother(there: readonly string[], chosen: readonly string[], name: string): boolean {
  const from = there.indexOf(name);
  const values = from < 0 ? [] : there.slice(from + 1);
  const next = values.findIndex((value) => /^(color|size|flavor|weight|scent|style|price: .*)$/.test(value));
  return values.slice(0, next < 0 ? undefined : next).some((value) => chosen.includes(value));
}

const GIVES_UP =
  /\b(I (?:will )?give up|I stop here|cannot be (?:done|solved|completed)|(?:task|goal) is impossible|I (?:cannot|can't|am unable to) (?:do|complete|solve|finish|tell|answer)\b)/i;
const NO_ANSWER = /^(unknown|none|n\/?a|i (?:do not|don't) know|not (?:known|given|found)|no answer)\.?$/i;
export const SAYS_DONE =
  /\b(?:task|goal|mission|quest)\b[^.]{0,20}\b(?:is|has been|was)\b[^.]{0,12}\b(?:complete|completed|done|finished|reached|fulfilled|achieved|accomplished)\b|\b(?:completed|finished|accomplished|achieved|reached|fulfilled) (?:the|my|this) (?:task|goal|mission)\b|\ball (?:is )?done\b|\bnothing (?:remains|is left)\b/i;

/**
 * Gives up or declares the end in words, or with an action that only means it (`stop`, `done`). Limits: needs these
 * words; giving up in silence is not seen, and a quoted "the task is completed" of BabyAI's text counts.
 */
const declaredEnd: Rule = {
  id: "gives up or declares the end",
  mode: "premature end",
  find: everyTurn(({ thought, reply, action }) => {
    const end = /^(stop|done|finish(ed)?|exit|quit|end|none|submit)$/i.exec(action.trim())?.[0];
    const answer = extractAnswer(reply);
    const none = answer === undefined ? undefined : NO_ANSWER.exec(answer)?.[0];
    return GIVES_UP.exec(thought)?.[0] ?? end ?? none ?? SAYS_DONE.exec(thought)?.[0];
  }),
};

export const MECHANICAL: readonly Rule[] = [refused, unreadable, wordy, cycle, cutOff, boughtEarly, declaredEnd];
