/** One verb for everything a cell shows. */
import { plotlyJson, type Figure } from "../figures/figure";
import { figureHtml } from "./figure-html";
import { display, kernel, type MimeBundle } from "./kernel";
import type { Page } from "./page";
import { figureSvg } from "./svg";
import { transcript } from "./transcript";
import type { Trajectory } from "../types";

export type { Page } from "./page";

export type Showable = Figure | Page | Trajectory | string;

/**
 * Shows a figure, a table or another page, a trajectory as its transcript, or a text in Markdown below the running cell.
 * In a plain program it prints text: of a figure its title and what is to be seen. Throws on anything else.
 */
export async function show(what: Showable): Promise<void> {
  const thing = isTrajectory(what) ? transcript(what) : what;
  if (kernel() === "none") return display({ "text/plain": plain(thing) });
  return display(await bundle(thing));
}

/** Title of the figure that brought Plotly into this kernel's notebook. */
let carrier: string | undefined;

/**
 * All renditions of a thing. The first figure of a kernel brings Plotly, and brings it again whenever a figure of its
 * title is shown, since running a cell again takes away what the cell showed before.
 */
export async function bundle(thing: Exclude<Showable, Trajectory>): Promise<MimeBundle> {
  const text = plain(thing);
  if (typeof thing === "string") return { "text/markdown": text, "text/plain": text };
  if (!isFigure(thing)) {
    return {
      "text/html": thing.toHtml(),
      ...(thing.toMarkdown && { "text/markdown": thing.toMarkdown() }),
      ...(thing.toLatex && { "text/latex": thing.toLatex() }),
      "text/plain": text,
    };
  }
  carrier ??= thing.title;
  const svg = await figureSvg(thing);
  return {
    "application/vnd.plotly.v1+json": plotlyJson(thing),
    "text/html": figureHtml(thing, svg, carrier === thing.title),
    "image/svg+xml": svg,
    "text/plain": text,
  };
}

function plain(thing: Exclude<Showable, Trajectory>): string {
  if (typeof thing === "string") return thing;
  if (isFigure(thing)) return `${thing.title}\n${thing.alt}`;
  if (typeof thing?.toHtml === "function" && typeof thing.toText === "function") return thing.toText();
  throw new TypeError(
    `show() takes a figure { title, alt, data, layout }, a table or page with toHtml() and toText(), a trajectory, or a text; got ${typeof thing}`,
  );
}

function isTrajectory(thing: Showable): thing is Trajectory {
  return typeof thing === "object" && thing !== null && "turns" in thing && "task" in thing && "outcome" in thing;
}

function isFigure(thing: Showable): thing is Figure {
  return typeof thing === "object" && thing !== null && Array.isArray((thing as Figure).data) && "layout" in thing;
}
