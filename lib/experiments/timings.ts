/** What finished work took, kept beside the runs: for estimates only, never part of a result. */
import path from "node:path";

/** A finished piece of work. */
export interface Timing {
  readonly kind: "train" | "test";
  readonly env: string;
  readonly episodes: number;
  /** On one core, beside whatever else ran. */
  readonly seconds: number;
}

export function timingFile(root: string): string {
  return path.join(root, "timings.jsonl");
}
