/** What a level is, and how one of its mazes is made: drafts are drawn and rejected until one is accepted. */
import { type Instruction, PutNext } from "./instruction";
import { NumpyRandom } from "./numpy-random";
import { type Layout, REJECTED, type Room, RoomGrid } from "./room-grid";
import type { Thing } from "./world";

/**
 * "original": AgentGym's server on Minigrid 2.4, faults included. "repaired": the same with the faults mended that
 * make tasks unwinnable or tell the agent something wrong; index.ts lists them.
 */
export type Fidelity = "original" | "repaired";

export interface MissionContext {
  readonly fidelity: Fidelity;
  /** Known fault: the original never forgets a locked room, neither after a rejected draft nor after a reset. */
  lockedRoom: Room | null;
}

/** Fills an empty maze and says what is to be done in it; throws REJECTED to ask for another draft. */
export type Mission = (maze: RoomGrid, context: MissionContext) => Instruction;

export interface Level {
  /** Minigrid's name, without `BabyAI-` and the version. */
  readonly name: string;
  readonly layout: Layout;
  readonly mission: Mission;
  /** Steps in which the reward falls from 1 to 0.1; by default room size² x rooms x walks. */
  readonly maxSteps?: number;
  /** Missions about keys of a locked door's color are rejected. */
  readonly sparesKeys?: boolean;
  readonly startsCarrying?: boolean;
}

/** A maze with its mission, ready to be played. */
export interface Episode {
  readonly maze: RoomGrid;
  readonly instruction: Instruction;
  readonly mission: string;
  readonly maxSteps: number;
  readonly startsCarrying: boolean;
}

/** The maze and mission that the original makes for this level and seed. */
export function generate(level: Level, seed: number, fidelity: Fidelity): Episode {
  const context: MissionContext = { fidelity, lockedRoom: null };
  const episode = draw(level, seed, context);
  // The original resets twice with the same seed; a locked room noted in the first round is known in the second.
  return context.lockedRoom ? draw(level, seed, context) : episode;
}

function draw(level: Level, seed: number, context: MissionContext): Episode {
  const random = new NumpyRandom(seed);
  for (;;) {
    try {
      const maze = new RoomGrid(level.layout, random);
      const instruction = level.mission(maze, context);
      validate(maze, instruction, level);
      const mission = instruction.begin(maze);
      const { roomSize, columns, rows } = level.layout;
      const maxSteps = level.maxSteps ?? instruction.walks * roomSize ** 2 * columns * rows;
      return { maze, instruction, mission, maxSteps, startsCarrying: level.startsCarrying ?? false };
    } catch (error) {
      if (error !== REJECTED) throw error;
    }
  }
}

/** Rejects what is done before it is begun, and what would take away the key of a locked door. */
function validate(maze: RoomGrid, instruction: Instruction, level: Level): void {
  const lockedColors = new Set(
    level.sparesKeys
      ? maze.grid.cells.filter((thing): thing is Thing => thing?.state === "locked").map((door) => door.color)
      : [],
  );
  for (const part of instruction.parts) {
    for (const description of part.descriptions) {
      description.find(maze);
      if (description.kind === "key" && description.color && lockedColors.has(description.color)) throw REJECTED;
    }
    if (!(part instanceof PutNext)) continue;
    const { target, fixed } = part;
    if (target.things.some((thing) => fixed.things.includes(thing) || part.beside(thing))) throw REJECTED;
  }
}
