/** Commands: from an agent's words to an act and back, and the list of all that the rules allow now. */
import type { Room } from "./room";
import { TREATMENTS, type Act, type Treatment, type World } from "./world";

/** The act that a command asks for; undefined unless it is spelled exactly so. Whether it is allowed is another matter. */
export function readCommand(room: Room, command: string): Act | undefined {
  if (command === "look" || command === "inventory" || command === "help") return { verb: command };
  const space = command.indexOf(" ");
  const rest = command.slice(space + 1);
  switch (command.slice(0, space)) {
    case "go":
      return rest.startsWith("to ") ? onReceptacle(room, "go", rest.slice("to ".length)) : undefined;
    case "open":
      return onReceptacle(room, "open", rest);
    case "close":
      return onReceptacle(room, "close", rest);
    case "examine":
      return onReceptacle(room, "inspect", rest) ?? onThing(room, "examine", rest);
    case "use":
      return onThing(room, "use", rest);
    case "take":
      return onBoth(room, "take", rest, " from ");
    case "put":
      return room.wording === "put" ? onBoth(room, "put", rest, " in/on ") : undefined;
    case "move":
      return room.wording === "move" ? onBoth(room, "put", rest, " to ") : undefined;
    case "clean":
      return onBoth(room, "clean", rest, " with ");
    case "heat":
      return onBoth(room, "heat", rest, " with ");
    case "cool":
      return onBoth(room, "cool", rest, " with ");
    case "slice": {
      const [first, second] = halves(rest, " with ");
      const thing = room.thingNamed.get(first);
      const knife = room.thingNamed.get(second);
      return thing === undefined || knife === undefined ? undefined : { verb: "slice", thing, knife };
    }
    default:
      return undefined;
  }
}

/** The command for an act, as {@link readCommand} reads it. */
export function writeCommand(room: Room, act: Act): string {
  switch (act.verb) {
    case "look":
    case "inventory":
    case "help":
      return act.verb;
    case "go":
      return `go to ${room.receptacles[act.receptacle].name}`;
    case "open":
    case "close":
      return `${act.verb} ${room.receptacles[act.receptacle].name}`;
    case "inspect":
      return `examine ${room.receptacles[act.receptacle].name}`;
    case "examine":
    case "use":
      return `${act.verb} ${room.things[act.thing].name}`;
    case "take":
      return `take ${room.things[act.thing].name} from ${room.receptacles[act.receptacle].name}`;
    case "put": {
      const [verb, joint] = room.wording === "put" ? ["put", "in/on"] : ["move", "to"];
      return `${verb} ${room.things[act.thing].name} ${joint} ${room.receptacles[act.receptacle].name}`;
    }
    case "clean":
    case "heat":
    case "cool":
      return `${act.verb} ${room.things[act.thing].name} with ${room.receptacles[act.receptacle].name}`;
    case "slice":
      return `slice ${room.things[act.thing].name} with ${room.things[act.knife].name}`;
  }
}

/** The commands that would do something now, each once, in the order of their code points. */
export function admissibleCommands(world: World): readonly string[] {
  const here = [...new Set(allowedHere(world).map((act) => writeCommand(world.room, act)))].sort();
  const first = here.findIndex((command) => command > "go to");
  return [...here.slice(0, first), ...goingFrom(world), ...here.slice(first)];
}

/** All acts that the rules allow in this state, but for going elsewhere. */
function allowedHere(world: World): readonly Act[] {
  const { room, here, held } = world;
  const acts: Act[] = [{ verb: "look" }, { verb: "inventory" }, { verb: "help" }];
  for (const receptacle of here) {
    acts.push({ verb: "open", receptacle }, { verb: "close", receptacle }, { verb: "inspect", receptacle });
    for (const thing of world.contents(receptacle))
      acts.push({ verb: "take", thing, receptacle }, { verb: "use", thing });
    for (const thing of held) {
      acts.push({ verb: "put", thing, receptacle });
      for (const verb of Object.keys(TREATMENTS) as Treatment[]) acts.push({ verb, thing, receptacle });
    }
  }
  for (const knife of held) {
    acts.push({ verb: "examine", thing: knife });
    if (world.isKnife(knife)) room.things.forEach((_, thing) => acts.push({ verb: "slice", thing, knife }));
  }
  return acts.filter((act) => world.allows(act));
}

const goings = new WeakMap<Room, Map<number, readonly string[]>>();

/** `go to …` for every place but this: most of the list, and always the same in the same place. */
function goingFrom({ room, location }: World): readonly string[] {
  const known = goings.get(room) ?? new Map<number, readonly string[]>();
  goings.set(room, known);
  let commands = known.get(location);
  if (!commands) {
    commands = room.receptacles
      .flatMap((place, receptacle) =>
        place.location === undefined || place.location === location
          ? []
          : [writeCommand(room, { verb: "go", receptacle })],
      )
      .sort();
    known.set(location, commands);
  }
  return commands;
}

function onReceptacle(room: Room, verb: "go" | "open" | "close" | "inspect", name: string): Act | undefined {
  const receptacle = room.receptacleNamed.get(name);
  return receptacle === undefined ? undefined : { verb, receptacle };
}

function onThing(room: Room, verb: "use" | "examine", name: string): Act | undefined {
  const thing = room.thingNamed.get(name);
  return thing === undefined ? undefined : { verb, thing };
}

function onBoth(room: Room, verb: "take" | "put" | Treatment, words: string, joint: string): Act | undefined {
  const [first, second] = halves(words, joint);
  const thing = room.thingNamed.get(first);
  const receptacle = room.receptacleNamed.get(second);
  return thing === undefined || receptacle === undefined ? undefined : { verb, thing, receptacle };
}

function halves(words: string, joint: string): readonly [string, string] {
  const at = words.indexOf(joint);
  return at < 0 ? [words, ""] : [words.slice(0, at), words.slice(at + joint.length)];
}
