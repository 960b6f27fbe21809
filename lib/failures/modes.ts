/**
 * The ways in which an episode fails. The first four are the paper's (arXiv 2603.12011); only the name "confirmation
 * bias" of them is known in English, and the definitions are ours. The others can be told without reading thoughts.
 */
export const MODES = {
  guessing: "States, names or uses something that neither the task nor anything seen contains.",
  "confirmation bias":
    "Holds on to a belief that the environment has contradicted or left unconfirmed: acts, answers or declares success without a check.",
  "state inconsistency": "Thoughts or actions disagree with the state as observed: what is held, where, what was done.",
  "faulty logic": "The facts were in view, but the conclusion, amount, order or choice does not follow from them.",
  format: "Replies in a form from which the action, or the answer, cannot be taken as it was meant.",
  "invalid action": "At least two actions, and a third of all, are refused by the environment.",
  loop: "The same actions with the same results at least three times in a row.",
  "premature end": "Ends, gives up or declares the end before everything asked for is done.",
  "out of turns": "Is cut off at the turn or context limit.",
} as const;

export type Mode = keyof typeof MODES;

/** In order of precedence for the primary label: causes before symptoms. */
export const MODE_NAMES = Object.keys(MODES) as readonly Mode[];
