/** AlfWorld as the agent could know it: what it holds, where it is, what it has seen where. */
import type { Episode } from "./rule";

export interface HouseholdGoal {
  readonly thing: string;
  readonly target: string;
  readonly treatment?: "clean" | "heat" | "cool";
}

const TREATMENTS = { clean: "clean", hot: "heat", cool: "cool", heat: "heat" } as const;
const APPLIANCES = { clean: "sinkbasin", heat: "microwave", cool: "fridge" } as const;

export type Treatment = keyof typeof APPLIANCES;

/** The appliance's kind for a treatment. */
export function applianceFor(treatment: Treatment): string {
  return APPLIANCES[treatment];
}

/** Thing, target and treatment from the task's sentence; undefined for looking at things under a lamp. */
export function householdGoal({ turns }: Episode): HouseholdGoal | undefined {
  const task = /Your task is to: (.*?)\.?\s*(\n|$)/.exec(turns[0]?.shown ?? "")?.[1] ?? "";
  const simple =
    /^(?:put|find) (?:an?|some|two) (?:(clean|hot|cool) )?(\w+?) (?:in|on|and put (?:it|them) (?:in|on)) (\w+)/;
  const verbal = /^(clean|heat|cool) (?:an?|some) (\w+) and put it (?:in|on) (\w+)/;
  const [, how, thing, target] = simple.exec(task) ?? verbal.exec(task) ?? [];
  if (thing === undefined) return undefined;
  return { thing, target, ...(how && { treatment: TREATMENTS[how as keyof typeof TREATMENTS] }) };
}

/** "mug" of "mug 2". */
export function kindOf(name: string): string {
  return name.replace(/ \d+$/, "");
}

export interface HouseholdState {
  readonly held?: string;
  readonly place?: string;
  /** Place -> the things last seen there. */
  readonly contents: ReadonlyMap<string, readonly string[]>;
}

const NAME = "([a-z]+ \\d+)";
const TAKEN = new RegExp(`^You pick up the ${NAME} from the ${NAME}`);
const PUT = new RegExp(`^You (?:put|move) the ${NAME} (?:in/on|to) the? ?${NAME}`);
const SEEN = new RegExp(`(?:On the ${NAME}, you see|The ${NAME} is open\\. In it, you see) (.*?)\\.`, "g");

/** The state when each turn begins, from the environment's confirmations alone. */
export function household({ turns }: Episode): HouseholdState[] {
  let held: string | undefined;
  let place: string | undefined;
  const contents = new Map<string, readonly string[]>();
  return turns.map(({ action, answer, valid }) => {
    const before = { held, place, contents: new Map(contents) };
    const taken = TAKEN.exec(answer);
    const put = PUT.exec(answer);
    if (taken) held = taken[1];
    if (put) held = undefined;
    if (valid && action.startsWith("go to ")) place = action.slice("go to ".length).trim();
    for (const [, on, within, things] of answer.matchAll(SEEN))
      contents.set(on ?? within, [...things.matchAll(/[a-z]+ \d+/g)].map(String));
    const changed = taken?.[2] ?? put?.[2];
    const there = changed === undefined ? undefined : contents.get(changed);
    if (changed !== undefined && there && taken)
      contents.set(
        changed,
        there.filter((thing) => thing !== taken[1]),
      );
    if (changed !== undefined && there && put) contents.set(changed, [...there, put[1]]);
    return before;
  });
}
