/** ALFWorld as AgentGym serves it: the engine's words shortened, 50 steps, 1 for winning. */
import type { Environment, Observation, Step, TaskSpec } from "../../types";
import { admissibleCommands, readCommand } from "./commands";
import type { Game } from "./game";
import type { GoalSummary } from "./goal";
import { NOTHING_HAPPENS, tell, tellIntro } from "./telling";
import { World } from "./world";

/** Steps after which the library ends an episode (its `dagger` setting, which AgentGym uses). */
export const STEP_LIMIT = 50;

/** The server's error for a step after the end; it has the environment's number, which we do not know. */
const FINISHED = "The task with environment 0 has finished.";

/** One running game. `load` finds the game of a task, or throws an Error that says why it cannot. */
export class AlfWorldEnvironment implements Environment {
  private game: Game | undefined;
  private current: World | undefined;
  private taken = 0;
  private won = false;
  private listed: { readonly at: number; readonly actions: readonly string[] } | undefined;

  constructor(private readonly load: (task: TaskSpec) => Game) {}

  /** The state behind the texts; throws before the first reset. */
  get world(): World {
    if (!this.current) throw new Error("reset the environment first");
    return this.current;
  }

  /** The goal in a few words, if it is one of ALFWorld's kinds. */
  get goal(): GoalSummary | undefined {
    return this.game?.goal;
  }

  /** Whether a state of this game's world is a win. */
  readonly isWon = (world: World): boolean => this.game!.isWon(world);

  /** Steps taken since the reset. */
  get steps(): number {
    return this.taken;
  }

  get isDone(): boolean {
    return this.won || this.taken >= STEP_LIMIT;
  }

  reset(task: TaskSpec): Observation {
    this.game = this.load(task);
    this.current = new World(this.game.room);
    this.taken = 0;
    this.won = false;
    this.listed = undefined;
    return this.observe(firstObservation(tellIntro(this.current)));
  }

  step(action: string): Step {
    const { world } = this;
    if (this.isDone) return { ...this.outcome(FINISHED, false), reward: 0 };
    this.taken++;
    const act = readCommand(world.room, strip(action));
    const valid = act !== undefined && world.allows(act);
    if (valid) world.apply(act);
    this.won = this.isWon(world);
    return this.outcome(valid ? laterObservation(tell(world, act)) : NOTHING_HAPPENS, valid);
  }

  close(): void {
    this.game = undefined;
    this.current = undefined;
    this.listed = undefined;
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

/** Python's `str.strip`; its white space is JavaScript's with four control characters more and the byte order mark less. */
function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text[start])) start++;
  while (end > start && isSpace(text[end - 1])) end--;
  return text.slice(start, end);
}

function isSpace(character: string): boolean {
  return (/\s/.test(character) && character !== "\ufeff") || "\u001c\u001d\u001e\u001f\u0085".includes(character);
}
