/** The registered environments side by side. */
import { table } from "../table";
import type { Table } from "../table";
import type { EnvironmentDefinition } from "../types";
import { environments } from "./index";

/** One row per environment: levels, tasks by split, turns. */
export function environmentTable(): Table {
  return table(
    environments.map((definition) => ({
      title: definition.title,
      levels: Object.entries(definition.levels)
        .map(([name, { description }]) => `${name}: ${description}`)
        .join("; "),
      ...countTasks(definition),
      turns: definition.maxTurns,
    })),
    [
      { key: "title", title: "environment", kind: "label" },
      { key: "levels", kind: "label" },
      { key: "demonstration", title: "tasks shown", kind: "count" },
      { key: "train", title: "train", kind: "count" },
      { key: "test", title: "test", kind: "count" },
      { key: "turns", kind: "count" },
    ],
  );
}

function countTasks(definition: EnvironmentDefinition) {
  const count = (split: "demonstration" | "train" | "test") => definition.tasks({ split }).length;
  return { demonstration: count("demonstration"), train: count("train"), test: count("test") };
}
