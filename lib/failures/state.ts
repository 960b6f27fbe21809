/** State inconsistency: thought or action disagree with what was observed about the state. */
import { household, type HouseholdState } from "./alfworld-state";
import { everyTurn, type Episode, type Rule } from "./rule";
import { sameNames } from "./fabrication";
import { holdings, listedCommands, readCommand, serves } from "./textcraft-state";
import { isPurchase, pieces, shopping, wishOf } from "./webshop-state";

const totalOf = (held: ReadonlyMap<string, number>, name: string) =>
  [...held].reduce((sum, [item, count]) => sum + (serves(item, name) ? count : 0), 0);

/**
 * TextCraft: a listed command is tried without what it needs. Limits: an agent that tries in order to see what is missing
 * is not told apart from one that believes to have it.
 */
const craftsFromNothing: Rule = {
  id: "crafts with what it does not hold",
  mode: "state inconsistency",
  envs: ["textcraft"],
  find: (episode) => {
    const listed = listedCommands(episode);
    return everyTurn(({ action, answer }) => {
      const tried = readCommand(action);
      const known = tried && listed.some((command) => sameNames(tried, command));
      return known && answer.startsWith("Could not find enough items") ? action : undefined;
    })(episode);
  },
};

/** TextCraft: "I have 3 book" with fewer held. Limits: only amounts in digits; plans ("I will have") do not count. */
const claimsMore: Rule = {
  id: "says it holds more than it does",
  mode: "state inconsistency",
  envs: ["textcraft"],
  find: (episode) => {
    const held = holdings(episode);
    return everyTurn(({ turn, thought }) => {
      const claim =
        /\bI (?:now |already )?(?:have|hold|own) ((?:\d+ [a-z ]+?(?:, | and |(?=[.;:!\n]| now| left|$)))+)/i.exec(
          thought,
        );
      const amounts = [...(claim?.[1] ?? "").matchAll(/(\d+) ([a-z ]+?)(?=,| and |$)/g)];
      const wrong = amounts.find(([, count, name]) => totalOf(held[turn], name.trim()) < Number(count));
      return wrong?.[0];
    })(episode);
  },
};

/** AlfWorld: uses or puts what it does not hold, takes with full hands, opens what is open, goes where it is. */
const wrongHands: Rule = {
  id: "acts against what it holds or where it is",
  mode: "state inconsistency",
  envs: ["alfworld"],
  find: (episode) => {
    const states = household(episode);
    return everyTurn(({ turn, action, valid, shown }) => {
      if (valid) return undefined;
      const { held, place, contents } = states[turn];
      const used = /^(?:put|move|clean|heat|cool) ([a-z]+ \d+) (?:in\/on|to|with) /.exec(action)?.[1];
      if (used !== undefined && used !== held) return `${action}; held: ${held ?? "nothing"}`;
      if (/^take [a-z]+ \d+ from/.test(action) && held !== undefined) return `${action}; held: ${held}`;
      const opened = /^open ([a-z]+ \d+)$/.exec(action)?.[1];
      if (opened !== undefined && contents.has(opened)) return `${action}; ${shown}`;
      return action === `go to ${place}` ? `${action}, where it is` : undefined;
    })(episode);
  },
};

/**
 * AlfWorld: returns, with nothing in its hands, to places whose contents it has seen and leaves them as they are, at least
 * twice; or says that it has not looked where it has. Limits: going back to fetch a thing is no second look; a check of
 * what one has put somewhere is.
 */
const looksAgain: Rule = {
  id: "searches again where it has looked",
  mode: "state inconsistency",
  envs: ["alfworld"],
  find: (episode) => {
    const states = household(episode);
    const again = everyTurn(({ turn, action, valid }) => visitsAgain(episode, states, turn, action, valid))(episode);
    const denied = everyTurn(({ turn, thought }) => {
      const place = /\bnot (?:yet )?(?:looked|searched|checked|been)(?: in| on| at| to)? (?:the )?([a-z]+ \d+)/i.exec(
        thought,
      )?.[1];
      return place !== undefined && states[turn].contents.has(place) ? `${place}: seen before` : undefined;
    })(episode);
    return again.length >= 2 ? [...again, ...denied] : denied;
  },
};

function visitsAgain(
  { turns }: Episode,
  states: readonly HouseholdState[],
  turn: number,
  action: string,
  valid: boolean,
) {
  const place = /^go to ([a-z]+ \d+)$/.exec(action)?.[1];
  const { held, contents } = states[turn];
  if (!valid || place === undefined || held !== undefined || !contents.has(place)) return undefined;
  const next = turns[turn + 1]?.action ?? "";
  return /^(take|use)/.test(next)
    ? undefined
    : `${place} again, which shows ${contents.get(place)!.join(", ") || "nothing"}`;
}

const HELD = /You are (?:carrying a ([a-z]+ [a-z]+)|not carrying anything)\./g;

/** BabyAI: says or acts as if it held something else than the text says. Limits: English phrases only. */
const wrongBurden: Rule = {
  id: "says it carries what it does not",
  mode: "state inconsistency",
  envs: ["babyai"],
  find: (episode) => {
    let held: string | undefined;
    return everyTurn(({ shown, thought, action, answer }) => {
      for (const [, name] of shown.matchAll(HELD)) held = name;
      const [, claim] =
        /\bI(?: now|'m| am)? (?:have|carry|hold|carrying|holding) (?:the |a |an )?([a-z]+ (?:ball|box|key))\b/i.exec(
          thought,
        ) ??
        /\bwith the ([a-z]+ (?:ball|box|key)|key|ball|box) in my hand/i.exec(thought) ??
        [];
      if (claim !== undefined && !held?.endsWith(claim.toLowerCase())) return `${claim}; carried: ${held ?? "nothing"}`;
      return action === "drop" && answer.startsWith("You cannot drop the object, as you are not carrying")
        ? action
        : undefined;
    })(episode);
  },
};

/**
 * WebShop: clicks on this page what only an earlier page had; says that an option is chosen which is not; or buys after
 * leaving the product, which clears the options, without choosing them again.
 */
const lostTrack: Rule = {
  id: "loses track of page or options",
  mode: "state inconsistency",
  envs: ["webshop"],
  find: (episode) => {
    const states = shopping(episode);
    const { options } = wishOf(episode);
    return everyTurn(({ turn, thought, action, shown }) => {
      const { chosen, lost, page } = states[turn];
      if (/^click\[buy now\]$/i.test(action.trim()) && page !== "item") return `buys on the ${page} page`;
      const claimed = [...options].find(
        ([name, value]) =>
          new RegExp(`\\b(?:chosen|selected|picked|set)\\b[^.]*${escape(name)}: ${escape(value)}`, "i").test(thought) &&
          !chosen.includes(value),
      );
      if (claimed) return `${claimed.join(": ")} is not chosen`;
      const cleared = [...options.values()].find(
        (value) => lost.includes(value) && !chosen.includes(value) && pieces(shown).includes(value),
      );
      return isPurchase(action, shown) && cleared !== undefined
        ? `${cleared} was chosen before the product was left`
        : undefined;
    })(episode);
  },
};

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

export const STATE: readonly Rule[] = [craftsFromNothing, claimsMore, wrongHands, looksAgain, wrongBurden, lostTrack];
