/** AgentGym's high-level actions: what can be done now, by which moves, and why other things cannot be done. */
import { DROP, FORWARD, LEFT, PICKUP, RIGHT, TOGGLE } from "./instruction";
import type { Fidelity } from "./level";
import { Paths } from "./paths";
import type { Scene, Sight } from "./scene";
import type { View } from "./view";
import type { Thing } from "./world";

export interface Menu {
  /** Moves by action, in the order in which the original lists them. No moves: "No change in state." */
  readonly moves: ReadonlyMap<string, readonly number[]>;
  /** The original's answers to actions that are not listed but nearly possible. */
  readonly refusals: ReadonlyMap<string, string>;
}

export const CHECK = "check available actions";

export interface Circumstances {
  readonly scene: Scene;
  readonly view: View;
  /** The agent's. */
  readonly direction: number;
  readonly carrying: Thing | null;
  readonly fidelity: Fidelity;
}

export function readMenu(circumstances: Circumstances): Menu {
  return new MenuReader(circumstances).read();
}

class MenuReader {
  private readonly moves = new Map<string, readonly number[]>();
  private readonly refusals = new Map<string, string>();
  private readonly paths: Paths;
  private readonly before = new Map<Sight, readonly number[] | undefined>();

  constructor(private readonly now: Circumstances) {
    this.paths = new Paths(now.view, now.direction);
    for (const sight of now.scene.sights) this.before.set(sight, this.paths.before(sight.column, sight.row));
  }

  read(): Menu {
    const { barrier, sights } = this.now.scene;
    this.moves.set("turn left", [LEFT]);
    this.moves.set("turn right", [RIGHT]);
    if (!barrier || barrier.distance > 1) this.moves.set("move forward", [FORWARD]);
    else this.refusals.set("move forward", "There is a barrier in front of you, you can't move forward.");
    if (!this.now.carrying) this.reach("pickup", sights.filter(isPortable), [PICKUP]);
    this.drop();
    this.doors();
    if (this.now.fidelity === "repaired") this.toggleAhead();
    this.reach("go to", sights, []);
    this.moves.set(CHECK, []);
    return { moves: this.moves, refusals: this.refusals };
  }

  /**
   * Walks up to each thing and makes the last moves there. Known fault: only things with a path are numbered, so
   * the numbers can differ from the description's.
   */
  private reach(verb: string, sights: readonly Sight[], last: readonly number[]): void {
    const counts = new Map<string, number>();
    for (const sight of sights) {
      const path = this.before.get(sight);
      const counted = (counts.get(sight.name) ?? 0) + 1;
      const action = `${verb} ${sight.name} ${this.now.fidelity === "original" ? counted : sight.number}`;
      if (path) {
        this.moves.set(action, [...path, ...last]);
        counts.set(sight.name, counted);
      } else this.refusals.set(action, noPath(action));
    }
  }

  private drop(): void {
    const { carrying, scene } = this.now;
    const blocked =
      scene.barrier?.distance === 1 || scene.sights.some((s) => s.ahead === 1 && s.aside === 0 && isPortable(s));
    if (!carrying) this.refusals.set("drop", "You cannot drop the object, as you are not carrying anything.");
    else if (blocked)
      this.refusals.set("drop", "You cannot drop the object, as there is already an object in front of you.");
    else this.moves.set("drop", [DROP]);
  }

  /**
   * Known faults: an open door cannot be toggled; a success at the toggle of `toggle and go through` is lost, as
   * the step after it does not report it; one refusal shows the original's counter of doors.
   */
  private doors(): void {
    const counts = new Map<string, number>();
    for (const sight of this.now.scene.sights) {
      if (sight.kind !== "door") continue;
      counts.set(sight.name, sight.number);
      const door = `${sight.name} ${sight.number}`;
      const [color, state] = sight.name.split(" ");
      if (state === "open") {
        const path = this.paths.into(sight.column, sight.row);
        if (path) this.moves.set(`go through ${door}`, path);
        else this.refusals.set(`go through ${door}`, noPath(`go through ${door}`));
        continue;
      }
      const action = `toggle and go through ${door}`;
      if (state === "closed")
        this.refusals.set(
          `go through ${door}`,
          `You cannot go through ${door}, as it is closed. You should toggle it first.`,
        );
      else if (!this.hasKey(color, action)) continue;
      const path = this.before.get(sight);
      if (path) this.moves.set(action, [...path, TOGGLE, FORWARD]);
      else
        this.refusals.set(
          action,
          noPath(
            this.now.fidelity === "original" ? `toggle and go through ${sight.name} ${pythonDict(counts)}` : action,
          ),
        );
      if (path?.length === 0) this.moves.set("toggle", [TOGGLE]);
    }
  }

  private hasKey(color: string, action: string): boolean {
    const { carrying } = this.now;
    if (carrying?.kind === "key" && carrying.color === color) return true;
    const reason =
      carrying?.kind === "key"
        ? "the color of the key you are carrying does not match the color of door."
        : "you are not carrying a key.";
    this.refusals.set(action, `You cannot ${action}, as ${reason}`);
    return false;
  }

  /** Repaired: open doors can be closed again, and boxes can be opened. */
  private toggleAhead(): void {
    const ahead = this.now.scene.sights.find((sight) => sight.ahead === 1 && sight.aside === 0);
    if (ahead?.kind === "box" || ahead?.name.endsWith("open door")) this.moves.set("toggle", [TOGGLE]);
  }
}

function isPortable({ kind }: Sight): boolean {
  return kind !== "door";
}

function noPath(action: string): string {
  return `You cannot ${action}, as there is no path leading to it.`;
}

function pythonDict(counts: ReadonlyMap<string, number>): string {
  return `{${Array.from(counts, ([name, count]) => `'${name}': ${count}`).join(", ")}}`;
}
