/** What an agent is told and shown. */
import type { Observation, Prompt } from "../../types";
import type { Wording } from "./room";

/** In our own words; the facts in it are those of AgentGym's prompt for AlfWorld. */
export function promptFor(wording: Wording): Prompt {
  const put = wording === "put" ? "put A in/on X" : "move A to X";
  return { version: `1-${wording}`, text: promptText(put) };
}

function promptText(put: string): string {
  return `You are in a room of a household and have one task, which the first message tells together with what is in the room.

In every turn you write one action. The first message lists the actions that are possible at the start; later ones follow from what you see:
go to X, open X, close X, examine X, take A from X, ${put}, clean A with X, heat A with X, cool A with X, use A, slice A with B, look, inventory.
X is a place to put things (cabinet 1), A and B are things (mug 2). Use the names as they are shown, with their numbers.

- You must stand at a place to use it, and open what is closed to see and reach what is in it.
- You can carry one thing at a time.
- Clean with a sinkbasin, heat with a microwave, cool with a fridge, while you hold the thing.
- To look at something under a lamp, hold it, go to where the lamp is, and use the lamp.
- "Nothing happens." means that the action was not possible; try another.

Write in this form:
Thought: what you know and what follows from it
Action: one action`;
}

/** The client lists the possible actions with the first observation only. */
export function renderAlfWorld({ text, actions }: Observation, turn: number): string {
  return turn === 0 ? `${text}\nAVAILABLE ACTIONS: ${(actions ?? []).join(",")}` : text;
}

/** What is always said in the same words. */
export const phrases: readonly string[] = [
  "You are in the middle of a room. Looking quickly around you, you see a",
  "Your task is to:",
  "AVAILABLE ACTIONS:",
  "go to",
  ",go to",
  ",inventory,look",
  "On the",
  "In it, you see",
  ", you see a",
  ", you see nothing.",
  ", and a",
  ", a",
  "is closed.",
  "is open. In it, you see a",
  "is open. In it, you see nothing.",
  "You open the",
  "You close the",
  "You pick up the",
  "from the",
  "You put the",
  "in/on the",
  "in/on",
  "You clean the",
  "You heat the",
  "You cool the",
  "using the",
  "You turn on the",
  "You are facing the",
  "Next to it, you see nothing.",
  "You are carrying: a",
  "You are not carrying anything.",
  "There's nothing special about",
  "This is a normal",
  "Nothing happens.",
  "put some",
  "put a clean",
  "put a hot",
  "put a cool",
  "put two",
  "find two",
  "and put them in",
  "and put it in",
  "look at",
  "under the",
  "examine the",
  "with the",
  "Thought: ",
  "\nAction: ",
  "Action: ",
  "Thought: My task is to",
  "Thought: I need a",
  "I need a",
  "I need another",
  "I have not looked in",
  "It is closed.",
  "I take it.",
  "I must put it in",
  "I must clean it with",
  "I must heat it with",
  "I must cool it with",
  "is here. I use it.",
  "Thought: I have",
  "is clean.",
  "is hot.",
  "is cool.",
  ", but I need a",
  "I put it in",
];
