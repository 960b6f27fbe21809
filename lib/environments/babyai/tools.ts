/** The actions as functions, for chat models that act by calling. */
import type { Tool } from "../../types";

const object = { object: "what and its id, as shown: red ball 1" };
const door = { door: "the door and its id, as shown: green door 1" };

const plain = (name: string, description: string): Tool => ({
  name: name.replaceAll(" ", "_"),
  description,
  parameters: {},
  action: name,
});

export const tools: readonly Tool[] = [
  plain("turn left", "Turn left where you stand."),
  plain("turn right", "Turn right where you stand."),
  plain("move forward", "Take one step forward."),
  { name: "go_to", description: "Walk up to an object and face it.", parameters: object, action: "go to {object}" },
  { name: "pickup", description: "Walk up to an object and take it.", parameters: object, action: "pickup {object}" },
  plain("drop", "Put what you carry into the empty cell in front of you."),
  plain("toggle", "Open or close the door right in front of you."),
  { name: "go_through", description: "Step into an open door.", parameters: door, action: "go through {door}" },
  {
    name: "toggle_and_go_through",
    description: "Open a closed or locked door and step into it.",
    parameters: door,
    action: "toggle and go through {door}",
  },
  plain("check available actions", "List the actions that are possible now."),
];
