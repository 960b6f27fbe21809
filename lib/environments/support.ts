/** Helpers that several environments share: the original client's way of reading replies. */
import type { Advice, ParsedReply } from "../types";
import { strip } from "./python";

/** `Thought: … Action: …`, the ReAct form of all environments but SearchQA. */
export function formatReact(advice: Advice): string {
  return advice.thought ? `Thought: ${advice.thought}\nAction: ${advice.action}` : `Action: ${advice.action}`;
}

/** What AgentGym's client answers, without a step, to a reply with several actions. */
export const ONLY_ONE_ACTION = "Error: Only one 'Action' is allowed per response. Please adjust your response.";

/**
 * The reply parser of AgentGym's TextCraft and BabyAI clients: exactly one `Action:` up to the end of its line,
 * then everything but letters, digits, commas and spaces is deleted and white space collapsed.
 */
export function parseSanitized(reply: string): ParsedReply {
  const matches = [...reply.matchAll(/Action:\s*([^]*?)(?=\n|$)/g)];
  const thought = (/Thought:\s*([^]*?)(?=Action:|$)/.exec(reply)?.[1] ?? "").trim();
  if (matches.length > 1) return { thought, action: "", error: ONLY_ONE_ACTION };
  const raw = matches[0]?.[1] ?? "";
  return {
    thought,
    action: raw
      .replace(/[^A-Za-z0-9, ]/g, "")
      .replace(/\s+/g, " ")
      .trim(),
  };
}

const ACTION = "Action:";

/**
 * AgentGym's ReAct parser: the action is all after the last `Action:`, the thought what follows the first `Thought:`
 * before it; without `Action:` the action is the whole reply if that contains `search[` or `click[`, else empty.
 */
export function parseReact(reply: string): ParsedReply {
  const at = reply.lastIndexOf(ACTION);
  if (at < 0 && /search\[|click\[/.test(reply)) return { thought: "", action: strip(reply) };
  const before = at < 0 ? reply : reply.slice(0, at);
  const thoughts = before.split("Thought:");
  return {
    thought: thoughts.length === 1 ? before : strip(thoughts[1]),
    action: at < 0 ? "" : strip(reply.slice(at + ACTION.length)),
  };
}

/** The way of AgentGym's WebShop and AlfWorld clients from reply to action: an end-of-text mark is cut off first. */
export function parseReply(reply: string): ParsedReply {
  return parseReact(reply.endsWith("</s>") ? reply.slice(0, -"</s>".length) : reply);
}
