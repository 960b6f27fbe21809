/** How AgentGym's WebShop client reads a reply. */
import type { ParsedReply } from "../../types";
import { strip } from "./python";

const HEADER = "Action:";

/**
 * The client's ReAct parser: the action is all after the last `Action:`; without one it is the whole reply if that
 * contains `search[` or `click[`, else empty.
 */
export function parseReact(reply: string): ParsedReply {
  const at = reply.lastIndexOf(HEADER);
  if (at < 0 && /search\[|click\[/.test(reply)) return { thought: "", action: strip(reply) };
  const before = at < 0 ? reply : reply.slice(0, at);
  const thoughts = before.split("Thought:");
  return {
    thought: thoughts.length === 1 ? before : strip(thoughts[1]),
    action: at < 0 ? "" : strip(reply.slice(at + HEADER.length)),
  };
}

/** The client's whole way from reply to action: an end-of-sequence mark is cut off first. */
export function parseReply(reply: string): ParsedReply {
  return parseReact(reply.endsWith("</s>") ? reply.slice(0, -"</s>".length) : reply);
}
