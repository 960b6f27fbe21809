/**
 * The shapes of trajectory logs, read strictly: a broken record is an error that names the line, the field, what was
 * there and what is accepted.
 *
 * - `evaluator`: JSON lines of AgentGym's evaluator, `{"conversations": [{"from", "loss", "value"}], "item_id",
 *   "reward", "success"}`. The turns that open a conversation have no loss; the agent's have.
 * - `rollout`: the arrays that AgentGym-RL writes per step and rank, `{"item_id", "conversations": [{"role",
 *   "content"}], "reward"}`. The item's number has lost its environment.
 * - `heldout`: our own trajectories, as JSON lines.
 */
import { notAccepted } from "../errors";
import type { Trajectory } from "../types";

export const FORMATS = ["evaluator", "rollout", "heldout"] as const;
export type LogFormat = (typeof FORMATS)[number];

export interface Message {
  readonly from: "agent" | "environment" | "system";
  readonly text: string;
  /** Whether the text is the agent's own in this episode; undefined where the log does not say. */
  readonly own?: boolean;
}

/** One episode as the log has it. `place` is its line or number, for messages. */
export interface LoggedEpisode {
  readonly place: string;
  readonly item: number | string;
  readonly messages: readonly Message[];
  readonly reward: number;
}

export interface Row {
  readonly value: unknown;
  readonly place: string;
}

/** The records of a JSON lines file or a JSON array. Throws with file and line for what is not JSON. */
export function readRecords(text: string, file: string): Row[] {
  if (text.trimStart().startsWith("[")) {
    const list = parseJson(text, file, 1) as readonly unknown[];
    return list.map((value, i) => ({ value, place: `${file} record ${i + 1}` }));
  }
  return text.split("\n").flatMap((line, i) => {
    if (line.trim() === "") return [];
    return [{ value: parseJson(line, file, i + 1), place: `${file} line ${i + 1}` }];
  });
}

function parseJson(text: string, file: string, firstLine: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? 0);
    const line = firstLine + text.slice(0, position).split("\n").length - 1;
    throw new Error(`${file} line ${line}: not JSON (${message})`, { cause: error });
  }
}

/** The format of a record, from the fields that it has. Throws with the accepted formats where it has none of them. */
export function formatOf({ value, place }: Row): LogFormat {
  const record = fields(value, place, "the record");
  if ("turns" in record && "task" in record) return "heldout";
  const first = Array.isArray(record.conversations) ? (record.conversations[0] as unknown) : undefined;
  if (isObject(first) && "from" in first) return "evaluator";
  if (isObject(first) && "role" in first) return "rollout";
  const accepted = `conversations with "from" and "value" (evaluator) or "role" and "content" (rollout), or a heldout trajectory`;
  throw new Error(`${place}: format not recognized, fields ${Object.keys(record).join(", ")}; accepted: ${accepted}`);
}

const SPEAKERS: { readonly [name: string]: Message["from"] } = {
  gpt: "agent",
  assistant: "agent",
  human: "environment",
  user: "environment",
  system: "system",
};

const NAMES = { evaluator: { who: "from", what: "value" }, rollout: { who: "role", what: "content" } } as const;

/** One record of an AgentGym log. */
export function readEpisode({ value, place }: Row, format: "evaluator" | "rollout"): LoggedEpisode {
  const { item_id: item, conversations, reward } = fields(value, place, "the record");
  if (typeof item !== "number" && typeof item !== "string")
    throw broken(place, "item_id", item, "a number or a string");
  if (typeof reward !== "number" || !Number.isFinite(reward)) throw broken(place, "reward", reward, "a number");
  if (!Array.isArray(conversations)) throw broken(place, "conversations", conversations, "a list of messages");
  const { who, what } = NAMES[format];
  const messages = conversations.map((entry: unknown, i): Message => {
    const at = `conversations[${i}]`;
    const message = fields(entry, place, at);
    const from = SPEAKERS[String(message[who])];
    if (!from) throw broken(place, `${at}.${who}`, message[who], Object.keys(SPEAKERS).join(", "));
    const text = message[what];
    if (typeof text !== "string") throw broken(place, `${at}.${what}`, text, "a string");
    return { from, text, ...(typeof message.loss === "boolean" && { own: message.loss }) };
  });
  return { place, item, messages, reward };
}

const OUTCOMES = ["success", "failure", "truncated", "error"] as const;

/** One of our own trajectories, checked for what every metric reads. */
export function readTrajectory({ value, place }: Row): Trajectory {
  const record = fields(value, place, "the record");
  const task = fields(record.task, place, "task");
  for (const field of ["id", "env", "level"])
    if (typeof task[field] !== "string") throw broken(place, `task.${field}`, task[field], "a string");
  for (const field of ["policy", "version", "last"])
    if (typeof record[field] !== "string") throw broken(place, field, record[field], "a string");
  for (const field of ["attempt", "reward"])
    if (typeof record[field] !== "number") throw broken(place, field, record[field], "a number");
  if (!OUTCOMES.includes(record.outcome as never)) throw broken(place, "outcome", record.outcome, OUTCOMES.join(", "));
  if (!Array.isArray(record.turns)) throw broken(place, "turns", record.turns, "a list of turns");
  record.turns.forEach((entry: unknown, i) => {
    const turn = fields(entry, place, `turns[${i}]`);
    for (const [field, type] of Object.entries(TURN))
      if (typeof turn[field] !== type) throw broken(place, `turns[${i}].${field}`, turn[field], `a ${type}`);
  });
  return value as Trajectory;
}

const TURN = { shown: "string", reply: "string", action: "string", reward: "number", valid: "boolean" } as const;

/** The format asked for, or an error that lists those there are. */
export function checkFormat(format: string | undefined): LogFormat | undefined {
  if (format !== undefined && !FORMATS.includes(format as LogFormat)) throw notAccepted("format", format, FORMATS);
  return format as LogFormat | undefined;
}

/** The error for a field that holds something else. */
export function broken(place: string, field: string, got: unknown, accepted: string): Error {
  const shown = got === undefined ? "nothing" : (JSON.stringify(got) ?? String(got));
  return new Error(`${place}: ${field}: got ${shown.slice(0, 80)}, accepted: ${accepted}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fields(value: unknown, place: string, what: string): Record<string, unknown> {
  if (!isObject(value)) throw broken(place, what, value, "an object");
  return value;
}
