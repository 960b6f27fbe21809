/**
 * A figure as HTML that is alive where scripts run and a picture where they do not. Front ends prefer HTML to an image,
 * and static viewers (GitHub, nbviewer, an untrusted notebook) strip scripts, so the HTML carries the picture and a
 * script puts the live plot in its place.
 *
 * Plotly is large, so one figure of a notebook brings it, compressed, for all. A figure only registers its data; in
 * whatever order and however often a front end runs the scripts, whoever comes last draws what is not drawn yet.
 */
import { escapeHtml } from "../html";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { plotlyJson, sizeOf, type Figure } from "../figures/figure";
import { plotlyFile } from "./plotly";
import { figureId } from "./svg";

/** The figure's HTML from its static picture; `plotly` is true for the one that brings the plotting library. */
export function figureHtml(figure: Figure, svg: string, plotly: boolean): string {
  const id = figureId(figure);
  const { data, layout, config } = plotlyJson(figure);
  const picture = `data:image/svg+xml;base64,${Buffer.from(svg, "utf8").toString("base64")}`;
  const json = scriptSafe({ data, layout: { ...layout, width: undefined, autosize: true }, config });
  const register = `(window.heldoutFigures ??= {})["${id}"] = ${json}; window.heldoutDraw?.();`;
  return [
    `<div data-heldout-figure="${id}" style="max-width: ${sizeOf(figure).width}px">`,
    `<img alt="${escapeHtml(`${figure.title}. ${figure.alt}`)}" style="width: 100%" src="${picture}">`,
    `</div>`,
    ...(plotly ? [`<script>${loader()}</script>`] : []),
    `<script>${register}</script>`,
  ].join("");
}

/** JSON that cannot end the script element it stands in. */
function scriptSafe(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}

/**
 * Unpacks Plotly once per page and draws. Scripts may run before their output is in the document, or while the
 * notebook is hidden, hence the later looks and the observer. The wrapper hides `module` and `define` of the page
 * from Plotly, and a Plotly that was there before stays the page's own.
 */
function loader(): string {
  const source = readFileSync(plotlyFile());
  const packed = gzipSync(source, { level: 9 }).toString("base64");
  return `(async () => {
if (window.heldoutDraw) return window.heldoutDraw();
let Plotly;
const drawNow = () => {
  if (!Plotly) return;
  for (const host of document.querySelectorAll("[data-heldout-figure]:not([data-live])")) {
    const figure = window.heldoutFigures?.[host.dataset.heldoutFigure];
    if (!figure) continue;
    host.dataset.live = "yes";
    const plot = document.createElement("div");
    const { data, layout, config } = JSON.parse(JSON.stringify(figure));
    host.append(plot);
    Plotly.newPlot(plot, data, layout, config).then(() => {
      host.querySelector("img")?.remove();
      new ResizeObserver(() => plot.offsetWidth && Plotly.Plots.resize(plot)).observe(host);
    }, () => plot.remove());
  }
};
window.heldoutDraw = () => [0, 200, 2000].forEach((delay) => setTimeout(drawNow, delay));
const bytes = Uint8Array.from(atob("${packed}"), (c) => c.charCodeAt(0));
const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
const script = document.createElement("script");
script.textContent = "(function (module, exports, define) {" + (await new Response(unpacked).text()) + "\\n}).call(window);";
const before = window.Plotly;
document.head.append(script);
Plotly = window.Plotly;
if (before) window.Plotly = before;
script.remove();
window.heldoutDraw();
})();`;
}
