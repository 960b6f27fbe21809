/** ALFWorld as AgentGym serves it: the engine's words shortened, 50 steps, 1 for winning. */
import type { Environment, Observation, Step, TaskSpec } from "../../types";
import { admissibleCommands, readCommand } from "./commands";
import type { Game } from "./game";
import { strip } from "../python";
import { NOTHING_HAPPENS, tell, tellIntro } from "./telling";
import { World } from "./world";

/** Steps after which the library ends an episode (its `dagger` setting, which AgentGym uses). */
export const STEP_LIMIT = 50;

/** The server's error for a step after the end; it has the environment's number, which we do not know. */
const FINISHED = "The task with environment 0 has finished.";

/** One running game. `load` finds the game of a task, or throws an Error that says why it cannot. */
export class AlfWorldEnvironment implements Environment {
  private playing: { readonly game: Game; readonly world: World } | undefined;
  private taken = 0;
  private won = false;
  private listed: { readonly at: number; readonly actions: readonly string[] } | undefined;

  constructor(private readonly load: (task: TaskSpec) => Game) {}

  /** The game being played; throws before the first reset. */
  get game(): Game {
    return this.current.game;
  }

  /** The state behind the texts; throws before the first reset. */
  get world(): World {
    return this.current.world;
  }

  /** Steps taken since the reset. */
  get steps(): number {
    return this.taken;
  }

  get isDone(): boolean {
    return this.won || this.taken >= STEP_LIMIT;
  }

  reset(task: TaskSpec): Observation {
    const game = this.load(task);
    this.playing = { game, world: new World(game.room) };
    this.taken = 0;
    this.won = false;
    this.listed = undefined;
    return this.observe(firstObservation(tellIntro(this.world)));
  }

  step(action: string): Step {
    const { game, world } = this.current;
    if (this.isDone) return { ...this.outcome(FINISHED, false), reward: 0 };
    this.taken++;
    const act = readCommand(world.room, strip(action));
    const valid = act !== undefined && world.allows(act);
    if (valid) world.apply(act);
    this.won = game.isWon(world);
    return this.outcome(valid ? laterObservation(tell(world, act)) : NOTHING_HAPPENS, valid);
  }

  close(): void {
    this.playing = undefined;
  }

  private get current(): { readonly game: Game; readonly world: World } {
    if (!this.playing) throw new Error("reset the environment first");
    return this.playing;
  }

  private outcome(text: string, valid: boolean): Step {
    return {
      observation: this.observe(text),
      reward: this.won ? 1 : 0,
      done: this.isDone,
      success: this.won,
      valid,
    };
  }

  private observe(text: string): Observation {
    const { world } = this;
    if (this.listed?.at !== world.changes) this.listed = { at: world.changes, actions: admissibleCommands(world) };
    return { text, actions: this.listed.actions };
  }
}

/** AgentGym's first observation: the greeting goes, and with it the blank line before the task. */
export function firstObservation(raw: string): string {
  return raw.split("\n\n").slice(1).join("\n");
}

/** AgentGym's later observations: `You arrive at loc 12. ` goes. */
export function laterObservation(raw: string): string {
  return raw.startsWith("You arrive at loc ") ? raw.slice(raw.indexOf(". ") + 2) : raw;
}
