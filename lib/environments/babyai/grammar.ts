/** Missions drawn from the whole grammar of the baby language (Minigrid's LevelGen; levels 8, 19 and 35 to 40). */
import { Description, LOCATIONS } from "./description";
import { After, And, Before, GoTo, type Instruction, Open, PickUp, PutNext } from "./instruction";
import type { Mission, MissionContext } from "./level";
import { REJECTED, type RoomGrid } from "./room-grid";
import type { Color, Kind } from "./world";

const ACTIONS = ["goto", "pickup", "open", "putnext"] as const;
const FORMS = ["action", "and", "seq"] as const;
type Form = (typeof FORMS)[number];

export interface Grammar {
  readonly actions?: readonly (typeof ACTIONS)[number][];
  readonly forms?: readonly Form[];
  readonly distractors?: number;
  /** Probability that one room is locked. */
  readonly locked?: number;
  /** Whether things may be described by where they are. */
  readonly locations?: boolean;
  /** Whether things may block the way. */
  readonly unblocking?: boolean;
  /** Whether the mission may be about things that are all behind the locked door. */
  readonly implicitUnlock?: boolean;
}

const ANY_COLOR: readonly (Color | undefined)[] = [undefined, "blue", "green", "grey", "purple", "red", "yellow"];
const ANY_KIND: readonly Kind[] = ["box", "ball", "key", "door"];
const NOT_DOOR: readonly Kind[] = ["box", "ball", "key"];
const MAX_DESCRIPTIONS = 101;

export function fromGrammar(grammar: Grammar): Mission {
  const { distractors = 18, locked = 0.5, unblocking = true } = grammar;
  return (maze, context) => {
    if (maze.random.uniform() < locked) addLockedRoom(maze, context);
    maze.connectAll();
    maze.addDistractors(distractors, false);
    do maze.placeAgent();
    while (maze.roomAt(maze.agent.x, maze.agent.y) === context.lockedRoom);
    if (!unblocking) maze.requireAllReachable();
    return new Speaker(maze, context, grammar).instruction();
  };
}

/** Locks one room and puts the key elsewhere. The room stays noted when this or a later draft is rejected. */
function addLockedRoom(maze: RoomGrid, context: MissionContext): void {
  const drawRoom = (): [number, number] => [maze.randomColumn(), maze.randomRow()];
  for (;;) {
    const [i, j] = drawRoom();
    const side = maze.random.integer(0, 4);
    context.lockedRoom = maze.rooms[i][j];
    if (!context.lockedRoom.neighbors[side]) continue;
    const door = maze.addDoor(i, j, side, undefined, true);
    let [keyI, keyJ] = drawRoom();
    while (maze.rooms[keyI][keyJ] === context.lockedRoom) [keyI, keyJ] = drawRoom();
    maze.addObject(keyI, keyJ, "key", door.color);
    return;
  }
}

class Speaker {
  constructor(
    private readonly maze: RoomGrid,
    private readonly context: MissionContext,
    private readonly grammar: Grammar,
  ) {}

  instruction(forms: readonly Form[] = this.grammar.forms ?? FORMS): Instruction {
    const { random } = this.maze;
    const form = random.pick(forms);
    if (form === "action") return this.action();
    if (form === "and") return new And(this.action(), this.action());
    const first = this.instruction(["action", "and"]);
    const second = this.instruction(["action", "and"]);
    return random.pick([Before, After].map((Order) => new Order(first, second)));
  }

  private action(): Instruction {
    switch (this.maze.random.pick(this.grammar.actions ?? ACTIONS)) {
      case "goto":
        return new GoTo(this.description(ANY_KIND));
      case "pickup":
        return new PickUp(this.description(NOT_DOOR));
      case "open":
        return new Open(this.description(["door"]));
      case "putnext":
        return new PutNext(this.description(NOT_DOOR), this.description(ANY_KIND));
    }
  }

  /** A description that fits something in the maze, and something outside the locked room if that is asked for. */
  private description(kinds: readonly Kind[]): Description {
    const { maze, context, grammar } = this;
    const { locations = true, implicitUnlock = true } = grammar;
    for (let attempt = 0; attempt < MAX_DESCRIPTIONS; attempt++) {
      const color = maze.random.pick(ANY_COLOR);
      const kind = maze.random.pick(kinds);
      const location = locations && maze.random.boolean() ? maze.random.pick(LOCATIONS) : undefined;
      const description = new Description(kind, color, location);
      description.find(maze);
      const allowed =
        implicitUnlock || !context.lockedRoom
          ? description.places
          : description.places.filter(({ x, y }) => !context.lockedRoom!.contains(x, y));
      if (allowed.length > 0) return description;
    }
    throw REJECTED;
  }
}
