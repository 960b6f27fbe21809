/** Faulty logic: what was needed was in view, and the conclusion is wrong all the same. */
import { extractAnswer, normalizeAnswer } from "../environments/searchqa/score";
import { applianceFor, household, householdGoal, kindOf, type Treatment } from "./alfworld-state";
import { everyTurn, seenBefore, type Episode, type Rule } from "./rule";
import { sameNames } from "./fabrication";
import { goalOf, listedCommands, readCommand, serves, type Command } from "./textcraft-state";
import { choseAnother } from "./mechanical";
import { isPurchase, pieces, shopping, wishOf } from "./webshop-state";

/** TextCraft: the ingredients of a listed command in other amounts than it lists, refused for that. */
const wrongAmounts: Rule = {
  id: "amounts differ from the command",
  mode: "faulty logic",
  envs: ["textcraft"],
  find: (episode) => {
    const listed = listedCommands(episode);
    return everyTurn(({ action, answer }) => {
      const tried = readCommand(action);
      if (!tried || !answer.startsWith("Could not find a valid recipe")) return undefined;
      const command = listed.find((one) => sameNames(tried, one));
      return command && `${action}; listed: ${command.inputs.map(({ count, name }) => `${count} ${name}`).join(", ")}`;
    })(episode);
  },
};

/**
 * TextCraft: cannot get what a listed command makes, and never makes it; or makes what the goal does not need. Limits:
 * needs are followed through all listed commands for an item, so a detour by another command counts as needed.
 */
const wrongPlan: Rule = {
  id: "plan does not follow the commands",
  mode: "faulty logic",
  envs: ["textcraft"],
  find: (episode) => {
    const listed = listedCommands(episode);
    const needed = needs(goalOf(episode), listed);
    const made = new Set(
      episode.turns.flatMap(({ action, valid }) => (valid && readCommand(action)?.output.name) || []),
    );
    return everyTurn(({ action, answer, valid }) => {
      const got = /^get \d+ (.+)/.exec(action)?.[1];
      const command = got !== undefined && !valid && listed.find(({ output }) => output.name === got);
      if (command && !made.has(got)) return `${action} -> ${answer}; a listed command makes it`;
      const output = valid ? readCommand(action)?.output.name : undefined;
      return output !== undefined && ![...needed].some((name) => serves(output, name))
        ? `${output} is not needed`
        : undefined;
    })(episode);
  },
};

function needs(goal: string, listed: readonly Command[]): Set<string> {
  const needed = new Set([goal]);
  for (const name of needed)
    for (const { output, inputs } of listed)
      if (serves(output.name, name)) for (const input of inputs) needed.add(input.name);
  return needed;
}

/**
 * BabyAI: goes to or picks up a thing of the goal's kind in another colour while one of the goal's is on the list of
 * actions, or a box for a box of another colour. Limits: taking a thing out of the way looks the same.
 */
const wrongThing: Rule = {
  id: "another thing than the goal names",
  mode: "faulty logic",
  envs: ["babyai"],
  find: (episode) => {
    const goal = /Your goal: (.*)/.exec(episode.turns[0]?.shown ?? "")?.[1] ?? "";
    const named = [...goal.matchAll(/\b(red|green|blue|purple|yellow|grey) (ball|box|key|door)\b/g)];
    return everyTurn(({ action, valid, shown }) => {
      const [, color, kind] = /^(?:go to|pickup) ([a-z]+) (ball|box|key) \d+$/.exec(action) ?? [];
      const alike = named.filter((name) => name[2] === kind);
      if (!valid || color === undefined || alike.length === 0 || alike.some((name) => name[1] === color))
        return undefined;
      const listed = alike.find((name) => shown.includes(`"go to ${name[0]}`) || shown.includes(`"pickup ${name[0]}`));
      return listed ? `${action}; asked for ${listed[0]}` : undefined;
    })(episode);
  },
};

/** BabyAI: a locked door is tried without its key at least twice, or while a key was on the list to be picked up. */
const noKey: Rule = {
  id: "opens a locked door without its key",
  mode: "faulty logic",
  envs: ["babyai"],
  find: (episode) => {
    const tried = everyTurn(({ answer, action }) =>
      /as (?:you are not carrying a key|the color of the key)/.test(answer) ? action : undefined,
    )(episode);
    const offered = tried.some(({ turn }) => /"pickup [a-z]+ key/.test(seenBefore(episode, turn)));
    return tried.length >= 2 || offered ? tried : [];
  },
};

/**
 * AlfWorld: puts the thing at its target without the treatment asked for, treats it otherwise or with another appliance,
 * or brings another kind of thing to the target. Limits: putting something down at the target for a moment counts.
 */
const wrongErrand: Rule = {
  id: "leaves out or mistakes a part of the task",
  mode: "faulty logic",
  envs: ["alfworld"],
  find: (episode) => {
    const goal = householdGoal(episode);
    if (!goal) return [];
    const states = household(episode);
    const treated = new Set<string>();
    return everyTurn(({ turn, action, valid }) => {
      const [, how, thing, appliance] = /^(clean|heat|cool) ([a-z]+ \d+) with ([a-z]+) \d+$/.exec(action) ?? [];
      if (how !== undefined) {
        if (valid && how === goal.treatment) treated.add(thing);
        const wrong = how !== goal.treatment || appliance !== applianceFor(how as Treatment);
        return wrong && thing === states[turn].held ? action : undefined;
      }
      const [, put, place] = /^(?:put|move) ([a-z]+ \d+) (?:in\/on|to) ([a-z]+ \d+)$/.exec(action) ?? [];
      if (!valid || put === undefined || kindOf(place) !== goal.target) return undefined;
      if (kindOf(put) !== goal.thing) return `${action}; asked for ${goal.thing}`;
      return goal.treatment && !treated.has(put) ? `${action}, not ${goal.treatment}ed before` : undefined;
    })(episode);
  },
};

const LESS = "lower than|less than|cheaper than|smaller than|under|below|before|earlier than|older than";
const MORE = "higher than|more than|greater than|larger than|over|above|after|later than|newer than|younger than";
const COMPARED = new RegExp(`\\$?(\\d+(?:\\.\\d+)?) (?:is|are|was|=) (${LESS}|${MORE}) \\$?(\\d+(?:\\.\\d+)?)`, "i");

/** A comparison of two numbers that is false: "1948 is before 1931". "Older" is read of years. */
const falseComparison: Rule = {
  id: "false comparison",
  mode: "faulty logic",
  find: everyTurn(({ thought, reply }) => {
    const found = COMPARED.exec(thought || reply);
    if (!found) return undefined;
    const [text, left, how, right] = found;
    const less = new RegExp(`^(?:${LESS})$`, "i").test(how);
    return less === Number(left) < Number(right) && left !== right ? undefined : text;
  }),
};

/** WebShop: buys above the price limit, or with another value than the one asked for, which the page offers. */
const wrongPurchase: Rule = {
  id: "bought against the instruction",
  mode: "faulty logic",
  envs: ["webshop"],
  find: (episode: Episode) => {
    const { limit, options } = wishOf(episode);
    const states = shopping(episode);
    return everyTurn(({ turn, action, shown }) => {
      if (!isPurchase(action, shown)) return undefined;
      const { price, chosen } = states[turn];
      if (price !== undefined && price > limit) return `$${price}, limit ${limit}`;
      const there = pieces(shown);
      const wrong = [...options].find(
        ([name, value]) => there.includes(value) && !chosen.includes(value) && choseAnother(there, chosen, name),
      );
      return wrong && `${wrong.join(": ")} is there and another is chosen`;
    })(episode);
  },
};

/** SearchQA: a wrong answer when the right one stood in a passage shown before. Needs the task's answers. */
const missedAnswer: Rule = {
  id: "wrong answer with the right one in view",
  mode: "faulty logic",
  envs: ["searchqa"],
  find: everyTurn(({ turn, reply, answer }, episode) => {
    const given = extractAnswer(reply);
    const golden = episode.trajectory.task.params.answers;
    if (given === undefined || !Array.isArray(golden) || !answer.startsWith("Sorry")) return undefined;
    const seen = normalizeAnswer(
      episode.turns
        .slice(1, turn + 1)
        .map(({ shown }) => shown)
        .join(" "),
    );
    const right = (golden as readonly string[]).find((one) => seen.includes(normalizeAnswer(one)));
    if (right === undefined || normalizeAnswer(given).includes(normalizeAnswer(right))) return undefined;
    return `${given}; in view: ${right}`;
  }),
};

export const LOGIC: readonly Rule[] = [
  wrongAmounts,
  wrongPlan,
  wrongThing,
  noKey,
  wrongErrand,
  falseComparison,
  wrongPurchase,
  missedAnswer,
];
