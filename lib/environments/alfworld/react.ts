/** AgentGym's ReAct parser, which its AlfWorld and WebShop clients share. */
import type { ParsedReply } from "../../types";

const ACTION = "Action:";
const THOUGHT = "Thought:";

/**
 * The action is what follows the last `Action:`; the thought what stands before it, after `Thought:`. Without `Action:`
 * there is none, unless the reply has a WebShop command in it. An end-of-text mark `</s>` at the end is cut off.
 */
export function parseReact(reply: string): ParsedReply {
  const text = reply.endsWith("</s>") ? reply.slice(0, -"</s>".length) : reply;
  const at = text.lastIndexOf(ACTION);
  if (at < 0) {
    const command = text.includes("search[") || text.includes("click[");
    return command ? { thought: "", action: text.trim() } : { thought: thoughtIn(text), action: "" };
  }
  return { thought: thoughtIn(text.slice(0, at)), action: text.slice(at + ACTION.length).trim() };
}

/** Up to the next `Thought:`, if there are several. */
function thoughtIn(text: string): string {
  return (text.split(THOUGHT)[1] ?? text).trim();
}
