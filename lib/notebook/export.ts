/** Takes the figures out of an executed notebook: Plotly JSON, SVG, and PNG where a browser is present. */
import path from "node:path";
import type { Figure } from "../figures/figure";
import { writeAtomically } from "../store";
import { findBrowser, withBrowser } from "./browser";
import type { CodeCell, Notebook } from "./nbformat";
import { figureSvg } from "./svg";

const PLOTLY = "application/vnd.plotly.v1+json";

/** Writes `figure-1.json`, `.svg` and `.png`, … below `folder`; `note` says why there are no PNGs. */
export async function exportFigures(notebook: Notebook, folder: string): Promise<{ written: string[]; note?: string }> {
  const code = notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
  const bundles = code.flatMap((cell) => cell.outputs.flatMap((o) => ("data" in o && o.data[PLOTLY] ? [o.data] : [])));
  const figures = bundles.map(figureOf);
  const written: string[] = [];
  const write = (nth: number, extension: string, content: string | Uint8Array) => {
    const file = path.join(folder, `figure-${nth + 1}.${extension}`);
    writeAtomically(file, content);
    written.push(file);
  };
  for (const [nth, bundle] of bundles.entries()) write(nth, "json", JSON.stringify(bundle[PLOTLY], null, 1) + "\n");
  if (!findBrowser()) {
    for (const [nth, figure] of figures.entries()) write(nth, "svg", await figureSvg(figure));
    return { written, note: "no PNG: no Chromium or Chrome found" };
  }
  await withBrowser(async (darkroom) => {
    for (const [nth, figure] of figures.entries()) {
      write(nth, "svg", await darkroom.svg(figure));
      write(nth, "png", await darkroom.png(figure));
    }
  });
  return { written };
}

function figureOf(bundle: Record<string, unknown>): Figure {
  const { data, layout } = bundle[PLOTLY] as Pick<Figure, "data" | "layout">;
  const title = (layout.title as { text?: string } | undefined)?.text ?? "";
  return { title, alt: String(bundle["text/plain"] ?? title), data, layout };
}
