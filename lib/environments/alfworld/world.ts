/** The state of a game and the rules that change it: ALFRED's PDDL actions as AgentGym's library grounds them. */
import type { Ability, Room, State } from "./room";

/** An action with its arguments: indices of a thing and a receptacle, of one of them, or of two things (slice). */
export type Act =
  | { readonly verb: "look" | "inventory" | "help" }
  | { readonly verb: "go" | "open" | "close" | "inspect"; readonly receptacle: number }
  | { readonly verb: "take" | "put" | Treatment; readonly thing: number; readonly receptacle: number }
  | { readonly verb: "use" | "examine"; readonly thing: number }
  | { readonly verb: "slice"; readonly thing: number; readonly knife: number };

export type Treatment = "clean" | "heat" | "cool";

/** What a treatment needs, does and undoes. */
export const TREATMENTS: {
  readonly [verb in Treatment]: {
    readonly ability: Ability;
    readonly tool: string;
    readonly makes: State;
    readonly undoes?: State;
  };
} = {
  clean: { ability: "cleanable", tool: "sinkbasintype", makes: "isclean" },
  heat: { ability: "heatable", tool: "microwavetype", makes: "ishot", undoes: "iscool" },
  cool: { ability: "coolable", tool: "fridgetype", makes: "iscool", undoes: "ishot" },
};

/** Whoever holds one of these can slice. */
const KNIVES = ["knifetype", "butterknifetype"];

export class World {
  location: number;
  /** Whether the hands are full: a fact of its own beside {@link held}. */
  handsFull: boolean;
  held: readonly number[];
  /** Grows whenever an action changes something that commands or texts depend on. */
  changes = 0;
  private readonly opened: Set<number>;
  private readonly contentsOf: (readonly number[])[];
  private readonly placesOf: (readonly number[])[];
  private readonly states: Set<State>[];
  /** Things that were taken out of a receptacle, as `thing * receptacles + receptacle`. */
  private readonly takenOut = new Set<number>();
  /** Receptacles whose contents an action has told. */
  private readonly inspected = new Set<number>();

  constructor(readonly room: Room) {
    const { start } = room;
    this.location = start.location;
    this.handsFull = start.handsFull;
    this.held = start.held;
    this.opened = new Set(start.opened);
    this.contentsOf = start.contents.slice();
    this.placesOf = start.places.slice();
    this.states = start.states.map((states) => new Set(states));
  }

  /** Another world in the same state, to think ahead in. */
  copy(): World {
    const copy = new World(this.room);
    copy.location = this.location;
    copy.handsFull = this.handsFull;
    copy.held = this.held;
    replace(copy.opened, this.opened);
    replace(copy.takenOut, this.takenOut);
    replace(copy.inspected, this.inspected);
    this.contentsOf.forEach((things, receptacle) => (copy.contentsOf[receptacle] = things));
    this.placesOf.forEach((places, thing) => (copy.placesOf[thing] = places));
    this.states.forEach((states, thing) => replace(copy.states[thing], states));
    return copy;
  }

  /** The receptacles within reach. */
  get here(): readonly number[] {
    return this.room.places[this.location].receptacles;
  }

  contents(receptacle: number): readonly number[] {
    return this.contentsOf[receptacle];
  }

  is(thing: number, state: State): boolean {
    return this.states[thing].has(state);
  }

  isOpened(receptacle: number): boolean {
    return this.opened.has(receptacle);
  }

  /** Whether one can see and reach into it. */
  isAccessible(receptacle: number): boolean {
    return !this.room.receptacles[receptacle].openable || this.opened.has(receptacle);
  }

  isHere(receptacle: number): boolean {
    return this.room.receptacles[receptacle].location === this.location;
  }

  isAt(thing: number, location: number): boolean {
    return this.placesOf[thing].includes(location);
  }

  /**
   * The fact `not_inreceptacle`, which the original notes for what was taken out and forgets when it is put back. It
   * is why `look` finds on the floor what has moved between two receptacles at the same place.
   */
  wasTakenOut(thing: number, receptacle: number): boolean {
    return this.takenOut.has(thing * this.room.receptacles.length + receptacle);
  }

  /** Whether some action has told the agent what is in the receptacle. */
  hasSeen(receptacle: number): boolean {
    return this.inspected.has(receptacle);
  }

  isKnife(thing: number): boolean {
    return this.room.things[thing].types.some((type) => KNIVES.includes(type));
  }

  /** Whether the rules allow the act now. */
  allows(act: Act): boolean {
    const { room } = this;
    switch (act.verb) {
      case "look":
      case "inventory":
        return true;
      case "help":
        return room.wording === "move";
      case "go": {
        const { location } = room.receptacles[act.receptacle];
        return location !== undefined && location !== this.location;
      }
      case "inspect":
        return this.isHere(act.receptacle);
      case "open":
      case "close":
        return (
          this.isHere(act.receptacle) &&
          room.receptacles[act.receptacle].openable &&
          this.opened.has(act.receptacle) === (act.verb === "close")
        );
      case "take":
        return (
          !this.handsFull &&
          this.can(act.thing, "pickupable") &&
          this.isHere(act.receptacle) &&
          this.isAccessible(act.receptacle) &&
          this.contentsOf[act.receptacle].includes(act.thing)
        );
      case "put":
        return (
          this.held.includes(act.thing) &&
          this.isHere(act.receptacle) &&
          this.isAccessible(act.receptacle) &&
          room.fits(act.thing, act.receptacle)
        );
      case "clean":
      case "heat":
      case "cool":
        return (
          this.held.includes(act.thing) &&
          this.can(act.thing, TREATMENTS[act.verb].ability) &&
          this.isHere(act.receptacle) &&
          room.receptacles[act.receptacle].types.includes(TREATMENTS[act.verb].tool)
        );
      case "use":
        return this.can(act.thing, "toggleable") && this.here.some((near) => this.contentsOf[near].includes(act.thing));
      case "slice":
        return (
          this.held.includes(act.knife) &&
          this.isKnife(act.knife) &&
          this.can(act.thing, "sliceable") &&
          this.isAt(act.thing, this.location)
        );
      case "examine":
        return this.held.includes(act.thing);
    }
  }

  /** Carries out an act that the rules allow. */
  apply(act: Act): void {
    switch (act.verb) {
      case "go":
        this.location = this.room.receptacles[act.receptacle].location!;
        this.see(act.receptacle);
        break;
      case "inspect":
        this.see(act.receptacle);
        return;
      case "open":
        this.opened.add(act.receptacle);
        this.see(act.receptacle);
        break;
      case "close":
        this.opened.delete(act.receptacle);
        break;
      case "take":
        this.take(act.thing, act.receptacle);
        break;
      case "put":
        this.put(act.thing, act.receptacle);
        break;
      case "clean":
      case "heat":
      case "cool": {
        const { makes, undoes } = TREATMENTS[act.verb];
        this.states[act.thing].add(makes);
        if (undoes) this.states[act.thing].delete(undoes);
        break;
      }
      case "use":
        if (!this.states[act.thing].delete("ison")) this.states[act.thing].add("ison");
        this.states[act.thing].add("istoggled");
        break;
      case "slice":
        this.states[act.thing].add("issliced");
        break;
      default:
        return;
    }
    this.changes++;
  }

  private can(thing: number, ability: Ability): boolean {
    return this.room.things[thing].abilities.has(ability);
  }

  private see(receptacle: number): void {
    if (this.isAccessible(receptacle)) this.inspected.add(receptacle);
  }

  private take(thing: number, receptacle: number): void {
    this.contentsOf[receptacle] = without(this.contentsOf[receptacle], thing);
    this.placesOf[thing] = without(this.placesOf[thing], this.location);
    this.takenOut.add(thing * this.room.receptacles.length + receptacle);
    this.held = including(this.held, thing);
    this.handsFull = true;
  }

  private put(thing: number, receptacle: number): void {
    this.contentsOf[receptacle] = including(this.contentsOf[receptacle], thing);
    this.placesOf[thing] = including(this.placesOf[thing], this.location);
    this.takenOut.delete(thing * this.room.receptacles.length + receptacle);
    this.held = without(this.held, thing);
    this.handsFull = false;
  }
}

function replace<T>(target: Set<T>, source: ReadonlySet<T>): void {
  target.clear();
  for (const item of source) target.add(item);
}

function without(list: readonly number[], item: number): readonly number[] {
  return list.filter((other) => other !== item);
}

/** Ascending, each once. */
function including(list: readonly number[], item: number): readonly number[] {
  if (list.includes(item)) return list;
  const end = list.findIndex((other) => other > item);
  return end < 0 ? [...list, item] : [...list.slice(0, end), item, ...list.slice(end)];
}
