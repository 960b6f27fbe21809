/** TextCraft as the agent could know it: the commands listed, and what it holds after each turn. */
import type { Episode, ReadTurn } from "./rule";

export interface Amount {
  readonly count: number;
  readonly name: string;
}

export interface Command {
  readonly output: Amount;
  readonly inputs: readonly Amount[];
}

const AMOUNT = /^\s*(\d+) (.+?)\s*$/;
const CRAFT = /^craft (.+?) using (.+)$/;

/** `craft 3 paper using 3 sugar cane`; undefined for any other line. The output's amount may be missing: 1. */
export function readCommand(line: string): Command | undefined {
  const [, output, inputs] = CRAFT.exec(line.trim()) ?? [];
  if (output === undefined) return undefined;
  const read = (text: string): Amount => {
    const [, count = "1", name = text.trim()] = AMOUNT.exec(text) ?? [];
    return { count: Number(count), name };
  };
  return { output: read(output), inputs: inputs.split(",").map(read) };
}

/** The commands that the first observation lists. */
export function listedCommands({ turns }: Episode): Command[] {
  return (turns[0]?.shown ?? "").split("\n").flatMap((line) => readCommand(line) ?? []);
}

/** The goal as the first observation names it. */
export function goalOf({ turns }: Episode): string {
  return /Goal: craft (.+)\./.exec(turns[0]?.shown ?? "")?.[1] ?? "";
}

/** "oak planks" serves where a command asks for "planks": the names of kinds are the last words of their members'. */
export function serves(given: string, asked: string): boolean {
  const plural = (name: string) => name.replace(/s$/, "");
  return plural(given) === plural(asked) || plural(given).endsWith(` ${plural(asked)}`);
}

/** What is held when each turn begins, from the environment's confirmations alone. */
export function holdings({ turns }: Episode): ReadonlyMap<string, number>[] {
  const held = new Map<string, number>();
  const add = (name: string, count: number) => held.set(name, (held.get(name) ?? 0) + count);
  return turns.map(({ action, answer }: ReadTurn) => {
    const before = new Map(held);
    const got = /^Got (\d+) (.+)/.exec(answer);
    if (got) add(got[2], Number(got[1]));
    const crafted = /^Crafted (\d+) minecraft:(\S+)/.exec(answer);
    if (crafted) {
      for (const { name, count } of readCommand(action)?.inputs ?? []) add(name, -count);
      add(crafted[2].replaceAll("_", " "), Number(crafted[1]));
    }
    return before;
  });
}
