/** The missions of the levels that have a pattern of their own. Each draws in the order of its Minigrid class. */
import { Description, LOCATIONS } from "./description";
import { After, Before, GoTo, Open, PickUp, PutNext } from "./instruction";
import type { Mission, MissionContext } from "./level";
import { REJECTED, type RoomGrid } from "./room-grid";
import { type Color, Thing } from "./world";

const SORTED_COLORS: readonly Color[] = ["blue", "green", "grey", "purple", "red", "yellow"];
const MIDDLE = { i: 1, j: 1 } as const;

const like = (thing: Thing): Description => new Description(thing.kind, thing.color);

// ---- go to ----

export const goToRedBall =
  (distractors: number, color?: Color): Mission =>
  (maze) => {
    maze.placeAgent();
    maze.addObject(0, 0, "ball", "red");
    for (const thing of maze.addDistractors(distractors, false)) thing.change(color ?? thing.color, thing.state);
    maze.requireAllReachable();
    return new GoTo(new Description("ball", "red"));
  };

export const goToObject: Mission = (maze) => {
  maze.placeAgent();
  return new GoTo(like(maze.addDistractors(1, true)[0]));
};

export const goToLocal =
  (distractors: number): Mission =>
  (maze) => {
    maze.placeAgent();
    const things = maze.addDistractors(distractors, false);
    maze.requireAllReachable();
    return new GoTo(like(maze.random.pick(things)));
  };

export const goToInMaze =
  (distractors: number): Mission =>
  (maze) => {
    maze.placeAgent();
    maze.connectAll();
    const things = maze.addDistractors(distractors, false);
    maze.requireAllReachable();
    return new GoTo(like(maze.random.pick(things)));
  };

export const goToRedOrBlueBall: Mission = (maze) => {
  maze.placeAgent();
  const things = maze.addDistractors(7, false);
  if (things.some(({ kind, color }) => kind === "ball" && (color === "blue" || color === "red"))) throw REJECTED;
  const ball = maze.addObject(0, 0, "ball", maze.random.pick(["red", "blue"] as const));
  maze.requireAllReachable();
  return new GoTo(like(ball));
};

export const goToDoor: Mission = (maze) => {
  const doors = Array.from({ length: 4 }, () => maze.addDoor(1, 1));
  maze.placeAgent(MIDDLE);
  return new GoTo(like(maze.random.pick(doors)));
};

export const goToObjectOrDoor: Mission = (maze) => {
  maze.placeAgent(MIDDLE);
  const things = maze.addDistractors(8, false, MIDDLE);
  for (let k = 0; k < 4; k++) things.push(maze.addDoor(1, 1));
  maze.requireAllReachable();
  return new GoTo(like(maze.random.pick(things)));
};

// ---- locked rooms ----

/**
 * Locks a room and puts its key somewhere. Known fault of the original: it compares room numbers by identity, which
 * never holds for numpy's integers. So the key may lie inside the locked room, and things lie there too.
 */
function lockRoom(maze: RoomGrid, { fidelity }: MissionContext): { i: number; j: number; door: Thing } {
  const i = maze.randomColumn();
  const j = maze.randomRow();
  const door = maze.addDoor(i, j, undefined, undefined, true);
  let keyI = maze.randomColumn();
  let keyJ = maze.randomRow();
  while (fidelity === "repaired" && keyI === i && keyJ === j) {
    keyI = maze.randomColumn();
    keyJ = maze.randomRow();
  }
  maze.addObject(keyI, keyJ, "key", door.color);
  return { i, j, door };
}

/** Fills all rooms, in the repaired form all but the locked one, and places the agent outside it. */
function fillAround(maze: RoomGrid, { fidelity }: MissionContext, i: number, j: number, distractors: number): void {
  const locked = maze.rooms[i][j];
  maze.rooms.forEach((column, x) =>
    column.forEach((room, y) => {
      if (fidelity === "original" || room !== locked) maze.addDistractors(distractors, false, { i: x, j: y });
    }),
  );
  do maze.placeAgent();
  while (maze.roomAt(maze.agent.x, maze.agent.y) === locked);
  maze.requireAllReachable();
}

export const goToBehindLock: Mission = (maze, context) => {
  const { i, j } = lockRoom(maze, context);
  maze.connectAll();
  fillAround(maze, context, i, j, 2);
  return new GoTo(like(maze.addDistractors(1, false, { i, j })[0]));
};

export const unlock: Mission = (maze, context) => {
  const { i, j, door } = lockRoom(maze, context);
  const onlyDoorOfItsColor = maze.random.boolean();
  maze.connectAll(onlyDoorOfItsColor ? SORTED_COLORS.filter((color) => color !== door.color) : SORTED_COLORS);
  fillAround(maze, context, i, j, 3);
  return new Open(like(door));
};

export const unlockLocal: Mission = (maze) => {
  const door = maze.addDoor(1, 1, undefined, undefined, true);
  maze.addObject(1, 1, "key", door.color);
  maze.addDistractors(3, true, MIDDLE);
  maze.placeAgent(MIDDLE);
  return new Open(new Description("door"));
};

export const keyInBox: Mission = (maze) => {
  const door = maze.addDoor(1, 1, undefined, undefined, true);
  maze.place(1, 1, new Thing("box", maze.random.color(), "open", new Thing("key", door.color)));
  maze.placeAgent(MIDDLE);
  return new Open(new Description("door"));
};

export const unlockPickup: Mission = (maze) => {
  const box = maze.addObject(1, 0, "box");
  const door = maze.addDoor(0, 0, 0, undefined, true);
  maze.addObject(0, 0, "key", door.color);
  maze.addDistractors(4, true);
  maze.placeAgent({ i: 0, j: 0 });
  return new PickUp(like(box));
};

export const blockedUnlockPickup: Mission = (maze) => {
  maze.addObject(1, 0, "box");
  const door = maze.addDoor(0, 0, 0, undefined, true);
  maze.grid.put(door.x - 1, door.y, new Thing("ball", maze.random.color()));
  maze.addObject(0, 0, "key", door.color);
  maze.placeAgent({ i: 0, j: 0 });
  return new PickUp(new Description("box"));
};

export const unlockToUnlock: Mission = (maze) => {
  const [left, right] = maze.random.subset(SORTED_COLORS, 2);
  maze.addDoor(0, 0, 0, left, true);
  maze.addObject(2, 0, "key", left);
  maze.addDoor(1, 0, 0, right, true);
  maze.addObject(1, 0, "key", right);
  maze.addObject(0, 0, "ball");
  maze.placeAgent({ i: 1, j: 0 });
  return new PickUp(new Description("ball"));
};

export const keyCorridor: Mission = (maze) => {
  for (let j = 1; j < maze.layout.rows; j++) maze.removeWall(1, j, 3);
  const row = maze.randomRow();
  const door = maze.addDoor(2, row, 2, undefined, true);
  maze.addObject(2, row, "ball");
  maze.addObject(0, maze.randomRow(), "key", door.color);
  maze.placeAgent({ i: 1, j: Math.floor(maze.layout.rows / 2) });
  maze.connectAll();
  return new PickUp(new Description("ball"));
};

// ---- open ----

export const openAny: Mission = (maze) => {
  maze.placeAgent();
  maze.connectAll();
  maze.addDistractors(18, false);
  maze.requireAllReachable();
  // Room by room, so that a door between two rooms is in the list twice.
  const doors = maze.rooms.flat().flatMap((room) => room.doors.filter((door) => door instanceof Thing));
  return new Open(like(maze.random.pick(doors)));
};

export const openRedDoor: Mission = (maze) => {
  maze.addDoor(0, 0, 0, "red", false);
  maze.placeAgent({ i: 0, j: 0 });
  return new Open(new Description("door", "red"));
};

export const openDoorByLocation: Mission = (maze) => {
  maze.random.subset(SORTED_COLORS, 4).forEach((color, side) => maze.addDoor(1, 1, side, color, false));
  const location = maze.random.pick(LOCATIONS);
  maze.placeAgent(MIDDLE);
  return new Open(new Description("door", undefined, location));
};

export const openRedThenBlue: Mission = (maze) => {
  maze.random.subset(SORTED_COLORS, 2);
  maze.addDoor(1, 1, 2, "red", false);
  maze.addDoor(1, 1, 0, "blue", false);
  maze.placeAgent(MIDDLE);
  return new Before(new Open(new Description("door", "red"), true), new Open(new Description("door", "blue")));
};

export const openInOrder: Mission = (maze, { fidelity }) => {
  const doors = maze.random.subset(SORTED_COLORS, 4).map((color) => maze.addDoor(1, 1, undefined, color, false));
  maze.placeAgent(MIDDLE);
  const [first, second] = maze.random.subset(doors, 2).map((door) => new Open(like(door), true));
  const forgiving = fidelity === "repaired";
  return [first, new Before(first, second, forgiving), new After(first, second, forgiving)][maze.random.integer(0, 3)];
};

// ---- pick up ----

export const pickup: Mission = (maze) => {
  maze.placeAgent();
  maze.connectAll();
  const things = maze.addDistractors(18, false);
  maze.requireAllReachable();
  return new PickUp(like(maze.random.pick(things)));
};

export const unblockPickup: Mission = (maze) => {
  maze.placeAgent();
  maze.connectAll();
  const things = maze.addDistractors(20, false);
  if (maze.allReachable()) throw REJECTED;
  return new PickUp(like(maze.random.pick(things)));
};

export const pickupDistinct: Mission = (maze) => {
  const things = maze.addDistractors(5, true);
  maze.placeAgent({ i: 0, j: 0 });
  const { kind, color } = maze.random.pick(things);
  const by = maze.random.pick(["type", "color", "both"]);
  const description = new Description(by === "color" ? undefined : kind, by === "type" ? undefined : color);
  return new PickUp(description, true);
};

export const pickupAbove: Mission = (maze) => {
  const thing = maze.addObject(1, 0);
  maze.addDoor(1, 1, 3, undefined, false);
  maze.placeAgent(MIDDLE);
  maze.connectAll();
  return new PickUp(like(thing));
};

export const findObject: Mission = (maze) => {
  const i = maze.randomRow();
  const { kind } = maze.addObject(i, maze.randomColumn());
  maze.placeAgent(MIDDLE);
  maze.connectAll();
  return new PickUp(new Description(kind));
};

export const oneRoom: Mission = (maze) => {
  maze.addObject(0, 0, "ball");
  maze.placeAgent();
  return new PickUp(new Description("ball"));
};

export const goToOpenOrPickup: Mission = (maze) => {
  const things = maze.addDistractors(5, true, MIDDLE);
  for (let k = 0; k < 4; k++) things.push(maze.addDoor(1, 1, undefined, undefined, false));
  maze.placeAgent(MIDDLE);
  const thing = maze.random.pick(things);
  if (maze.random.boolean()) return new GoTo(like(thing));
  return thing.kind === "door" ? new Open(like(thing)) : new PickUp(like(thing));
};

// ---- put next ----

export const putNextLocal =
  (count: number): Mission =>
  (maze) => {
    maze.placeAgent();
    const things = maze.addDistractors(count, true);
    maze.requireAllReachable();
    const [moved, fixed] = maze.random.subset(things, 2);
    return new PutNext(like(moved), like(fixed));
  };

/** Two rooms with the wall between them removed, and `count` things in each. */
function twoHalves(maze: RoomGrid, count: number): [Thing[], Thing[]] {
  maze.placeAgent({ i: 0, j: 0 });
  const left = maze.addDistractors(count, true, { i: 0, j: 0 });
  const right = maze.addDistractors(count, true, { i: 1, j: 0 });
  maze.removeWall(0, 0, 0);
  return [left, right];
}

export const putNextAcross =
  (count: number): Mission =>
  (maze) => {
    const [left, right] = twoHalves(maze, count);
    const pair = [maze.random.pick(left), maze.random.pick(right)];
    const [moved, fixed] = maze.random.boolean() ? pair.reverse() : pair;
    return new PutNext(like(moved), like(fixed));
  };

export const moveTwoAcross =
  (count: number): Mission =>
  (maze) => {
    const [left, right] = twoHalves(maze, count);
    const [a, d] = maze.random.subset(left, 2);
    const [b, c] = maze.random.subset(right, 2);
    return new Before(new PutNext(like(a), like(b)), new PutNext(like(c), like(d)));
  };
