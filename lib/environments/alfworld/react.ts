/** AgentGym's ReAct parser, which its AlfWorld and WebShop clients share. */
import type { ParsedReply } from "../../types";
import { strip } from "./python";

const ACTION = "Action:";
const THOUGHT = "Thought:";

/**
 * The action is what follows the last `Action:`; the thought what stands before it, after `Thought:`. Without `Action:`
 * there is none, unless the reply has a WebShop command in it. An end-of-text mark `</s>` at the end is cut off.
 */
export function parseReact(reply: string): ParsedReply {
  const text = reply.endsWith("</s>") ? reply.slice(0, -"</s>".length) : reply;
  const at = text.lastIndexOf(ACTION);
  if (at >= 0) return { thought: thoughtIn(text.slice(0, at)), action: strip(text.slice(at + ACTION.length)) };
  if (text.includes("search[") || text.includes("click[")) return { thought: "", action: strip(text) };
  return { thought: thoughtIn(text), action: "" };
}

/** What follows the first `Thought:`, up to a second one; without any, the whole text as it is. */
function thoughtIn(text: string): string {
  const parts = text.split(THOUGHT);
  return parts.length === 1 ? text : strip(parts[1]);
}
