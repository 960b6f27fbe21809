/** A trajectory as a page to read: what the agent saw, thought and did, turn by turn, and what came of it. */
import { escapeHtml } from "../html";
import type { Trajectory } from "../types";
import type { Page } from "./show";

const STYLE = {
  page: "font-family:Arial,Helvetica,sans-serif;font-size:13px;max-width:52em;color:#222",
  shown: "white-space:pre-wrap;background:#f4f4f4;border-left:4px solid #bbb;padding:6px 10px;margin:6px 0",
  reply: "white-space:pre-wrap;background:#eef5fb;border-left:4px solid #0072b2;padding:6px 10px;margin:6px 0 6px 2em",
  invalid:
    "white-space:pre-wrap;background:#fdf2ea;border-left:4px solid #d55e00;padding:6px 10px;margin:6px 0 6px 2em",
};

/** What `show` and a terminal can read. Text of the agent and the environment is escaped, never interpreted. */
export function transcript(trajectory: Trajectory): Page {
  const { task, turns, outcome, reward, policy, last } = trajectory;
  const count = `${turns.length} ${turns.length === 1 ? "turn" : "turns"}`;
  const head = `${task.id} (${task.level}), ${policy}: ${outcome}, reward ${reward}, ${count}`;
  const block = (style: string, label: string, text: string) =>
    `<div style="${style}" aria-label="${label}">${escapeHtml(text)}</div>`;
  return {
    toText: () =>
      [head, ...turns.flatMap(({ shown, reply }) => [shown, indent(reply)]), last].filter(Boolean).join("\n\n"),
    toHtml: () =>
      [
        `<div style="${STYLE.page}"><p><b>${escapeHtml(head)}</b></p>`,
        ...turns.map(
          ({ shown, reply, valid, reward: earned }, i) =>
            block(STYLE.shown, `shown in turn ${i + 1}`, shown) +
            block(valid ? STYLE.reply : STYLE.invalid, `reply ${i + 1}${valid ? "" : ", not carried out"}`, reply) +
            (earned ? `<div style="margin-left:2em">reward ${earned}</div>` : ""),
        ),
        block(STYLE.shown, "shown at the end", last),
        "</div>",
      ].join("\n"),
  };
}

const indent = (text: string) => text.replace(/^/gm, "    > ");
