/** Which things an instruction speaks of: "the red ball", "a door on your left", "a blue object". */
import type { RoomGrid } from "./room-grid";
import { type Color, DX, DY, type Kind, type Thing } from "./world";

export const LOCATIONS = ["left", "right", "front", "behind"] as const;
/** Relative to where the agent stands and looks when the mission is given. */
export type Location = (typeof LOCATIONS)[number];

const LOCATION_WORDS: Readonly<Record<Location, string>> = {
  left: " on your left",
  right: " on your right",
  front: " in front of you",
  behind: " behind you",
};

export class Description {
  /** The very things meant, found once at the start: a ball that was on the left stays meant when the agent turns. */
  things: readonly Thing[] = [];
  /** Where they lay when last looked up. Minigrid looks only after a drop: a thing picked up still "lies" here. */
  places: readonly { readonly x: number; readonly y: number }[] = [];

  constructor(
    readonly kind?: Kind,
    readonly color?: Color,
    readonly location?: Location,
  ) {}

  /**
   * Finds the things meant, column by column. Locations hold only in the agent's room, walls and doors included.
   * As in the original, walls are grey objects too: "a grey object" even where there is one that can be taken.
   */
  find(maze: RoomGrid): void {
    const room = this.location && maze.roomAt(maze.agent.x, maze.agent.y);
    this.things = maze.grid.cells.filter(
      (thing): thing is Thing =>
        thing !== null &&
        (this.kind === undefined || thing.kind === this.kind) &&
        (this.color === undefined || thing.color === this.color) &&
        (!room || (room.contains(thing.x, thing.y) && this.lies(maze, thing))),
    );
    this.locate();
  }

  private lies({ agent }: RoomGrid, thing: Thing): boolean {
    const dx = DX[agent.direction];
    const dy = DY[agent.direction];
    const ahead = (thing.x - agent.x) * dx + (thing.y - agent.y) * dy;
    const aside = (thing.y - agent.y) * dx - (thing.x - agent.x) * dy;
    if (this.location === "front") return ahead > 0;
    if (this.location === "behind") return ahead < 0;
    return this.location === "left" ? aside < 0 : aside > 0;
  }

  locate(): void {
    this.places = this.things.filter((thing) => thing.x >= 0).map(({ x, y }) => ({ x, y }));
  }

  /** In words; "the" if one thing is meant, "a" (never "an") if there are several. */
  phrase(maze: RoomGrid): string {
    this.find(maze);
    const color = this.color ? `${this.color} ` : "";
    const location = this.location ? LOCATION_WORDS[this.location] : "";
    return `${this.things.length > 1 ? "a" : "the"} ${color}${this.kind ?? "object"}${location}`;
  }
}
