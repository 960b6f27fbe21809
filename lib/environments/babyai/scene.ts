/** The agent's view in AgentGym's words. */
import { AGENT_COLUMN, AGENT_ROW, VIEW, type View } from "./view";
import { colorOf, doorStateOf, type Kind, kindOf, type Thing } from "./world";

/** A thing in view; `ahead` and `aside` (to the right) count steps from the agent. */
export interface Sight {
  readonly kind: Kind;
  /** "red ball", "red locked door". */
  readonly name: string;
  /** Its number among the things of that name in view, nearest first, as the description counts. */
  readonly number: number;
  readonly column: number;
  readonly row: number;
  readonly ahead: number;
  readonly aside: number;
}

export interface Scene {
  /** All but walls, nearest first; equally near ones far rows first, then from left to right. */
  readonly sights: readonly Sight[];
  readonly seesWall: boolean;
  /** The nearest wall or box straight ahead. */
  readonly barrier?: { readonly kind: "wall" | "box"; readonly distance: number };
}

const NAMES = new Map<number, string>();

/** The name of a thing with this code, made once. */
function nameOf(code: number): string {
  let name = NAMES.get(code);
  if (name === undefined) {
    const kind = kindOf(code)!;
    name = kind === "door" ? `${colorOf(code)} ${doorStateOf(code)} door` : `${colorOf(code)} ${kind}`;
    NAMES.set(code, name);
  }
  return name;
}

/** Cells of the view but the agent's own, nearest first, each distance in reading order. */
const BY_DISTANCE: readonly number[] = Array.from({ length: VIEW * VIEW }, (_, cell) => cell)
  .map((cell) => ({ cell, distance: AGENT_ROW - Math.floor(cell / VIEW) + Math.abs((cell % VIEW) - AGENT_COLUMN) }))
  .filter(({ distance }) => distance > 0)
  .sort((a, b) => a.distance - b.distance)
  .map(({ cell }) => cell);

export function readScene(view: View): Scene {
  const sights: Sight[] = [];
  let seesWall = false;
  let barrier: Scene["barrier"];
  for (const cell of BY_DISTANCE) {
    const code = view[cell];
    const kind = kindOf(code);
    if (kind === undefined) continue;
    const column = cell % VIEW;
    const row = (cell - column) / VIEW;
    const ahead = AGENT_ROW - row;
    const aside = column - AGENT_COLUMN;
    if (!barrier && aside === 0 && (kind === "wall" || kind === "box")) barrier = { kind, distance: ahead };
    if (kind === "wall") {
      seesWall = true;
      continue;
    }
    const name = nameOf(code);
    let number = 1;
    for (const other of sights) if (other.name === name) number++;
    sights.push({ kind, name, number, column, row, ahead, aside });
  }
  return { sights, seesWall, barrier };
}

/** The observation's text, without the list of actions. "right in front of you" is the original's for aside 0. */
export function describe({ sights, seesWall, barrier }: Scene, carrying: Thing | null): string {
  let text =
    seesWall || sights.length > 0
      ? "In front of you in this room, you can see several objects: "
      : "You cannot see any objects within sight.";
  for (const { name, number, ahead, aside } of sights) {
    text += `There is a ${name} ${number} `;
    if (aside === 0) text += `right in front of you ${ahead} steps away.  `;
    else if (aside > 0) text += `${ahead} steps in front of you and ${aside} steps to your right.  `;
    else text += `${ahead} steps in front of you and ${-aside} steps to your left.  `;
  }
  text += "The room has walls around you. ";
  if (barrier) text += `You are facing a ${barrier.kind} ${barrier.distance} steps away. `;
  return (
    text + (carrying ? `You are carrying a ${carrying.color} ${carrying.kind}.` : "You are not carrying anything.")
  );
}
