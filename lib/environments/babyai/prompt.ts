/** What a chat model is told before the first observation. */
import type { Prompt } from "../../types";

export const PROMPT: Prompt = {
  version: "1",
  text: `You are an agent in a world of rooms with doors, keys, balls and boxes. You see only what is in front of you, up to six steps ahead and three to each side; walls and closed doors hide what is behind them. Reach the goal in as few turns as you can.

After each of your actions you are told what you see and which actions are available. The actions are:
- turn left, turn right, move forward
- go to <object> <id>: walk up to the object and face it
- pickup <object> <id>: walk up to the object and take it; you can carry one object
- drop: put what you carry into the empty cell in front of you
- toggle: open or close the door right in front of you; a locked door needs a key of its color in your hands
- go through <door> <id>: step into an open door
- toggle and go through <door> <id>: open a closed or locked door and step into it
- check available actions: list the actions again

Objects are named by color and kind, such as "red ball"; ids start at 1 with the nearest object of that name. To open a door as the goal asks, go to it and toggle it.

Reply in this form, with exactly one action:
Thought: your reasoning
Action: your action`,
};

/** Phrases of the observations, the replies and the expert's thoughts that never contain a name. */
export const PHRASES: readonly string[] = [
  "Your goal: ",
  "In front of you in this room, you can see several objects: ",
  "You cannot see any objects within sight.",
  "There is a ",
  " steps in front of you and ",
  " steps to your left.  ",
  " steps to your right.  ",
  "right in front of you ",
  " steps away.  ",
  "The room has walls around you. ",
  "You are facing a wall ",
  "You are facing a box ",
  " steps away. ",
  "You are not carrying anything.",
  "You are carrying a ",
  "\nAvailable actions: [",
  '"turn left", "turn right", ',
  '"move forward", ',
  '"toggle and go through ',
  '"toggle", ',
  '"go through ',
  '"go to ',
  '"pickup ',
  '"drop", ',
  '"check available actions"]',
  "\n The task is completed.",
  "No change in state.",
  "The action is not recognized. Please check valid actions.",
  ", as there is no path leading to it.",
  "You can take the following actions: ",
  "Thought: ",
  "\nAction: ",
  "turn left",
  "turn right",
  "move forward",
  "toggle and go through ",
  "go through ",
  "go to ",
  "pickup ",
  "pick up ",
  " next to ",
  "I must ",
  "I see ",
  "I do not see it. ",
  "I look around.",
  "I go on.",
  "I know where it is.",
  " is right in front of me.",
  " is in the way.",
  "I carry the ",
  "I must drop it.",
  " door is locked. I need a ",
];
