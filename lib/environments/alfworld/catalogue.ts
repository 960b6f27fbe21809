/**
 * What stands in our rooms and what lies about in them. The classes and what can be done with them are ALFRED's; which
 * go together, how many there are and where they usually lie are our own tables.
 */
import type { Ability } from "./room";

export const ROOM_KINDS = ["kitchen", "livingroom", "bedroom", "bathroom"] as const;
export type RoomKind = (typeof ROOM_KINDS)[number];

/** Receptacles of each kind of room: class, fewest, most. */
export const FURNITURE: {
  readonly [room in RoomKind]: readonly (readonly [type: string, min: number, max: number])[];
} = {
  kitchen: [
    ["countertop", 1, 2],
    ["diningtable", 0, 1],
    ["sidetable", 0, 1],
    ["shelf", 0, 1],
    ["cabinet", 2, 3],
    ["drawer", 1, 3],
    ["fridge", 1, 1],
    ["microwave", 1, 1],
    ["sinkbasin", 1, 1],
    ["stoveburner", 1, 2],
    ["garbagecan", 1, 1],
    ["coffeemachine", 1, 1],
    ["toaster", 0, 1],
  ],
  livingroom: [
    ["sofa", 1, 1],
    ["armchair", 1, 2],
    ["coffeetable", 1, 1],
    ["sidetable", 1, 2],
    ["shelf", 0, 2],
    ["dresser", 0, 1],
    ["tvstand", 0, 1],
    ["drawer", 1, 3],
    ["ottoman", 0, 1],
    ["safe", 0, 1],
    ["garbagecan", 1, 1],
  ],
  bedroom: [
    ["bed", 1, 1],
    ["desk", 1, 1],
    ["sidetable", 1, 2],
    ["dresser", 0, 1],
    ["shelf", 0, 2],
    ["drawer", 2, 4],
    ["armchair", 0, 1],
    ["safe", 0, 1],
    ["garbagecan", 1, 1],
  ],
  bathroom: [
    ["countertop", 1, 1],
    ["sinkbasin", 1, 2],
    ["toilet", 1, 1],
    ["toiletpaperhanger", 1, 1],
    ["towelholder", 1, 1],
    ["handtowelholder", 1, 1],
    ["bathtubbasin", 0, 1],
    ["cart", 0, 1],
    ["shelf", 0, 1],
    ["cabinet", 2, 3],
    ["drawer", 0, 2],
    ["garbagecan", 1, 1],
  ],
};

/** Receptacles that are used alike and may take each other's names. Any other class is a group of its own. */
export const RECEPTACLE_GROUPS: { readonly [group: string]: readonly string[] } = {
  surface: ["countertop", "diningtable", "sidetable", "coffeetable", "desk", "dresser", "shelf", "tvstand", "cart"],
  storage: ["cabinet", "drawer"],
  seat: ["sofa", "armchair", "ottoman"],
};

/** Share of the receptacles of a class that can be opened and closed; 0 for the others. */
export const OPENABLE: { readonly [type: string]: number } = {
  fridge: 1,
  microwave: 1,
  safe: 1,
  drawer: 1,
  cabinet: 0.8,
};

/** Things lying about besides those the goal speaks of. */
export const CLUTTER = 16;

/** How many things a receptacle holds at the start; {@link DEFAULT_SPACE} for the others. */
export const SPACE: { readonly [type: string]: number } = {
  coffeemachine: 1,
  toaster: 0,
  stoveburner: 1,
  toiletpaperhanger: 1,
  towelholder: 1,
  handtowelholder: 1,
  microwave: 1,
};
export const DEFAULT_SPACE = 5;

/** Things that are alike: they can be treated in the same way, lie in the same places and may take each other's names. */
export interface Kind {
  readonly types: readonly string[];
  readonly abilities: readonly Ability[];
  readonly rooms: readonly RoomKind[];
  /** Receptacle classes that can contain it, by group the most usual first. */
  readonly where: readonly string[];
}

const SHORT: { readonly [word: string]: Ability } = {
  clean: "cleanable",
  heat: "heatable",
  cool: "coolable",
  slice: "sliceable",
  vessel: "isreceptacleobject",
};

function kind(types: string, abilities: string, rooms: string, where: string): Kind {
  const words = (text: string): string[] => text.split(" ").filter(Boolean);
  return {
    types: words(types),
    abilities: ["pickupable", ...words(abilities).map((word) => SHORT[word])],
    rooms: words(rooms) as RoomKind[],
    where: words(where),
  };
}

export const KINDS: readonly Kind[] = [
  kind(
    "apple egg potato tomato",
    "clean heat cool slice",
    "kitchen",
    "countertop diningtable sidetable fridge sinkbasin microwave garbagecan",
  ),
  kind("lettuce", "clean cool slice", "kitchen", "countertop diningtable sidetable fridge sinkbasin garbagecan"),
  kind("bread", "heat cool slice", "kitchen", "countertop diningtable sidetable fridge microwave garbagecan"),
  kind(
    "cup plate",
    "clean heat cool vessel",
    "kitchen",
    "countertop diningtable sidetable shelf cabinet sinkbasin fridge microwave",
  ),
  kind(
    "mug",
    "clean heat cool vessel",
    "kitchen",
    "countertop diningtable sidetable shelf coffeemachine cabinet sinkbasin fridge microwave",
  ),
  kind("pan pot", "clean cool vessel", "kitchen", "stoveburner countertop diningtable cabinet sinkbasin fridge"),
  kind("bowl", "clean cool vessel", "kitchen", "countertop diningtable sidetable shelf cabinet sinkbasin fridge"),
  kind("kettle", "clean", "kitchen", "stoveburner countertop diningtable shelf cabinet sinkbasin"),
  kind(
    "butterknife fork knife ladle spatula spoon",
    "clean",
    "kitchen",
    "drawer countertop diningtable sidetable sinkbasin",
  ),
  kind("peppershaker saltshaker", "", "kitchen", "countertop diningtable sidetable shelf cabinet drawer"),
  kind("winebottle", "cool", "kitchen", "countertop diningtable shelf fridge cabinet garbagecan"),
  kind("dishsponge", "clean", "kitchen", "sinkbasin countertop cabinet drawer garbagecan"),
  kind("soapbottle spraybottle", "", "kitchen bathroom", "countertop shelf cart cabinet drawer toilet garbagecan"),
  kind(
    "cloth soapbar",
    "clean",
    "bathroom",
    "countertop shelf cart sinkbasin cabinet drawer bathtubbasin toilet garbagecan",
  ),
  kind("toiletpaper", "", "bathroom", "toilet countertop shelf cart toiletpaperhanger cabinet drawer garbagecan"),
  kind("tissuebox", "", "livingroom bathroom", "coffeetable sidetable countertop dresser shelf cart tvstand toilet"),
  kind("handtowel", "", "bathroom", "handtowelholder countertop shelf cart cabinet"),
  kind("towel", "", "bathroom", "towelholder"),
  kind(
    "candle",
    "",
    "livingroom bathroom",
    "countertop coffeetable sidetable dresser shelf cart toilet cabinet drawer",
  ),
  kind(
    "cellphone creditcard keychain",
    "",
    "livingroom bedroom",
    "sidetable desk dresser coffeetable shelf drawer sofa armchair safe",
  ),
  kind("watch", "", "livingroom bedroom", "sidetable desk dresser coffeetable shelf drawer safe"),
  kind("cd", "", "bedroom", "desk sidetable dresser shelf drawer safe garbagecan"),
  kind("pen pencil", "", "bedroom", "desk sidetable dresser shelf drawer garbagecan"),
  kind(
    "book newspaper",
    "",
    "livingroom bedroom",
    "desk coffeetable sidetable dresser shelf bed sofa armchair ottoman drawer",
  ),
  kind("laptop", "", "livingroom bedroom", "desk coffeetable dresser bed sofa armchair ottoman"),
  kind("pillow", "", "livingroom bedroom", "bed sofa armchair ottoman"),
  kind("remotecontrol", "", "livingroom", "sofa armchair ottoman coffeetable sidetable dresser tvstand drawer"),
  kind("statue vase", "", "livingroom", "coffeetable sidetable dresser shelf tvstand safe"),
  kind("box", "vessel", "livingroom", "sofa armchair ottoman coffeetable dresser shelf"),
  kind("baseballbat basketball tennisracket", "", "bedroom", "bed desk dresser"),
  kind("alarmclock", "", "bedroom", "desk sidetable dresser shelf"),
];

/** The receptacle that each treatment needs. */
export const TOOLS = { clean: "sinkbasin", heat: "microwave", cool: "fridge" } as const;

/** The only thing that is used where it stands. */
export const LAMP = "desklamp";
export const LAMP_PLACES: readonly string[] = ["desk", "sidetable", "dresser", "coffeetable", "shelf"];
export const LAMP_ROOMS: readonly RoomKind[] = ["livingroom", "bedroom"];

const kindOf = new Map(KINDS.flatMap((k) => k.types.map((type) => [type, k] as const)));
const groupOf = new Map(Object.entries(RECEPTACLE_GROUPS).flatMap(([group, types]) => types.map((t) => [t, group])));

/** The kind of a class of things, if it is one of ours. */
export function kindOfThing(type: string): Kind | undefined {
  return kindOf.get(type);
}

/** The group of a class of receptacles. */
export function receptacleGroup(type: string): string {
  return groupOf.get(type) ?? type;
}

/** Groups of receptacles in which things of a class usually lie, the most usual first. */
export function usualGroups(type: string): readonly string[] {
  const where = type === LAMP ? LAMP_PLACES : kindOf.get(type)?.where;
  return where ? [...new Set(where.map(receptacleGroup))] : UNKNOWN_GROUPS;
}

/** Where to look for what the tables do not know. */
const UNKNOWN_GROUPS: readonly string[] = ["surface", "bed", "seat", "sinkbasin", "storage", "fridge", "toilet"];

/** Every class of things and of receptacles that may appear. */
export const THING_TYPES: readonly string[] = [...kindOf.keys(), LAMP].sort();
export const RECEPTACLE_TYPES: readonly string[] = [
  ...new Set(Object.values(FURNITURE).flatMap((list) => list.map(([type]) => type))),
].sort();
