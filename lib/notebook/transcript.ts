/** A trajectory as a page to read: what the agent saw, thought and did, turn by turn, what came of it, and why it failed. */
import { environments } from "../environments";
import { diagnose, type Diagnosis } from "../failures/diagnose";
import { escapeHtml } from "../html";
import type { Trajectory, Turn } from "../types";
import type { Page } from "./page";
import { frameHtml } from "./viewer";

/**
 * What `show` and a terminal can read, with the labels of failure where the rules found their evidence. Arrow keys move
 * between turns. Text of the agent and the environment is escaped, never interpreted.
 */
export function transcript(trajectory: Trajectory): Page {
  const read = reading(trajectory);
  const body = `<h1>${escapeHtml(read.head)}</h1>${read.verdictHtml}<p class="hint">Arrow keys, Home and End move between turns.</p>${read.turnsHtml}`;
  return {
    toText: () => read.text,
    toHtml: () => frameHtml({ title: read.head, body, text: read.text, height: heightFor(trajectory.turns.length) }),
  };
}

/** The parts of a transcript, for pages that hold several. */
export interface Reading {
  readonly diagnosis: Diagnosis;
  /** One line: task, policy, outcome. */
  readonly head: string;
  /** One line: the labels; empty where there are none. */
  readonly verdict: string;
  readonly verdictHtml: string;
  /** The turns as a list to step through. */
  readonly turnsHtml: string;
  readonly text: string;
}

export function reading(trajectory: Trajectory): Reading {
  const { task, turns, outcome, reward, policy, last, error } = trajectory;
  const diagnosis = diagnose(trajectory);
  const count = `${turns.length} ${turns.length === 1 ? "turn" : "turns"}`;
  const head = `${task.id} (${task.level}), ${policy}: ${outcome}, reward ${reward}, ${count}`;
  const verdict = verdictLine(diagnosis, error);
  const items = turns.map((turn, i) => turnHtml(trajectory, turn, i, diagnosis));
  const end = `<li class="turn" tabindex="-1" aria-label="the end"><h2>The end: ${outcome}</h2>${said("env", "shown", last)}</li>`;
  return {
    diagnosis,
    head,
    verdict,
    verdictHtml: verdict && `<p class="head"><b>${escapeHtml(verdict)}</b></p>`,
    turnsHtml: `<ol class="turns" aria-label="turns">${[...items, end].join("").replace('tabindex="-1"', 'tabindex="0"')}</ol>`,
    text: [
      [head, verdict].filter(Boolean).join("\n"),
      ...turns.flatMap(({ shown, reply }, i) => [
        shown,
        [indent(reply), ...labelsIn(diagnosis, i).map((label) => `    ! ${label}`)].join("\n"),
      ]),
      last,
    ]
      .filter(Boolean)
      .join("\n\n"),
  };
}

/** Pixels for so many turns, within what a screen holds. */
export function heightFor(turns: number): number {
  return Math.min(640, 160 + 120 * turns);
}

function verdictLine({ primary, labels }: Diagnosis, error?: string): string {
  if (error !== undefined) return `infrastructure error: ${error}`;
  const others = [...new Set(labels.map(({ mode }) => mode))].filter((mode) => mode !== primary);
  if (primary === undefined) return "";
  return `failure by rules: ${primary}${others.length ? `; also ${others.join(", ")}` : ""}`;
}

/** "faulty logic (amounts differ from the command): craft 1 …" for every label with evidence in this turn. */
function labelsIn({ labels }: Diagnosis, turn: number): string[] {
  return labels.flatMap(({ mode, rule, evidence }) =>
    evidence.filter((found) => found.turn === turn).map(({ text }) => `${mode} (${rule}): ${text}`),
  );
}

function turnHtml({ task, turns }: Trajectory, turn: Turn, i: number, diagnosis: Diagnosis): string {
  const labels = labelsIn(diagnosis, i);
  const tags = [...(turn.valid ? [] : ["not carried out"]), ...(turn.reward ? [`reward ${turn.reward}`] : [])];
  const name = [`turn ${i + 1} of ${turns.length}`, ...tags, ...labels.map((label) => label.split(" (")[0])].join(", ");
  return [
    `<li class="turn${turn.valid ? "" : " refused"}" tabindex="-1" aria-label="${escapeHtml(name)}">`,
    `<h2>Turn ${i + 1}${tags.map((tag) => `<span class="tag">${escapeHtml(tag)}</span>`).join("")}</h2>`,
    said("env", "shown", turn.shown),
    replyHtml(task.env, turn),
    ...labels.map((label) => `<div class="label">\u2691 ${escapeHtml(label)}</div>`),
    `</li>`,
  ].join("");
}

/** Thought and action apart where the reply consists of these two; otherwise the reply as written, and what was read. */
function replyHtml(env: string, { reply, action }: Turn): string {
  const definition = environments.find(({ id }) => id === env);
  const thought = definition?.parse(reply).thought ?? "";
  const plainAction = reply.slice(reply.lastIndexOf(action)).trim() === action ? action : undefined;
  const before = plainAction === undefined ? reply : reply.slice(0, reply.lastIndexOf(action));
  const onlyThese = plainAction && before.replace(thought, "").replace(/Thought:|Action:|\s/g, "") === "";
  if (onlyThese) return (thought ? said("agent", "thought", thought) : "") + said("agent action", "action", action);
  const same = action.trim() === reply.trim();
  return said("agent", "reply", reply) + (same ? "" : said("agent action", "action read", action || "none"));
}

function said(kind: string, label: string, text: string): string {
  return `<div class="said ${kind}"><b>${label}</b>${escapeHtml(text)}</div>`;
}

const indent = (text: string) => text.replace(/^/gm, "    > ");
