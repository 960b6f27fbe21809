/** From tasks and a retriever to the registry entry. */
import type { EnvironmentDefinition, ParsedReply, TaskQuery, TaskSpec } from "../../types";
import { demonstrate } from "./demonstration";
import { SearchQAEnvironment } from "./environment";
import { expertFor } from "./expert";
import { phrases, prompt } from "./prompt";
import type { Retriever } from "./retriever";
import { levels } from "./tasks";
import { tools } from "./tools";

/** Turns as in the fixed-round settings of AgentGym-RL's trainer: four searches and an answer. */
const MAX_TURNS = 5;

export interface Source {
  /** In the order of their integer ids. */
  readonly tasks: readonly TaskSpec[];
  readonly retriever: Retriever;
  /** Invented words that demonstrations may replace by others. */
  readonly words: ReadonlySet<string>;
}

export interface DefinitionOptions {
  readonly version: string;
  readonly breakdown: string;
  /** Called once, when tasks or an environment are first needed. */
  load(): Source;
}

export function define({ version, breakdown, load }: DefinitionOptions): EnvironmentDefinition {
  let loaded: (Source & { readonly byId: ReadonlyMap<string, TaskSpec> }) | undefined;
  function source() {
    if (!loaded) {
      const fresh = load();
      loaded = { ...fresh, byId: new Map(fresh.tasks.map((task) => [task.id, task])) };
    }
    return loaded;
  }
  const definition: EnvironmentDefinition = {
    id: "searchqa",
    title: "SearchQA",
    version,
    maxTurns: MAX_TURNS,
    levels,
    breakdown,
    prompt,
    tools,
    phrases,
    create: () => new SearchQAEnvironment(source().retriever),
    tasks: (query = {}) => source().tasks.filter((task) => matches(task, query)),
    task(id) {
      const { tasks, byId } = source();
      const found = typeof id === "number" ? tasks[id] : byId.get(id);
      if (found) return found;
      const strings = tasks.length > 0 ? ` or "${tasks[0].id}" to "${tasks[tasks.length - 1].id}"` : "";
      throw new RangeError(`SearchQA has no task ${JSON.stringify(id)}; accepted: 0 to ${tasks.length - 1}${strings}`);
    },
    parse,
    format: ({ thought, action }) => (thought ? `<think>${thought}</think>${action}` : action),
    expert(environment, task) {
      if (!(environment instanceof SearchQAEnvironment))
        throw new TypeError("SearchQA's expert needs an environment made by SearchQA's create()");
      return expertFor(environment, task);
    },
    demonstrate: (task, random, renaming) =>
      demonstrate({ ...source(), maxTurns: MAX_TURNS, format: definition.format }, task, random, renaming),
  };
  return definition;
}

function matches(task: TaskSpec, { split, level }: TaskQuery): boolean {
  return (split === undefined || task.split === split) && (level === undefined || task.level === level);
}

/** The original's client sends the reply as it is, so the whole reply is the action. */
function parse(reply: string): ParsedReply {
  const start = reply.indexOf("<think>");
  const end = reply.indexOf("</think>", start);
  const thought = start < 0 || end < 0 ? "" : reply.slice(start + "<think>".length, end).trim();
  return { thought, action: reply };
}
