/** Trajectories that others recorded, as ours: then every metric, table and viewer works on them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { environment } from "../environments";
import { refuseUnknownKeys } from "../errors";
import type { EnvironmentDefinition, Outcome, TaskSpec, Trajectory } from "../types";
import { broken, checkFormat, formatOf, readEpisode, readRecords, readTrajectory } from "./formats";
import type { LogFormat, LoggedEpisode, Message } from "./formats";
import { environmentOf, FORMS } from "./forms";
import { turnsOf, type Exchange } from "./turns";

export { FORMATS, type LogFormat } from "./formats";

export interface ImportOptions {
  /** Default: recognized from the first record. */
  readonly format?: LogFormat;
  /** An environment's id, or its definition opened on the data that the log was made with; default: from the log. */
  readonly env?: string | EnvironmentDefinition;
  /** Name of the policy in the records; default: folder and name of the file. */
  readonly policy?: string;
}

/**
 * The episodes of a log file, or of all `.json` and `.jsonl` files of a folder (one training step of AgentGym-RL), as
 * trajectories. Records of one item are its attempts, in the order of the log.
 *
 * Instructions and worked examples before the first observation are dropped. An item's number becomes our task where that
 * task begins with the same text; TextCraft's is found by its goal. Otherwise the task is the log's own: id
 * `<env>_<number>`, level "unknown". Success follows from the last reward: 1, in BabyAI anything above 0. A rollout that
 * ends with the agent's reply broke in the environment and has the outcome "error". Logs hold no rewards of single
 * turns and no tokens. Throws with file, line and field for what is not as it should be.
 */
export function importTrajectories(file: string, options: ImportOptions = {}): Trajectory[] {
  refuseUnknownKeys("import", options, ["format", "env", "policy"]);
  const format = checkFormat(options.format);
  const counts = new Map<string, number>();
  return logFiles(file).flatMap((name) => {
    const rows = readRecords(readFileSync(name, "utf8"), name);
    if (rows.length === 0) return [];
    const kind = format ?? formatOf(rows[0]);
    if (kind === "heldout") return rows.map(readTrajectory);
    const policy = options.policy ?? policyOf(file);
    return rows.map((row) => {
      const imported = importEpisode(readEpisode(row, kind), kind, policy, options.env);
      const attempt = counts.get(imported.task.id) ?? 0;
      counts.set(imported.task.id, attempt + 1);
      return { ...imported, attempt };
    });
  });
}

/** The file, or the logs of a folder by rank: 2.json before 10.json. */
function logFiles(file: string): string[] {
  if (!statSync(file).isDirectory()) return [file];
  const names = readdirSync(file).filter((name) => /\.jsonl?$/.test(name));
  if (names.length === 0) throw new Error(`${file}: no .json or .jsonl file in this folder`);
  const collator = new Intl.Collator("en", { numeric: true });
  return names.sort(collator.compare).map((name) => path.join(file, name));
}

function policyOf(file: string): string {
  const { dir, name } = path.parse(path.resolve(file));
  return `${path.basename(dir)}/${name}`;
}

function importEpisode(
  episode: LoggedEpisode,
  format: "evaluator" | "rollout",
  policy: string,
  env: ImportOptions["env"],
): Trajectory {
  const messages = episode.messages.filter(({ from }) => from !== "system");
  const start = beginning(messages, episode.place);
  const definition = definitionFor(episode, messages[start].text, env);
  const { exchanges, last } = pairUp(messages.slice(start), episode.place, start);
  const form = FORMS[definition.id];
  const { reward } = episode;
  const solved = form.solved(reward);
  const broke = format === "rollout" && last === undefined && !solved;
  const ended = form.ended?.(last ?? "") ?? false;
  const outcome: Outcome = solved ? "success" : broke ? "error" : ended ? "failure" : "truncated";
  return {
    task: taskFor(definition, episode.item, messages[start].text),
    attempt: 0,
    policy,
    version: `imported (${format})`,
    turns: turnsOf(definition, exchanges, last ?? "", reward),
    last: last ?? "",
    reward,
    outcome,
    ...(broke && { error: "the log ends with the agent's reply: the environment's step failed" }),
  };
}

/**
 * Where the episode begins: with what was shown before the agent's first own reply, where the log marks these; otherwise
 * with the last text that opens a task. A page that opens WebShop's task again is not a new beginning.
 */
function beginning(messages: readonly Message[], place: string): number {
  const own = messages.findIndex((message) => message.from === "agent" && message.own === true);
  if (own > 0) return own - 1;
  let start = -1;
  let seen: string | undefined;
  messages.forEach(({ from, text }, i) => {
    const env = from === "environment" ? environmentOf(text) : undefined;
    const essence = env && FORMS[env].essence(text);
    if (essence === undefined || essence === seen) return;
    start = i;
    seen = essence;
  });
  if (start >= 0) return start;
  throw broken(place, "conversations", undefined, `a first observation of ${Object.keys(FORMS).join(", ")}`);
}

function definitionFor(
  { item, place }: LoggedEpisode,
  first: string,
  env: ImportOptions["env"],
): EnvironmentDefinition {
  const named = Object.keys(FORMS).find((id) => String(item).startsWith(`${id}_`));
  const seen = environmentOf(first);
  const given = typeof env === "string" ? environment(env) : env;
  const id = given?.id ?? seen ?? named;
  if (id === undefined || !(id in FORMS))
    throw broken(place, "item_id", item, `items of ${Object.keys(FORMS).join(", ")}`);
  if (named !== undefined && named !== id)
    throw broken(
      place,
      "item_id",
      item,
      `items of ${id}, ${given ? "as asked for" : "whose first observation this is"}`,
    );
  if (seen !== id) throw broken(place, "the first observation", first, `one of ${id}`);
  return given ?? environment(id);
}

/** Observation and reply in turn; `last` is undefined where the log ends with a reply. */
function pairUp(messages: readonly Message[], place: string, offset: number) {
  const wrong = messages.findIndex(({ from }, i) => from !== (i % 2 === 0 ? "environment" : "agent"));
  if (wrong >= 0)
    throw broken(
      place,
      `conversations[${offset + wrong}]`,
      messages[wrong].from,
      `the ${wrong % 2 === 0 ? "environment" : "agent"}: observations and replies take turns`,
    );
  const exchanges: Exchange[] = [];
  for (let i = 0; i + 1 < messages.length; i += 2) exchanges.push([messages[i].text, messages[i + 1].text]);
  return { exchanges, last: messages.length % 2 === 1 ? messages[messages.length - 1].text : undefined };
}

const begun = new WeakMap<EnvironmentDefinition, Map<string, TaskSpec>>();

/** Our task for an item, if it begins as the log does; else a task of the log's own. */
function taskFor(definition: EnvironmentDefinition, item: number | string, first: string): TaskSpec {
  const key = `${item} ${first}`;
  const known = begun.get(definition) ?? new Map<string, TaskSpec>();
  begun.set(definition, known);
  const task = known.get(key) ?? ownTask(definition, item, first);
  known.set(key, task);
  return task;
}

function ownTask(definition: EnvironmentDefinition, item: number | string, first: string): TaskSpec {
  const { essence, find } = FORMS[definition.id];
  const wanted = essence(first)!;
  const number = Number(String(item).split("_").pop());
  const numbered = Number.isInteger(number) ? attempt(() => definition.task(number)) : undefined;
  if (numbered && essence(firstText(definition, numbered)) === wanted) return numbered;
  const found = find?.(definition, wanted);
  if (found) return found;
  const id = String(item).startsWith(`${definition.id}_`) ? String(item) : `${definition.id}_${item}`;
  return { id, env: definition.id, level: "unknown", split: "test", seed: 0, params: { imported: wanted } };
}

function firstText(definition: EnvironmentDefinition, task: TaskSpec): string {
  const running = definition.create();
  const observation = running.reset(task);
  running.close();
  if ("then" in observation) return "";
  return definition.render?.(observation, 0) ?? observation.text;
}

/** The original's numbers need not exist in the data at hand. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
