import { describe, expect, it } from "vitest";
import type { Figure } from "../../lib/figures/figure";
import { findBrowser, withBrowser } from "../../lib/notebook/browser";
import { figureSvg } from "../../lib/notebook/svg";
import { textWidth } from "../../lib/notebook/svg-geometry";
import { allFigures, barFigure, forestFigure, heatFigure, lineFigure, scatterFigure } from "./figures";

/** What is written where: the texts of an SVG with the middle of their anchors on the page, in order. */
function texts(svg: string): { text: string; x: number; y: number }[] {
  return [...svg.matchAll(/<text\b([^>]*)>([^]*?)<\/text>/g)].map(([, attributes, inner]) => {
    const at = (name: string) => Number(new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1] ?? 0);
    const move = /transform="[^"]*translate\(([-\d.]+),([-\d.]+)\)/.exec(attributes);
    return {
      text: inner.replace(/<[^>]*>/g, ""),
      x: at("x") + Number(move?.[1] ?? 0),
      y: at("y") + Number(move?.[2] ?? 0),
    };
  });
}

describe("a static figure", () => {
  it("shows title, axis titles, every tick label and the legend", async () => {
    const written = texts(await figureSvg(barFigure)).map((t) => t.text);
    for (const word of ["TextCraft", "BabyAI", "ALFWorld", "base policy", "after RFT", "0.2", "1", barFigure.title])
      expect(written).toContain(word);
    expect(written).toContain("success rate, avg@8");
  });

  it("leaves room for long labels and for the legend", async () => {
    const forest = await figureSvg(forestFigure);
    const labels = texts(forest).filter(
      (t) => forestFigure.data[0].y && (forestFigure.data[0].y as string[]).includes(t.text),
    );
    expect(labels).toHaveLength(3);
    for (const label of labels) expect(label.x - textWidth(label.text, 12)).toBeGreaterThan(0);
    const plot = /<clipPath[^>]*xyplot"[^>]*><rect width="([\d.]+)"/.exec(await figureSvg(lineFigure))!;
    expect(Number(plot[1])).toBeLessThan(720 - 60 - textWidth("TextCraft", 12) - 20);
  });

  it("draws heat maps as rectangles, without pictures inside the picture", async () => {
    const svg = await figureSvg(heatFigure);
    expect(svg).not.toContain("<image");
    expect(svg.match(/<rect x="\d+" y="\d+" width="1" height="1" fill="rgba\(/g)).toHaveLength(9);
    expect(texts(svg).map((t) => t.text)).toContain("0.80");
  });

  it("is the same bytes again, alone or among others, whoever came before", async () => {
    const together = await Promise.all(allFigures.map(figureSvg));
    for (const [i, figure] of [...allFigures.entries()].reverse()) expect(await figureSvg(figure)).toBe(together[i]);
  });

  it("has names of its own inside, so that two fit on one page", async () => {
    const ids = (svg: string) => new Set([...svg.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]));
    const [bar, scatter] = [ids(await figureSvg(barFigure)), ids(await figureSvg(scatterFigure))];
    expect([...bar].filter((id) => scatter.has(id))).toEqual([]);
  });

  it("is well-formed and carries title and description for screen readers", async () => {
    const awkward: Figure = { ...barFigure, title: `5 < 6 & "so on"`, alt: "a < b" };
    const svg = await figureSvg(awkward);
    expect(svg).toContain("<desc>a &lt; b</desc>");
    const { JSDOM } = await import("jsdom" as string);
    const parsed = new JSDOM(svg, { contentType: "image/svg+xml" });
    expect(parsed.window.document.documentElement.getAttribute("width")).toBe("720");
  });

  it("refuses a smoothed heat map and names the way out, and the next figure is unharmed", async () => {
    const smooth: Figure = { ...heatFigure, data: [{ ...heatFigure.data[0], zsmooth: "best" }] };
    await expect(figureSvg(smooth)).rejects.toThrow("zsmooth");
    expect(await figureSvg(barFigure)).toContain("base policy");
  });

  it.skipIf(!findBrowser())("puts its words where a browser puts them, to 4 pixels (needs Chromium)", async () => {
    const drawn = await withBrowser((darkroom) => Promise.all(allFigures.map((figure) => darkroom.svg(figure))));
    for (const [i, figure] of allFigures.entries()) {
      const [ours, theirs] = [texts(await figureSvg(figure)), texts(drawn[i])];
      expect(ours.map((t) => t.text)).toEqual(theirs.map((t) => t.text));
      for (const [j, { text, x, y }] of ours.entries()) {
        const distance = Math.hypot(x - theirs[j].x, y - theirs[j].y);
        expect(distance, `${figure.title}: "${text}" is ${distance.toFixed(1)} pixels away`).toBeLessThan(4);
      }
    }
  });

  it.skipIf(!findBrowser())("becomes the same PNG twice in a browser (needs Chromium)", async () => {
    const [first, second] = await withBrowser(async ({ png }) => [await png(barFigure), await png(barFigure)]);
    expect(first.subarray(1, 4).toString()).toBe("PNG");
    expect([first.readUInt32BE(16), first.readUInt32BE(20)]).toEqual([1440, 840]);
    expect(first.equals(second)).toBe(true);
  });
});
