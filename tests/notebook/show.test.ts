import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findBrowser, launchBrowser } from "../../lib/notebook/browser";
import type { Page } from "../../lib/notebook/show";
import { allFigures, barFigure, heatFigure } from "./figures";

interface Shown {
  readonly data: Record<string, string>;
  readonly transient: object;
}

/** Stands in for the tslab kernel: everything that is displayed ends up in the list. */
function kernel(): Shown[] {
  const shown: Shown[] = [];
  vi.stubGlobal("__tslab__", {
    require: () => ({ lastWriteDisplayData: (content: Shown) => shown.push(content) }),
  });
  return shown;
}

/** A fresh kernel knows no figures yet. */
async function freshShow() {
  vi.resetModules();
  return (await import("../../lib/notebook/show")).show;
}

const table: Page = {
  toHtml: () => "<table></table>",
  toText: () => "a table",
  toMarkdown: () => "| a |",
};

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("show in a notebook", () => {
  let shown: Shown[];
  beforeEach(() => (shown = kernel()));

  it("gives a figure to every front end: live, as a picture, as words", async () => {
    const show = await freshShow();
    await show(barFigure);
    const { data } = shown[0];
    expect(Object.keys(data).sort()).toEqual(
      ["application/vnd.plotly.v1+json", "image/svg+xml", "text/html", "text/plain"].sort(),
    );
    expect(data["text/plain"]).toBe(`${barFigure.title}\n${barFigure.alt}`);
    const picture = /<img alt="([^"]*)"[^>]*src="data:image\/svg\+xml;base64,([^"]+)"/.exec(data["text/html"])!;
    expect(picture[1]).toContain(barFigure.alt);
    expect(Buffer.from(picture[2], "base64").toString()).toBe(data["image/svg+xml"]);
    expect(data["text/html"]).toContain("n = 240, k = 8");
  });

  it("brings Plotly once, and ten figures stay under 8 MB", async () => {
    const show = await freshShow();
    for (let i = 0; i < 10; i++) await show({ ...allFigures[i % 5], title: `Figure ${i}` });
    const sizes = shown.map(({ data }) => JSON.stringify(data).length);
    expect(sizes[0]).toBeGreaterThan(500_000);
    expect(Math.max(...sizes.slice(1))).toBeLessThan(200_000);
    expect(sizes.reduce((a, b) => a + b)).toBeLessThan(8e6);
  });

  it("brings Plotly again when the cell that brought it runs again", async () => {
    const show = await freshShow();
    await show(barFigure);
    await show(heatFigure);
    await show({ ...barFigure, data: barFigure.data.slice(1) });
    const brings = shown.map(({ data }) => data["text/html"].includes("DecompressionStream"));
    expect(brings).toEqual([true, false, true]);
  });

  it("keeps words of a figure from ending its script", async () => {
    const show = await freshShow();
    await show(barFigure);
    await show({ ...heatFigure, title: `</script><b>"`, alt: `"<i>` });
    const html = shown[1].data["text/html"];
    expect(html.match(/<\/script>/g)).toHaveLength(1);
    expect(html).not.toContain("<b>");
    expect(html).not.toContain("<i>");
  });

  it("shows a table in every form it has, and a text as Markdown", async () => {
    const show = await freshShow();
    await show(table);
    await show("**How to read this**");
    expect(shown[0].data).toEqual({
      "text/html": "<table></table>",
      "text/markdown": "| a |",
      "text/plain": "a table",
    });
    expect(shown[1].data["text/markdown"]).toBe("**How to read this**");
  });

  it("says what it accepts when it gets something else", async () => {
    const show = await freshShow();
    await expect(show(7 as never)).rejects.toThrow("show() takes a figure { title, alt, data, layout }");
    await expect(show({} as never)).rejects.toThrow("got object");
  });

  it.skipIf(!findBrowser())("is alive in a page, whichever figure brings Plotly (needs Chromium)", async () => {
    const show = await freshShow();
    for (const figure of allFigures) await show(figure);
    const browser = await launchBrowser();
    const page = await browser.newPage();
    const html = shown.map(({ data }) => data["text/html"]).reverse();
    await page.setContent(`<!doctype html><body>${html.join("")}${html[0]}</body>`);
    await expect.poll(() => page.locator(".js-plotly-plot .main-svg:first-child").count(), { timeout: 10_000 }).toBe(6);
    expect(await page.locator("[data-heldout-figure] > img").count()).toBe(0);
    await browser.close();
  });
});

describe("show in a plain program", () => {
  it("prints words", async () => {
    const show = await freshShow();
    const printed = vi.spyOn(console, "log").mockImplementation(() => {});
    await show(barFigure);
    await show(table);
    await show("text");
    expect(printed.mock.calls.flat()).toEqual([`${barFigure.title}\n${barFigure.alt}`, "a table", "text"]);
  });
});
