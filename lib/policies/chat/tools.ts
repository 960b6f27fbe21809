/** Acting by calling functions: the environment's tools as schemas, and a call back to the environment's action. */
import { InfrastructureError } from "../../errors";
import type { EnvironmentDefinition, Tool } from "../../types";
import type { Answer, Message, ToolSchema } from "./transport";

/** Put behind the environment's prompt, which asks for actions as text. */
export const TOOLS_NOTE =
  "In this conversation you act by calling exactly one of the functions in every reply, instead of writing an action. " +
  "Write your thought as the text beside the call.";

/** The environment's functions in the form of the OpenAI interface. Throws for an environment without any. */
export function toolSchemas(definition: EnvironmentDefinition): ToolSchema[] {
  if (!definition.tools)
    throw new InfrastructureError(`${definition.title} describes no functions; use the format "text"`);
  return definition.tools.map(({ name, description, parameters }) => ({
    type: "function",
    function: {
      name,
      description,
      parameters: {
        type: "object",
        properties: Object.fromEntries(
          Object.entries(parameters).map(([key, meaning]) => [key, { type: "string", description: meaning }]),
        ),
        required: Object.keys(parameters),
      },
    },
  }));
}

/**
 * The reply that an answer stands for, in the environment's own form. A call that names no function of the
 * environment, or whose arguments are missing or no JSON, becomes an action as it was written: the environment answers it.
 */
export function replyOf(definition: EnvironmentDefinition, { text, call }: Answer): string {
  if (!call) return text;
  const tool = definition.tools?.find(({ name }) => name === call.name);
  const action = (tool && fill(tool, call.arguments)) ?? `${call.name}(${call.arguments})`;
  return definition.format({ thought: text.trim(), action });
}

/**
 * The same answer as the model will find it in its history. A call gets an id of our own, of nine letters and digits as
 * some servers want them, since a history must not depend on the ids that a server makes up.
 */
export function saidMessages({ text, call }: Answer, turn: number): Message {
  if (!call) return { role: "assistant", content: text };
  return { role: "assistant", content: text, tool_calls: [{ id: callId(turn), type: "function", function: call }] };
}

/** What was shown after a reply: the result of the call, or plain text where there was none. */
export function shownMessage(shown: string, before: Answer | undefined, turn: number): Message {
  return before?.call
    ? { role: "tool", content: shown, tool_call_id: callId(turn - 1) }
    : { role: "user", content: shown };
}

const callId = (turn: number) => `call${String(turn).padStart(5, "0")}`;

function fill(tool: Tool, written: string): string | undefined {
  let values: Record<string, unknown>;
  try {
    values = JSON.parse(written || "{}");
  } catch {
    return undefined;
  }
  if (!values || typeof values !== "object") return undefined;
  const text = (name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  };
  if (Object.keys(tool.parameters).some((name) => text(name) === undefined)) return undefined;
  return tool.action.replace(/\{(\w+)\}/g, (_, name: string) => text(name) ?? "");
}
