/** Several transcripts on one page: two attempts at a task side by side, and a list to search through. */
import { escapeHtml } from "../html";
import { modesOf } from "../failures/diagnose";
import type { Trajectory } from "../types";
import type { Page } from "./page";
import { heightFor, reading } from "./transcript";
import { frameHtml } from "./viewer";

/**
 * Two trajectories of one task side by side, such as before and after RFT, with the first turn in which the actions
 * differ. Up and down move between turns, left and right between the two. Throws a RangeError for different tasks.
 */
export function compare(a: Trajectory, b: Trajectory): Page {
  if (a.task.id !== b.task.id)
    throw new RangeError(`compare needs two trajectories of one task, got ${a.task.id} and ${b.task.id}`);
  const sides = [a, b].map(reading);
  const parting = partingOf(a, b);
  const title = `${a.task.id}: ${a.policy} beside ${b.policy}`;
  const columns = sides.map(
    ({ head, verdictHtml, turnsHtml }) =>
      `<section aria-label="${escapeHtml(head)}"><h1>${escapeHtml(head)}</h1>${verdictHtml}${turnsHtml}</section>`,
  );
  const body = `<p class="head">${escapeHtml(parting)}</p><p class="hint">Up and down move between turns, left and right between the two.</p><div class="pair">${columns.join("")}</div>`;
  const text = [title, parting, ...sides.map((side) => side.text)].join("\n\n");
  const height = heightFor(Math.max(a.turns.length, b.turns.length));
  return { toText: () => text, toHtml: () => frameHtml({ title, body, text, height }) };
}

function partingOf(a: Trajectory, b: Trajectory): string {
  const first = a.turns.findIndex((turn, i) => turn.action !== b.turns[i]?.action);
  if (first >= 0)
    return first === 0 ? "The actions differ from the first turn on." : `Same actions up to turn ${first}.`;
  return a.turns.length === b.turns.length
    ? "Same actions throughout."
    : `Same actions up to turn ${a.turns.length}, where the first ends.`;
}

export interface BrowseOptions {
  /** Transcripts on the page, the first of the list; the page says how many are left out. Default 100. */
  readonly limit?: number;
}

const UNEXPLAINED = "not explained";

/**
 * A list of trajectories to unfold, with filters by environment, policy, outcome and failure label. Arrow keys move
 * between episodes, Enter unfolds, right enters the turns, Escape leads back.
 */
export function browse(trajectories: readonly Trajectory[], { limit = 100 }: BrowseOptions = {}): Page {
  const shown = trajectories.slice(0, limit);
  const left = trajectories.length - shown.length;
  const episodes = shown.map((trajectory) => {
    const { task, policy, outcome } = trajectory;
    const read = reading(trajectory);
    const failed = outcome === "failure" || outcome === "truncated";
    const modes: string[] = modesOf(read.diagnosis);
    const label = failed && modes.length === 0 ? [UNEXPLAINED] : modes;
    return { read, keys: { environment: [task.env], policy: [policy], outcome: [outcome as string], label } };
  });
  const title = `${trajectories.length} episodes${left ? `, the first ${limit} here` : ""}`;
  const filters = (["environment", "policy", "outcome", "label"] as const).map((name) => {
    const values = [...new Set(episodes.flatMap(({ keys }) => keys[name]))].sort();
    const options = values.map((value) => `<option value="${escapeHtml(value)}">${escapeHtml(value)}</option>`);
    return `<label>${name} <select name="${name}"><option value="">all</option>${options.join("")}</select></label>`;
  });
  const rows = episodes.map(({ read, keys }) => {
    const data = Object.entries(keys).map(([name, values]) => ` data-${name}="${escapeHtml(JSON.stringify(values))}"`);
    const line = [read.head, read.verdict].filter(Boolean).join(" \u2014 ");
    return `<details class="episode"${data.join("")}><summary>${escapeHtml(line)}</summary>${read.turnsHtml}</details>`;
  });
  const body = [
    `<h1>${escapeHtml(title)}</h1><form aria-label="filters">${filters.join("")}<span role="status"></span></form>`,
    `<p class="hint">Up and down move between episodes, Enter unfolds one, right enters its turns, Escape leads back.</p>`,
    ...rows,
  ].join("");
  const text = [title, ...episodes.map(({ read }) => [read.head, read.verdict].filter(Boolean).join("\n  "))].join(
    "\n",
  );
  return { toText: () => text, toHtml: () => frameHtml({ title, body, text, height: 560 }) };
}
