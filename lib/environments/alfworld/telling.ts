/** What the game says: the sentences of ALFWorld's grammar, in the words of either version of the library. */
import type { Wording } from "./room";
import type { Act, World } from "./world";

/** The answer to everything that is no admissible command, word for word. */
export const NOTHING_HAPPENS = "Nothing happens.";

const GREETING = "-= Welcome to TextWorld, ALFRED! =-";

/** Told by `help`, which alfworld has since 0.4. */
export const HELP = `Available commands:
  look:                             look around your current location
  inventory:                        check your current inventory
  go to (receptacle):               move to a receptacle
  open (receptacle):                open a receptacle
  close (receptacle):               close a receptacle
  take (object) from (receptacle):  take an object from a receptacle
  move (object) to (receptacle):  place an object in or on a receptacle
  examine (something):              examine a receptacle or an object
  use (object):                     use an object
  heat (object) with (receptacle):  heat an object using a receptacle
  clean (object) with (receptacle): clean an object using a receptacle
  cool (object) with (receptacle):  cool an object using a receptacle
  slice (object) with (object):     slice an object using a sharp object
`;

/** What the engine says before the first action. */
export function tellIntro(world: World): string {
  const { room } = world;
  const reachable = room.receptacles.filter(({ location }) => location !== undefined);
  const scene = world.here.length > 0 ? tellLook(world) : middleOfRoom(list(reachable.map(({ name }) => `a ${name}`)));
  return `${GREETING}\n\n${scene}\n\n${room.task}`;
}

/** What the engine says after `act`, which has been applied to the world. */
export function tell(world: World, act: Act): string {
  const { room } = world;
  const { wording } = room;
  switch (act.verb) {
    case "look":
      return tellLook(world);
    case "inventory":
      return world.handsFull ? `You are carrying: ${listThings(world, world.held)}.` : "You are not carrying anything.";
    case "help":
      return HELP;
    case "go": {
      const { name, location } = room.receptacles[act.receptacle];
      return `You arrive at ${wording === "put" ? room.places[location!].name : name}. ${tellReceptacle(world, act.receptacle)}`;
    }
    case "open":
      return `You open the ${room.receptacles[act.receptacle].name}. ${tellReceptacle(world, act.receptacle)}`;
    case "close":
      return `You close the ${room.receptacles[act.receptacle].name}.`;
    case "inspect":
      return tellReceptacle(world, act.receptacle);
    case "take":
      return `You pick up the ${room.things[act.thing].name} from the ${room.receptacles[act.receptacle].name}.`;
    case "put":
      return tellPut(wording, room.things[act.thing].name, room.receptacles[act.receptacle].name);
    case "clean":
    case "heat":
    case "cool":
      return `You ${act.verb} the ${room.things[act.thing].name} using the ${room.receptacles[act.receptacle].name}.`;
    case "use":
      // The original tests "was ever used" after the fact, so it never says "off".
      return `You turn on the ${room.things[act.thing].name}.`;
    case "slice":
      return `You sliced the ${room.things[act.thing].name} with the ${room.things[act.knife].name}.`;
    case "examine":
      return tellThing(world, act.thing);
  }
}

function tellPut(wording: Wording, thing: string, receptacle: string): string {
  return wording === "put"
    ? `You put the ${thing} in/on the ${receptacle}.`
    : `You move the ${thing} to the ${receptacle}.`;
}

function tellLook(world: World): string {
  const { room, here } = world;
  if (here.length === 0) return middleOfRoom("nothing");
  const floor = room.things.flatMap(({ name }, thing) =>
    world.isAt(thing, world.location)
      ? here.filter((near) => world.wasTakenOut(thing, near)).map(() => `a ${name}`)
      : [],
  );
  const facing = list(here.map((near) => room.receptacles[near].name));
  return `You are facing the ${facing}. Next to it, you see ${list(floor)}.`;
}

function middleOfRoom(seen: string): string {
  return `You are in the middle of a room. Looking quickly around you, you see ${seen}.`;
}

function tellReceptacle(world: World, receptacle: number): string {
  const { name, openable } = world.room.receptacles[receptacle];
  if (!openable) return `On the ${name}, you see ${listThings(world, world.contents(receptacle))}.`;
  if (!world.isOpened(receptacle)) return `The ${name} is closed.`;
  return `The ${name} is open. In it, you see ${listThings(world, world.contents(receptacle))}.`;
}

function tellThing(world: World, thing: number): string {
  const { name, abilities, inner } = world.room.things[thing];
  if (abilities.has("isreceptacleobject"))
    return `This is a normal ${name}. In it, you see ${listThings(world, inner)}.`;
  const looks = describeStates(world, thing);
  if (looks) return `This is a ${looks} ${name}.`;
  if (abilities.has("toggleable") && world.is(thing, "istoggled")) return `This ${name} is on.`;
  if (abilities.has("sliceable") && world.is(thing, "issliced")) return `This is a sliced ${name}.`;
  return `There's nothing special about ${name}.`;
}

/** Heat comes before cold and before cleanness; "cold" is said only of what is nothing else. */
function describeStates(world: World, thing: number): string | undefined {
  const clean = world.is(thing, "isclean");
  const hot = world.is(thing, "ishot");
  const cool = world.is(thing, "iscool");
  const sliced = world.is(thing, "issliced");
  if (!clean && !hot && !cool) return undefined;
  if (cool && !clean && !hot && !sliced) return "cold";
  const temperature = hot ? "hot" : cool ? "cool" : "";
  return [temperature, clean && temperature ? "and" : "", clean ? "clean" : "", sliced ? "sliced" : ""]
    .filter(Boolean)
    .join(" ");
}

function listThings(world: World, things: readonly number[]): string {
  return list(things.map((thing) => `a ${world.room.things[thing].name}`));
}

/** `a, b, and c`; also `a, and b`. */
function list(items: readonly string[]): string {
  if (items.length === 0) return "nothing";
  if (items.length === 1) return items[0];
  return `${items.slice(0, -1).join(", ")}, and ${items[items.length - 1]}`;
}
