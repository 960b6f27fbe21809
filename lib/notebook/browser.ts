/**
 * Figures for paper, drawn by a real browser: PNG at any scale, and SVG with the browser's own text metrics. Needs a
 * Chromium or Chrome on this machine and the development package playwright-core; nothing is downloaded.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import type { Browser } from "playwright-core";
import { plotlyJson, sizeOf, type Figure } from "../figures/figure";
import { hash32 } from "../random";
import { plotlyFile } from "./plotly";
import { figureId } from "./svg";

export interface Darkroom {
  /** The figure as a PNG of `scale` pixels to the CSS pixel (default 2). */
  png(figure: Figure, scale?: number): Promise<Buffer>;
  svg(figure: Figure): Promise<string>;
}

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The Chromium or Chrome to use: `CHROME_PATH`, or the first found on the PATH and in the usual places. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env.PATH ?? "").split(path.delimiter);
  const onPath = folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
  return [...(env.CHROME_PATH ? [env.CHROME_PATH] : []), ...onPath, ...places].find((file) => existsSync(file));
}

/** Starts a browser without a window; throws with the next step to take where there is none. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (!executablePath)
    throw new Error(
      "no Chromium or Chrome found; install one (Debian: apt-get install chromium) or set CHROME_PATH to it",
    );
  const { chromium } = await import("playwright-core");
  const root = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: root ? ["--no-sandbox"] : [] });
}

/** Lends a browser for drawing and closes it afterwards. Each figure gets a page of its own: same figure, same bytes. */
export async function withBrowser<T>(use: (darkroom: Darkroom) => Promise<T>): Promise<T> {
  const browser = await launchBrowser();
  const draw = async (figure: Figure, format: "png" | "svg", scale: number): Promise<string> => {
    const page = await browser.newPage();
    await page.addInitScript(`{
      let state = ${hash32(figureId(figure))};
      Math.random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
    }`);
    await page.goto("about:blank");
    await page.addScriptTag({ path: plotlyFile() });
    const size = sizeOf(figure);
    const { data, layout } = plotlyJson(figure);
    const json = JSON.stringify({ data, layout: { ...layout, ...size }, config: { staticPlot: true } });
    const options = JSON.stringify({ format, scale, imageDataOnly: true, ...size });
    const image = await page.evaluate(`Plotly.toImage(${json}, ${options})`);
    await page.close();
    return image as string;
  };
  try {
    return await use({
      png: async (figure, scale = 2) => Buffer.from(await draw(figure, "png", scale), "base64"),
      svg: (figure) => draw(figure, "svg", 1),
    });
  } finally {
    await browser.close();
  }
}
