/** The registry: one line per environment. Tests, tables and notebooks iterate over it. */
import type { EnvironmentDefinition } from "../types";
import { alfworld } from "./alfworld";

export const environments: readonly EnvironmentDefinition[] = [alfworld];

/** The registered environment with this id; the error names the accepted ids. */
export function environment(id: string): EnvironmentDefinition {
  const found = environments.find((definition) => definition.id === id);
  if (!found)
    throw new RangeError(`unknown environment "${id}"; registered: ${environments.map((d) => d.id).join(", ")}`);
  return found;
}
