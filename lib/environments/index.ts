/** The registry: one line per environment. Tests, tables and notebooks iterate over it. */
import type { EnvironmentDefinition } from "../types";
import { alfworld } from "./alfworld";
import { babyai } from "./babyai";
import { searchqa } from "./searchqa";
import { textcraft } from "./textcraft";
import { webshop } from "./webshop";

export const environments: readonly EnvironmentDefinition[] = [textcraft, babyai, alfworld, webshop, searchqa];

/** The registered environment with this id; the error names the accepted ids. */
export function environment(id: string): EnvironmentDefinition {
  const found = environments.find((definition) => definition.id === id);
  if (!found)
    throw new RangeError(`unknown environment "${id}"; registered: ${environments.map((d) => d.id).join(", ")}`);
  return found;
}
