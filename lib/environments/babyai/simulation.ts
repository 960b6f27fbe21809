/** Minigrid's dynamics: one move at a time in a full maze, with the reward for fulfilling the mission. */
import { DROP, FORWARD, LEFT, PICKUP, RIGHT, TOGGLE, type Status } from "./instruction";
import type { Episode } from "./level";
import { type Agent, DX, DY, type Grid, type Thing } from "./world";

/** What one move led to. `reward` is 1 - 0.9 * moves / maxSteps on success, else 0. */
export interface Outcome {
  readonly status: Status;
  readonly reward: number;
}

export class Simulation {
  readonly grid: Grid;
  readonly agent: Agent;
  private moves = 0;

  constructor(readonly episode: Episode) {
    this.grid = episode.maze.grid;
    this.agent = episode.maze.agent;
  }

  /** Makes a move. Nothing stops after success or time-out: as under AgentGym, one can go on. */
  move(move: number): Outcome {
    const { instruction, maze, maxSteps } = this.episode;
    this.moves++;
    act(this.grid, this.agent, move);
    if (move === DROP) for (const part of instruction.parts) part.descriptions.forEach((d) => d.locate());
    const status = instruction.check(maze, move);
    return { status, reward: status === "success" ? 1 - 0.9 * (this.moves / maxSteps) : 0 };
  }
}

function act(grid: Grid, agent: Agent, move: number): void {
  const x = agent.x + DX[agent.direction];
  const y = agent.y + DY[agent.direction];
  const ahead = grid.get(x, y);
  switch (move) {
    case LEFT:
      agent.direction = (agent.direction + 3) % 4;
      break;
    case RIGHT:
      agent.direction = (agent.direction + 1) % 4;
      break;
    case FORWARD:
      if (ahead === null || (ahead.kind === "door" && ahead.state === "open")) {
        agent.x = x;
        agent.y = y;
      }
      break;
    case PICKUP:
      if (ahead?.portable && !agent.carrying) take(grid, agent, ahead);
      break;
    case DROP:
      if (!ahead && agent.carrying) {
        grid.put(x, y, agent.carrying);
        agent.carrying = null;
      }
      break;
    case TOGGLE:
      if (ahead) toggle(grid, agent, ahead);
      break;
  }
}

/** Takes a thing off the grid into the agent's hands. */
export function take(grid: Grid, agent: Agent, thing: Thing): void {
  grid.set(thing.x, thing.y, null);
  thing.x = thing.y = -1;
  agent.carrying = thing;
}

/** Doors open and close, locked ones with a key of their color only; a box gives way to what is in it. */
function toggle(grid: Grid, agent: Agent, thing: Thing): void {
  const { carrying } = agent;
  if (thing.kind === "box") {
    const { x, y } = thing;
    thing.x = thing.y = -1;
    if (thing.contains) grid.put(x, y, thing.contains);
    else grid.set(x, y, null);
  } else if (thing.kind === "door") {
    if (thing.state !== "locked") thing.change(thing.color, thing.state === "open" ? "closed" : "open");
    else if (carrying?.kind === "key" && carrying.color === thing.color) thing.change(thing.color, "open");
  }
}
