/**
 * An expert that looks for things where they usually lie, remembers what it has seen, and says so.
 *
 * It knows the contents of those receptacles only that the game has told. When looking further would cost more turns than
 * are left it goes straight to what it needs, so that every task is solved within `maxTurns`.
 */
import type { Advice, Expert } from "../../types";
import { usualGroups, receptacleGroup } from "./catalogue";
import { writeCommand } from "./commands";
import type { AlfWorldEnvironment } from "./environment";
import type { Game } from "./game";
import { TREATMENT_OF, type GoalSummary } from "./goal";
import { classOfName } from "./names";
import type { Ability, Room } from "./room";
import { TREATMENTS, type Act, type World } from "./world";

/** A step and why; `guess` marks a look into the unknown. */
interface Move {
  readonly thought: string;
  readonly act: Act;
  readonly guess?: boolean;
}

/** The expert for a running game; its advice ends when the game does, or when the goal is beyond reach. */
export function alfWorldExpert(environment: AlfWorldEnvironment, maxTurns: number): Expert {
  return {
    next(): Advice | undefined {
      const { world, game } = environment;
      const { goal } = game;
      if (environment.isDone || !goal) return undefined;
      const seen = (receptacle: number): boolean => world.hasSeen(receptacle);
      let move = new Planner(world, goal, seen).next();
      // A guess costs a turn and may lead one turn further away.
      if (move?.guess && planLength(game, world) + 2 > maxTurns - environment.steps)
        move = new Planner(world, goal, () => true).next() ?? move;
      if (!move) return undefined;
      const opening = environment.steps === 0 ? `My task is to ${taskOf(world)}. ` : "";
      return { thought: opening + move.thought, action: writeCommand(world.room, move.act) };
    },
  };
}

/** Turns to the goal for one who knows where everything is; Infinity if it is beyond reach. */
export function planLength(game: Game, world: World): number {
  const ahead = world.copy();
  for (let turns = 0; game.goal && turns <= 100; turns++) {
    if (game.isWon(ahead)) return turns;
    const move = new Planner(ahead, game.goal, () => true).next();
    if (!move) break;
    ahead.apply(move.act);
  }
  return Infinity;
}

/** `put a hot potato in sinkbasin`, out of the sentence in the first observation. */
function taskOf(world: World): string {
  return world.room.task.replace(/^Your task is to: /, "").replace(/\.$/, "");
}

/** Decides one step from a state of the world and the receptacles whose contents are known. */
class Planner {
  private readonly room: Room;

  constructor(
    private readonly world: World,
    private readonly goal: GoalSummary,
    private readonly knows: (receptacle: number) => boolean,
  ) {
    this.room = world.room;
  }

  next(): Move | undefined {
    const [held] = this.world.held;
    if (held !== undefined && !this.isWanted(held)) return this.putAway(held);
    return this.goal.taskType === "look_at_obj_in_light" ? this.look(held) : this.bring(held);
  }

  /** Fetch the thing, treat it, put it into the target; twice if two are asked for. */
  private bring(held: number | undefined): Move | undefined {
    const target = this.chooseTarget();
    if (target === undefined) return undefined;
    if (held === undefined) {
      const placed = this.world.contents(target).find((thing) => this.isWanted(thing) && this.isReady(thing));
      const need =
        placed === undefined
          ? `I need a ${this.goal.object}.`
          : `${this.thing(placed)} is in ${this.receptacle(target)}. I need another ${this.goal.object}.`;
      return this.fetch(need, target);
    }
    return this.isReady(held) ? this.deliver(held, target) : this.treat(held);
  }

  /** Fetch the thing, go to the lamp, switch it on. */
  private look(held: number | undefined): Move | undefined {
    if (held === undefined) return this.fetch(`I need a ${this.goal.object}.`);
    const have = `I have ${this.thing(held)}.`;
    const lamp = this.find((thing) => this.isOf(thing, this.goal.target) && this.can(thing, "toggleable"));
    if (!lamp) return this.search(`${have} I need a ${this.goal.target}.`, this.goal.target);
    const name = this.thing(lamp.thing);
    if (this.world.isHere(lamp.receptacle))
      return { thought: `${have} ${name} is here. I use it.`, act: { verb: "use", thing: lamp.thing } };
    return this.go(`${have} ${name} is at ${this.receptacle(lamp.receptacle)}.`, lamp.receptacle);
  }

  private fetch(need: string, except?: number): Move | undefined {
    const found = this.find(
      (thing, receptacle) => this.isWanted(thing) && !(receptacle === except && this.isReady(thing)),
    );
    if (!found) return this.search(need, this.goal.object);
    const { thing, receptacle } = found;
    const fact = `${need} ${this.thing(thing)} is at ${this.receptacle(receptacle)}.`;
    return (
      this.approach(fact, receptacle) ?? { thought: `${fact} I take it.`, act: { verb: "take", thing, receptacle } }
    );
  }

  private treat(held: number): Move | undefined {
    const verb = TREATMENT_OF[this.goal.taskType]!;
    const tool = this.lowestNumbered(TREATMENTS[verb].tool);
    if (tool === undefined) return undefined;
    const thought = `I have ${this.thing(held)}. I must ${verb} it with ${this.receptacle(tool)}.`;
    if (!this.world.isHere(tool)) return this.go(thought, tool);
    return { thought, act: { verb, thing: held, receptacle: tool } };
  }

  private deliver(held: number, target: number): Move {
    const treatment = TREATMENT_OF[this.goal.taskType];
    const adjective = treatment && TREATMENTS[treatment].makes.slice("is".length);
    const have = adjective ? `${this.thing(held)} is ${adjective}.` : `I have ${this.thing(held)}.`;
    const thought = `${have} I must put it in ${this.receptacle(target)}.`;
    return this.approach(thought, target) ?? { thought, act: { verb: "put", thing: held, receptacle: target } };
  }

  /** Gets rid of what is in the way: here if possible, else in the next best place. */
  private putAway(held: number): Move | undefined {
    const { world, room } = this;
    const fitting = room.receptacles.flatMap(({ location }, r) =>
      location !== undefined && room.fits(held, r) ? [r] : [],
    );
    const place =
      fitting.find((r) => world.isHere(r) && world.isAccessible(r)) ??
      fitting.find((r) => world.isAccessible(r)) ??
      fitting[0];
    if (place === undefined) return undefined;
    const thought = `I have ${this.thing(held)}, but I need a ${this.goal.object}. I put it in ${this.receptacle(place)}.`;
    return this.approach(thought, place) ?? { thought, act: { verb: "put", thing: held, receptacle: place } };
  }

  /** The next receptacle in which nobody has looked, usual places first. */
  private search(need: string, type: string): Move | undefined {
    const { room } = this;
    const usual = usualGroups(type);
    const rank = (receptacle: number): number => {
      const position = usual.indexOf(receptacleGroup(classOfName(room.receptacles[receptacle].name)));
      return position < 0 ? usual.length : position;
    };
    const unknown = room.receptacles.flatMap(({ location }, r) =>
      location !== undefined && !this.knows(r) ? [r] : [],
    );
    if (unknown.length === 0) return undefined;
    const best = unknown.reduce((a, b) => (rank(b) < rank(a) ? b : a));
    const fact = `${need} I have not looked in ${this.receptacle(best)}.`;
    const move = this.approach(fact, best) ?? { thought: fact, act: { verb: "inspect", receptacle: best } as const };
    return { ...move, guess: true };
  }

  /** What is missing to reach into a receptacle: to go there, or to open it. */
  private approach(fact: string, receptacle: number): Move | undefined {
    if (!this.world.isHere(receptacle)) return this.go(fact, receptacle);
    if (this.world.isAccessible(receptacle)) return undefined;
    return { thought: `${fact} It is closed.`, act: { verb: "open", receptacle } };
  }

  private go(fact: string, receptacle: number): Move {
    return { thought: fact, act: { verb: "go", receptacle } };
  }

  /** A thing in a known receptacle, here if possible. */
  private find(
    test: (thing: number, receptacle: number) => boolean,
  ): { readonly thing: number; readonly receptacle: number } | undefined {
    const { world, room } = this;
    const elsewhere = room.receptacles.flatMap(({ location }, r) =>
      location === undefined || world.isHere(r) ? [] : [r],
    );
    for (const receptacle of [...world.here, ...elsewhere])
      if (this.knows(receptacle))
        for (const thing of world.contents(receptacle)) if (test(thing, receptacle)) return { thing, receptacle };
    return undefined;
  }

  /** Where the first of two went, or the target with the number 1. */
  private chooseTarget(): number | undefined {
    const { world, room, goal } = this;
    const started =
      goal.taskType === "pick_two_obj_and_place"
        ? room.receptacles.findIndex(
            ({ types, location }, r) =>
              location !== undefined &&
              types.includes(`${goal.target}type`) &&
              this.knows(r) &&
              world.contents(r).some((thing) => this.isWanted(thing)),
          )
        : -1;
    return started >= 0 ? started : this.lowestNumbered(`${goal.target}type`);
  }

  /** Numbers fall along the list, so the last of a class has its lowest number. */
  private lowestNumbered(type: string): number | undefined {
    const { receptacles } = this.room;
    for (let r = receptacles.length - 1; r >= 0; r--)
      if (receptacles[r].location !== undefined && receptacles[r].types.includes(type)) return r;
    return undefined;
  }

  private isWanted(thing: number): boolean {
    const treatment = TREATMENT_OF[this.goal.taskType];
    return (
      this.isOf(thing, this.goal.object) &&
      this.can(thing, "pickupable") &&
      (!treatment || this.can(thing, TREATMENTS[treatment].ability))
    );
  }

  private isReady(thing: number): boolean {
    const treatment = TREATMENT_OF[this.goal.taskType];
    return !treatment || this.world.is(thing, TREATMENTS[treatment].makes);
  }

  private isOf(thing: number, type: string): boolean {
    return this.room.things[thing].types.includes(`${type}type`);
  }

  private can(thing: number, ability: Ability): boolean {
    return this.room.things[thing].abilities.has(ability);
  }

  private thing(index: number): string {
    return this.room.things[index].name;
  }

  private receptacle(index: number): string {
    return this.room.receptacles[index].name;
  }
}
