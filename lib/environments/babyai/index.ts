/**
 * # BabyAI
 *
 * Follow an instruction such as "put the red ball next to the blue box" in rooms of a grid world, seen only through
 * text. Follows AgentGym's BabyAI server (3ef9235) on Minigrid 2.4: forty levels of the baby language, every maze,
 * text and reward as there, seed for seed.
 *
 * - **Tasks.** AgentGym's integer n means level n mod 40 + 1, seed n div 40; every n >= 0 works. The list holds seeds
 *   0 to 99 of all levels but 33 repeated mazes. The seed's last digit decides the split: 0-3 demonstration, 4-6
 *   train, 7-9 test.
 * - **Levels.** easy, medium, hard by what the mission needs (tasks.ts); `params.levelName` is Minigrid's level,
 *   `params.family` the kind of mission, by which results are broken down.
 * - **Reward.** 1 - 0.9 * moves / maxSteps on success, where one action may be many moves. A step reports the score,
 *   the sum of all rewards so far, as AgentGym's client does.
 * - **Turns.** 20, the rounds of AgentGym-RL's evaluation; the server itself has no limit.
 * - **Actions seen.** Every observation ends with the list of available actions, as part of its text.
 *
 * Known faults, kept under `fidelity: "original"` and mended under "repaired" (each is named where it is coded):
 * success is lost when an action goes on after it (`toggle and go through` the door to be opened); open doors and
 * boxes cannot be toggled, so that level 26 cannot be won; `pick up` is not understood, only `pickup`; "then" and
 * "after you" are shown as "and"; a reward of 0.5 or less does not end the episode and is added again by idle
 * actions; failure reads "The task is completed." and does not end it either; a strict second instruction fails on
 * the very move that fulfils the first; the numbers of things without a path are skipped in actions; actions stop at
 * a turn that looks the same; in levels 7 and 24 the key may lie behind its own door; in level 23 the first text
 * shows the carried thing on the floor; one refusal shows a Python dictionary. Kept in both: the path finder's
 * detours, and things that count as lying where they were until the next drop. Kept in neither: an endless search
 * for the agent's place in a few crowded mazes, and level 4, which the original's server cannot make.
 */
import { refuseUnknownKeys } from "../../errors";
import type { Environment, EnvironmentDefinition } from "../../types";
import { formatReact, parseSanitized } from "../support";
import { demonstrate } from "./demonstration";
import { BabyAI } from "./environment";
import { BabyAIExpert } from "./expert";
import type { Fidelity } from "./level";
import { PHRASES, PROMPT } from "./prompt";
import { DIFFICULTIES, task, tasks } from "./tasks";
import { tools } from "./tools";

const MAX_TURNS = 20;

/** The environment as the original behaves (default), or with its faults repaired; a RangeError for anything else. */
export function openBabyAI(options: { readonly fidelity?: Fidelity } = {}): EnvironmentDefinition {
  refuseUnknownKeys("BabyAI", options, ["fidelity"]);
  const { fidelity = "original" } = options;
  if (fidelity !== "original" && fidelity !== "repaired")
    throw new RangeError(`fidelity must be "original" or "repaired", got ${JSON.stringify(fidelity)}`);
  return {
    id: "babyai",
    title: "BabyAI",
    version: fidelity === "original" ? "1" : "1-repaired",
    maxTurns: MAX_TURNS,
    levels: DIFFICULTIES,
    breakdown: "family",
    prompt: PROMPT,
    tools,
    phrases: PHRASES,
    create: () => new BabyAI(fidelity),
    tasks,
    task,
    parse: parseSanitized,
    format: formatReact,
    expert: (environment) => new BabyAIExpert(running(environment)),
    demonstrate: (spec, random, renaming) => demonstrate(spec, random, MAX_TURNS, fidelity, renaming),
  };
}

export const babyai: EnvironmentDefinition = openBabyAI();

function running(environment: Environment): BabyAI {
  if (environment instanceof BabyAI) return environment;
  throw new TypeError("BabyAI's expert needs an environment made by BabyAI's create()");
}
