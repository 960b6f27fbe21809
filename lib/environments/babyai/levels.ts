/** AgentGym's table of forty levels, with the parameters under which Minigrid registers them. */
import { fromGrammar } from "./grammar";
import type { Level } from "./level";
import * as missions from "./missions";
import type { Layout } from "./room-grid";

const rooms = (columns: number, rows: number, roomSize = 8): Layout => ({ columns, rows, roomSize });
const oneRoom = (roomSize = 8): Layout => rooms(1, 1, roomSize);
const nineRooms = (roomSize = 8): Layout => rooms(3, 3, roomSize);

/** Level number n is `LEVELS[n - 1]`. */
export const LEVELS: readonly Level[] = [
  { name: "GoToRedBallGrey", layout: oneRoom(), mission: missions.goToRedBall(7, "grey") },
  { name: "GoToRedBall", layout: oneRoom(), mission: missions.goToRedBall(7) },
  { name: "GoToRedBallNoDists", layout: oneRoom(), mission: missions.goToRedBall(0) },
  // Minigrid refuses to make GoToObjS6-v0 since 2.3.1, so AgentGym's server fails here; this is its v1.
  { name: "GoToObjS6", layout: oneRoom(6), mission: missions.goToObject },
  { name: "GoToLocalS8N7", layout: oneRoom(), mission: missions.goToLocal(7) },
  { name: "GoToObjMazeS7", layout: nineRooms(7), mission: missions.goToInMaze(1) },
  { name: "GoToImpUnlock", layout: nineRooms(), mission: missions.goToBehindLock },
  {
    name: "GoToSeqS5R2",
    layout: rooms(2, 2, 5),
    mission: fromGrammar({ actions: ["goto"], distractors: 4, locked: 0, locations: false, unblocking: false }),
  },
  { name: "GoToRedBlueBall", layout: oneRoom(), mission: missions.goToRedOrBlueBall },
  { name: "GoToDoor", layout: nineRooms(7), mission: missions.goToDoor },
  { name: "GoToObjDoor", layout: nineRooms(), mission: missions.goToObjectOrDoor },
  { name: "Open", layout: nineRooms(), mission: missions.openAny },
  { name: "OpenRedDoor", layout: rooms(2, 1, 5), mission: missions.openRedDoor },
  { name: "OpenDoorLoc", layout: nineRooms(), mission: missions.openDoorByLocation },
  { name: "OpenRedBlueDoorsDebug", layout: nineRooms(6), mission: missions.openRedThenBlue, maxSteps: 720 },
  { name: "OpenDoorsOrderN4Debug", layout: nineRooms(6), mission: missions.openInOrder, maxSteps: 720 },
  { name: "Pickup", layout: nineRooms(), mission: missions.pickup },
  { name: "UnblockPickup", layout: nineRooms(), mission: missions.unblockPickup },
  {
    name: "PickupLoc",
    layout: oneRoom(),
    mission: fromGrammar({ actions: ["pickup"], forms: ["action"], distractors: 8, locked: 0, unblocking: false }),
  },
  { name: "PickupDistDebug", layout: oneRoom(7), mission: missions.pickupDistinct },
  { name: "PickupAbove", layout: nineRooms(6), mission: missions.pickupAbove, maxSteps: 288 },
  { name: "PutNextLocalS6N4", layout: oneRoom(6), mission: missions.putNextLocal(4) },
  {
    name: "PutNextS7N4Carrying",
    layout: rooms(2, 1, 7),
    mission: missions.putNextAcross(4),
    maxSteps: 392,
    startsCarrying: true,
  },
  { name: "Unlock", layout: nineRooms(), mission: missions.unlock },
  { name: "UnlockLocalDist", layout: nineRooms(), mission: missions.unlockLocal },
  { name: "KeyInBox", layout: nineRooms(), mission: missions.keyInBox },
  { name: "UnlockPickupDist", layout: rooms(2, 1, 6), mission: missions.unlockPickup },
  { name: "BlockedUnlockPickup", layout: rooms(2, 1, 6), mission: missions.blockedUnlockPickup, maxSteps: 576 },
  { name: "UnlockToUnlock", layout: rooms(3, 1, 6), mission: missions.unlockToUnlock, maxSteps: 1080 },
  { name: "ActionObjDoor", layout: nineRooms(7), mission: missions.goToOpenOrPickup },
  { name: "FindObjS7", layout: nineRooms(7), mission: missions.findObject, maxSteps: 980 },
  { name: "KeyCorridorS6R3", layout: nineRooms(6), mission: missions.keyCorridor, maxSteps: 1080 },
  { name: "OneRoomS20", layout: oneRoom(20), mission: missions.oneRoom },
  { name: "MoveTwoAcrossS8N9", layout: rooms(2, 1, 8), mission: missions.moveTwoAcross(9), maxSteps: 1024 },
  {
    name: "SynthS5R2",
    layout: rooms(3, 2, 5),
    mission: fromGrammar({ forms: ["action"], locations: false, implicitUnlock: false }),
    sparesKeys: true,
  },
  {
    name: "SynthLoc",
    layout: nineRooms(),
    mission: fromGrammar({ forms: ["action"], implicitUnlock: false }),
    sparesKeys: true,
  },
  { name: "SynthSeq", layout: nineRooms(), mission: fromGrammar({ implicitUnlock: false }), sparesKeys: true },
  {
    name: "MiniBossLevel",
    layout: rooms(2, 2, 5),
    mission: fromGrammar({ distractors: 7, locked: 0.25 }),
    sparesKeys: true,
  },
  { name: "BossLevel", layout: nineRooms(), mission: fromGrammar({}), sparesKeys: true },
  {
    name: "BossLevelNoUnlock",
    layout: nineRooms(),
    mission: fromGrammar({ locked: 0, implicitUnlock: false }),
    sparesKeys: true,
  },
];
