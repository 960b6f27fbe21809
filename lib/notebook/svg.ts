/**
 * A figure as static SVG without a browser: Plotly in a jsdom window whose boxes come from {@link installGeometry}.
 * Same figure, same bytes. Plotly and jsdom are loaded on first use, here and nowhere else.
 */
import { escapeHtml } from "../html";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { plotlyJson, sizeOf, type Figure } from "../figures/figure";
import { generator, hash32 } from "../random";
import type { RandomSource } from "../types";
import { plotlyFile } from "./plotly";
import { installGeometry } from "./svg-geometry";

interface Plotly {
  toImage(json: object, options: object): Promise<string>;
}

interface Studio {
  readonly plotly: Plotly;
  /** Plotly names clip paths by random numbers; they are drawn from the figure being set. */
  random: RandomSource;
  /** Told when Plotly throws in a timer, where nobody waits for it. */
  fail(error: unknown): void;
  /** What has been painted on canvases since it was last emptied: heat maps. */
  readonly canvases: Canvas[];
}

/** A painted canvas: `fill` and rectangle in canvas pixels. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly rectangles: readonly (readonly [fill: string, x: number, y: number, width: number, height: number])[];
}

/** The parts of jsdom that are used here. */
interface JsDom {
  JSDOM: new (html: string, options: object) => { window: JsWindow };
  VirtualConsole: new () => object;
}

interface JsWindow {
  readonly document: unknown;
  readonly SVGElement: { readonly prototype: object };
  readonly HTMLCanvasElement: { readonly prototype: { getContext(this: CanvasElement, kind: string): object | null } };
  readonly URL: { createObjectURL(): string };
  getComputedStyle(element: unknown): unknown;
  matchMedia(): object;
  readonly [name: string]: unknown;
}

interface CanvasElement {
  readonly width: number;
  readonly height: number;
  toDataURL(): string;
}

let studio: Studio | undefined;
let last: Promise<unknown> = Promise.resolve();

/** A name for the figure's content that is safe as an id: two hashes of its JSON in base 36. */
export function figureId(figure: Figure): string {
  const json = JSON.stringify(plotlyJson(figure));
  return [0, 1].map((seed) => hash32(json, seed).toString(36).padStart(7, "0")).join("");
}

/**
 * The figure as an SVG document with a white ground, in the size its layout says (default 720 x 420).
 * Heat maps become rectangles; WebGL traces ("scattergl", "scatter3d", …) and smoothed heat maps need a browser.
 */
export function figureSvg(figure: Figure): Promise<string> {
  const result = last.then(() => set(figure));
  last = result.catch(() => undefined);
  return result;
}

async function set(figure: Figure): Promise<string> {
  studio ??= open();
  const { data, layout } = plotlyJson(figure);
  const size = sizeOf(figure);
  const id = figureId(figure);
  studio.random = generator(id);
  studio.canvases.length = 0;
  const copy = JSON.parse(JSON.stringify({ data, layout: { ...layout, ...size }, config: { staticPlot: true } }));
  const failed = new Promise<never>((_, reject) => (studio!.fail = reject));
  const svg = await Promise.race([
    failed,
    studio.plotly.toImage(copy, { format: "svg", imageDataOnly: true, ...size }),
  ]);
  return describe(drawCanvases(svg, studio.canvases), figure);
}

/** Starts Plotly in a window of its own, with `Math.random`, canvas and text measurement replaced. */
function open(): Studio {
  const { JSDOM, VirtualConsole } = createRequire(__filename)("jsdom") as JsDom;
  const { window } = new JSDOM("<!doctype html><body></body>", { virtualConsole: new VirtualConsole() });
  installGeometry(window);
  const canvases: Canvas[] = [];
  window.HTMLCanvasElement.prototype.getContext = function (kind) {
    return kind === "2d" ? brush(this, canvases) : null;
  };
  window.URL.createObjectURL = () => "blob:none";
  window.matchMedia = () => ({ matches: false, addListener() {}, addEventListener() {} });

  const made = { canvases, random: generator("plotly"), fail() {}, plotly: undefined as unknown as Plotly } as Studio;
  const later = (callback: () => void, delay?: number) =>
    setTimeout(() => {
      try {
        callback();
      } catch (error) {
        made.fail(error);
      }
    }, delay);
  const math = Object.create(Math) as Math;
  Object.defineProperty(math, "random", { value: () => made.random.next() });
  const scope: Record<string, unknown> = {
    window,
    self: window,
    document: window.document,
    navigator: window.navigator,
    location: window.location,
    getComputedStyle: window.getComputedStyle.bind(window),
    setTimeout: later,
    requestAnimationFrame: later,
    Math: math,
    module: undefined,
    exports: undefined,
  };
  for (const name of ["Element", "HTMLElement", "SVGElement", "Node", "XMLSerializer", "DOMParser", "URL", "Image"])
    scope[name] = window[name];
  const source = readFileSync(plotlyFile(), "utf8");
  new Function(...Object.keys(scope), source).call(window, ...Object.values(scope));
  return Object.assign(made, { plotly: window.Plotly as Plotly });
}

/**
 * A 2d context that remembers filled rectangles and pixels; the "image" is a token that {@link drawCanvases} replaces.
 * Throws on an image of more than 40 000 pixels: a heat map smoothed pixel by pixel is no drawing.
 */
function brush(canvas: CanvasElement, canvases: Canvas[]): object {
  const rectangles: [string, number, number, number, number][] = [];
  canvas.toDataURL = () => {
    canvases.push({ width: canvas.width, height: canvas.height, rectangles });
    return `canvas:${canvases.length - 1}`;
  };
  return {
    fillStyle: "#000",
    fillRect(this: { fillStyle: string }, x: number, y: number, width: number, height: number) {
      const [left, top] = [Math.min(x, x + width), Math.min(y, y + height)];
      rectangles.push([this.fillStyle, left, top, Math.abs(width), Math.abs(height)]);
    },
    createImageData(width: number, height: number) {
      if (width * height > 40_000)
        throw new Error(
          "a static picture of a smoothed heat map needs a browser; leave zsmooth out or set it to false",
        );
      return { width, data: new Uint8ClampedArray(4 * width * height) };
    },
    putImageData({ width, data }: { width: number; data: Uint8ClampedArray }) {
      for (let i = 0; i < data.length; i += 4) {
        const fill = `rgba(${data[i]},${data[i + 1]},${data[i + 2]},${data[i + 3] / 255})`;
        if (data[i + 3] > 0) rectangles.push([fill, (i / 4) % width, Math.floor(i / 4 / width), 1, 1]);
      }
    },
  };
}

function drawCanvases(svg: string, canvases: readonly Canvas[]): string {
  return svg.replace(/<image\b[^>]*?(?:\/>|><\/image>)/g, (image) => {
    const attribute = (name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(image)?.[1] ?? "0";
    const canvas = canvases[Number(/canvas:(\d+)/.exec(image)?.[1])];
    if (!canvas) return image;
    const place = ["x", "y", "width", "height"].map((name) => `${name}="${attribute(name)}"`).join(" ");
    const cells = canvas.rectangles.map(
      ([fill, x, y, width, height]) => `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`,
    );
    const box = `viewBox="0 0 ${canvas.width} ${canvas.height}" preserveAspectRatio="none"`;
    return `<svg ${place} ${box} shape-rendering="crispEdges">${cells.join("")}</svg>`;
  });
}

/** Gives the document its title and description for screen readers. */
function describe(svg: string, figure: Figure): string {
  const words = `<title>${escapeHtml(figure.title)}</title><desc>${escapeHtml(figure.alt)}</desc>`;
  return svg.replace(/^<svg ([^>]*)>/, (_, attributes: string) => `<svg role="img" ${attributes}>${words}`);
}
