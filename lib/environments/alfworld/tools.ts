/** The actions as functions, for chat models that act by calling. */
import type { Tool } from "../../types";
import type { Wording } from "./room";

const place = { place: "a place with its number, as shown: cabinet 1" };
const thing = { thing: "a thing with its number, as shown: mug 2" };

export function toolsFor(wording: Wording): readonly Tool[] {
  const tool = (name: string, description: string, parameters: Tool["parameters"], action: string): Tool => {
    return { name, description, parameters, action };
  };
  const both = { ...thing, ...place };
  return [
    tool("go_to", "Go to a place.", place, "go to {place}"),
    tool("open", "Open what is closed.", place, "open {place}"),
    tool("close", "Close what is open.", place, "close {place}"),
    tool("take", "Take a thing from a place.", both, "take {thing} from {place}"),
    tool(
      "put",
      "Put the thing you hold in or on a place.",
      both,
      wording === "put" ? "put {thing} in/on {place}" : "move {thing} to {place}",
    ),
    tool("clean", "Clean the thing you hold with a sinkbasin.", both, "clean {thing} with {place}"),
    tool("heat", "Heat the thing you hold with a microwave.", both, "heat {thing} with {place}"),
    tool("cool", "Cool the thing you hold with a fridge.", both, "cool {thing} with {place}"),
    tool("use", "Turn on a lamp.", { thing: thing.thing }, "use {thing}"),
    tool(
      "slice",
      "Slice a thing with the knife you hold.",
      { ...thing, knife: "the knife with its number, as shown" },
      "slice {thing} with {knife}",
    ),
    tool("examine", "Look closely at a place or a thing.", { object: "its name with its number" }, "examine {object}"),
    tool("look", "Look around.", {}, "look"),
    tool("inventory", "See what you hold.", {}, "inventory"),
  ];
}
