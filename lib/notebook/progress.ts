/**
 * Progress bars with the time left, for people's eyes only. In a notebook a group of bars is one output that is
 * replaced in place; in a terminal the bars move; in a log file a line is written now and then.
 */
import { escapeHtml } from "../html";
import { randomUUID } from "node:crypto";
import { MultiBar, type SingleBar } from "cli-progress";
import { display, kernel, updateDisplay, type MimeBundle } from "./kernel";

/** Numbers worth watching beside the bar, such as the reward. */
export type Watched = Readonly<Record<string, number | string>>;

export interface ProgressBar {
  /** Sets how many units are done; `watched` replaces the values beside the bar. */
  update(done: number, watched?: Watched): void;
  /** Leaves the bar as it stands. Await it at the end of a notebook cell, so that the last state is seen. */
  stop(): Promise<void>;
}

export interface ProgressGroup {
  /** A further bar below the others; `from` units were done before it began (a resumed run). */
  add(title: string, total: number, from?: number): ProgressBar;
  stop(): Promise<void>;
}

interface BarState {
  readonly title: string;
  readonly total: number;
  readonly from: number;
  readonly began: number;
  done: number;
  watched: Watched;
  /** When the bar was full or stopped, in ms of performance.now(). */
  ended?: number;
}

/** Where a group is drawn. `draw(true)` must not be dropped. */
interface Painter {
  draw(bars: readonly BarState[], now: number, final: boolean): void;
  close(): Promise<void>;
}

/** One bar: `const bar = progress("RFT on easy", 200); bar.update(10, { reward: 0.42 }); await bar.stop();` */
export function progress(title: string, total: number, from = 0): ProgressBar {
  const group = progressGroup();
  const bar = group.add(title, total, from);
  return { update: bar.update, stop: group.stop };
}

/** Several bars below one another. */
export function progressGroup(): ProgressGroup {
  const bars: BarState[] = [];
  const painter = kernel() !== "none" ? notebookPainter() : process.stderr.isTTY ? terminalPainter() : logPainter();
  const draw = (final: boolean) => painter.draw(bars, performance.now(), final);
  return {
    add(title, total, from = 0) {
      const bar: BarState = { title, total, from, began: performance.now(), done: from, watched: {} };
      bars.push(bar);
      draw(false);
      return {
        update(done, watched = bar.watched) {
          Object.assign(bar, { done, watched });
          if (done >= total) bar.ended ??= performance.now();
          draw(done >= total);
        },
        async stop() {
          bar.ended ??= performance.now();
          draw(true);
        },
      };
    },
    async stop() {
      for (const bar of bars) bar.ended ??= performance.now();
      draw(true);
      await painter.close();
    },
  };
}

/** A bar as text, `now` in ms: `RFT on easy  ███████░░░░░░░░░░░░░  35 %  70/200  1:23 left  reward 0.420`. */
export function barText(bar: Readonly<BarState>, now: number): string {
  const share = shareOf(bar);
  const filled = Math.round(20 * share);
  const blocks = "█".repeat(filled) + "░".repeat(20 - filled);
  const parts = [bar.title, blocks, `${Math.floor(100 * share)} %`, `${bar.done}/${bar.total}`, timing(bar, now)];
  return [...parts, watchedText(bar)].filter(Boolean).join("  ");
}

function shareOf(bar: BarState): number {
  return bar.total > 0 ? Math.min(1, Math.max(0, bar.done / bar.total)) : 1;
}

/** Time left at the mean pace since the bar began, or the time taken once it is over. */
function timing(bar: BarState, now: number): string {
  if (bar.ended !== undefined) return clock(bar.ended - bar.began);
  const made = bar.done - bar.from;
  return made > 0 ? `${clock(((now - bar.began) / made) * (bar.total - bar.done))} left` : "";
}

function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

function watchedText(bar: BarState): string {
  return Object.entries(bar.watched)
    .map(
      ([name, value]) => `${name} ${typeof value === "number" && !Number.isInteger(value) ? value.toFixed(3) : value}`,
    )
    .join("  ");
}

function barsBundle(bars: readonly BarState[], now: number): MimeBundle {
  const rows = bars.map((bar) => {
    const share = shareOf(bar);
    const cells = [
      escapeHtml(bar.title),
      `<progress max="1" value="${share.toFixed(4)}"></progress>`,
      `${Math.floor(100 * share)} %`,
      `${bar.done}/${bar.total}`,
      timing(bar, now),
      escapeHtml(watchedText(bar)),
    ];
    return `<tr>${cells.map((cell) => `<td style="text-align: left">${cell}</td>`).join("")}</tr>`;
  });
  return {
    "text/html": `<table>${rows.join("")}</table>`,
    "text/plain": bars.map((bar) => barText(bar, now)).join("\n"),
  };
}

/** One display that is updated at most five times a second; a lost update never disturbs the run. */
function notebookPainter(): Painter {
  const id = randomUUID();
  let shown: number | undefined;
  let sent: Promise<void> = Promise.resolve();
  return {
    draw(bars, now, final) {
      if (shown !== undefined && !final && now - shown < 200) return;
      const bundle = barsBundle(bars, now);
      const first = shown === undefined;
      shown = now;
      sent = sent.then(() => (first ? display(bundle, id) : updateDisplay(id, bundle))).catch(() => {});
    },
    close: () => sent,
  };
}

function terminalPainter(): Painter {
  const multi = new MultiBar({ format: "{line}", hideCursor: true, stopOnComplete: false, forceRedraw: true });
  const lines: SingleBar[] = [];
  return {
    draw(bars, now) {
      for (const [index, bar] of bars.entries()) {
        lines[index] ??= multi.create(bar.total, bar.done, { line: "" });
        lines[index].update(bar.done, { line: barText(bar, now) });
      }
    },
    async close() {
      multi.stop();
    },
  };
}

/** Lines on the standard error: at most one every ten seconds, and one for each bar that ends. */
function logPainter(): Painter {
  const ended = new Set<BarState>();
  let written = performance.now();
  return {
    draw(bars, now) {
      const over = bars.filter((bar) => bar.ended !== undefined && !ended.has(bar));
      const running = now - written < 10_000 ? [] : bars.filter((bar) => bar.ended === undefined);
      if (running.length > 0) written = now;
      for (const bar of [...over, ...running]) process.stderr.write(`${barText(bar, now)}\n`);
      for (const bar of over) ended.add(bar);
    },
    async close() {},
  };
}
