/** Marks that tell series apart without colour: in grey print, and for readers who see colours differently. */
import { palette } from "./figure";

const symbols = ["circle", "square", "diamond", "triangle-up", "cross", "star", "hexagon", "triangle-down"] as const;
const dashes = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"] as const;
const patterns = ["", "/", "\\", "x", ".", "-", "|", "+"] as const;

export interface Mark {
  readonly color: string;
  readonly symbol: string;
  readonly dash: string;
  /** Of a bar. */
  readonly pattern: string;
}

/** The mark of the nth series; after eight they repeat. */
export function mark(n: number): Mark {
  const of = <T>(list: readonly T[]) => list[n % list.length];
  return { color: of(palette), symbol: of(symbols), dash: of(dashes), pattern: of(patterns) };
}

/** What was there before training, in every figure. */
export const baseMark: Mark = { color: "#bbbbbb", symbol: "circle", dash: "dot", pattern: "" };
