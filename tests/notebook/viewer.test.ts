import type { Browser, FrameLocator, Page as BrowserPage } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { labelledTrajectories } from "../../lib/failures";
import { escapeHtml } from "../../lib/html";
import { findBrowser, launchBrowser } from "../../lib/notebook/browser";
import { browse, compare } from "../../lib/notebook/episodes";
import { show, type Page } from "../../lib/notebook/show";
import { transcript } from "../../lib/notebook/transcript";
import type { Trajectory } from "../../lib/types";

const all = labelledTrajectories().map(({ trajectory }) => trajectory);
const of = (id: string) => all.find(({ task }) => task.id === id)!;
const failed = of("textcraft-3");
const solved: Trajectory = { ...of("textcraft-1"), task: failed.task, policy: "after RFT" };

/** Text that would act if any layer let it through as markup. */
const ATTACKS = [
  `<script>parent.hacked = hacked = 1; top.document.title = "hacked"</script>`,
  `</script><script>hacked = 1</script>`,
  `<img src=x onerror="hacked = 1">`,
  `" onfocus="hacked=1" autofocus x="`,
  `"></iframe><script>hacked = 1</script>`,
  `&quot;&gt;&lt;script&gt;hacked = 1&lt;/script&gt;`,
  `&amp;lt;img src=x onerror=hacked=1&amp;gt;`,
  `<iframe srcdoc="<script>top.hacked = 1</script>"></iframe>`,
  `</textarea></pre></details></li><svg onload="hacked=1">`,
  `<a href="javascript:hacked=1" class="turn">click</a><form><select name="environment">`,
  `<style>*{display:none}</style><meta http-equiv="refresh" content="0;url=data:text/html,hacked">`,
  `<!-- <template shadowrootmode=open> ]]> \u0000 \u2028`,
];

/** A failed episode whose every text attacks, one attack a turn. */
function hostile(attacks: readonly string[]): Trajectory {
  const turns = attacks.map((text) => ({
    shown: text,
    reply: `Thought: ${text}\nAction: ${text}`,
    action: text,
    reward: 0,
    valid: false,
  }));
  const text = attacks.join(" ");
  return { ...failed, task: { ...failed.task, level: text }, policy: text, turns, last: text };
}

afterEach(() => vi.restoreAllMocks());

describe("a transcript as text", () => {
  it("has every turn, and the failure label where the rule found it", () => {
    const text = transcript(failed).toText();
    expect(text).toContain("failure by rules: faulty logic; also invalid action, out of turns");
    expect(text).toContain(
      "    > Action: craft 16 iron bars using 16 iron ingot\n    ! faulty logic (amounts differ from the command)",
    );
    expect(transcript(solved).toText()).not.toContain("failure by rules");
  });

  it("is what show prints of a trajectory in a plain program", async () => {
    const printed = vi.spyOn(console, "log").mockImplementation(() => {});
    await show(failed);
    expect(printed.mock.calls).toEqual([[transcript(failed).toText()]]);
  });

  it("stays below the frame, for pages that take frames out", () => {
    const html = transcript(hostile(["<b>&"])).toHtml();
    expect(html).toContain(
      `<pre style="white-space:pre-wrap">${escapeHtml(transcript(hostile(["<b>&"])).toText())}</pre>`,
    );
  });
});

describe("two trajectories side by side", () => {
  it("must be of one task, and say where they part", () => {
    expect(() => compare(failed, of("textcraft-1"))).toThrow("of one task, got textcraft-3 and textcraft-1");
    expect(compare(failed, solved).toText()).toContain("The actions differ from the first turn on.");
    expect(compare(failed, { ...failed, policy: "again" }).toText()).toContain("Same actions throughout.");
    const longer = { ...failed, turns: [...failed.turns, failed.turns[0]] };
    expect(compare(failed, longer).toText()).toContain("Same actions up to turn 5, where the first ends.");
  });
});

describe("a list of trajectories", () => {
  it("says how many it leaves out", () => {
    expect(browse(all, { limit: 10 }).toText()).toMatch(/^70 episodes, the first 10 here\n/);
    expect(browse(all).toText().split("\n")[0]).toBe("70 episodes");
  });
});

describe.skipIf(!findBrowser())("in a real page (needs Chromium)", () => {
  let browser: Browser;
  let page: BrowserPage;
  let frame: FrameLocator;
  beforeAll(async () => (browser = await launchBrowser()), 60_000);
  afterAll(() => browser?.close());
  afterEach(() => page?.close());

  const problems: string[] = [];
  async function open(shown: Page, options = {}) {
    page = await browser.newPage(options);
    problems.length = 0;
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("dialog", (dialog) => void dialog.dismiss().then(() => problems.push("dialog")));
    await page.setContent(`<!doctype html><title>notebook</title><body>${shown.toHtml()}</body>`);
    frame = page.frameLocator("iframe").first();
  }
  const focused = () => frame.locator(":focus");
  const inFrame = (code: string) => page.frames()[1].evaluate(code);

  it("arrow keys, Home and End move between turns, with the focus in view", async () => {
    await open(transcript(failed));
    await frame.locator(".turn").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await focused().getAttribute("aria-label")).toBe(
      "turn 3 of 5, not carried out, faulty logic, invalid action",
    );
    expect(await inFrame("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
    await page.keyboard.press("End");
    expect(await focused().getAttribute("aria-label")).toBe("the end");
    expect(await inFrame("document.activeElement.getBoundingClientRect().top < innerHeight")).toBe(true);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowUp");
    expect(await focused().getAttribute("aria-label")).toMatch(/^turn 1 of 5/);
    expect(await frame.locator('.turn[tabindex="0"]').count()).toBe(1);
    expect(problems).toEqual([]);
  });

  it("turns show thought, action, refusal, label and evidence apart, also without colour", async () => {
    await open(transcript(failed));
    const turn = frame.locator(".turn").nth(1);
    for (const words of ["not carried out", "Now craft 16 bars from 16 ingots.", "faulty logic (amounts differ"])
      expect(await turn.innerText()).toContain(words);
    const style = (part: string, property: string) =>
      inFrame(`getComputedStyle(document.querySelectorAll(".turn")[1].querySelector("${part}")).${property}`);
    expect(await style(".env", "borderLeftStyle")).not.toBe(await style(".agent", "borderLeftStyle"));
    expect(await style(".label", "borderTopStyle")).toBe("dashed");
    await open(transcript(of("textcraft-8")));
    expect(await frame.locator(".turn").first().innerText()).toMatch(/ACTION READ\s+none/);
  });

  it("side by side, left and right change between the two", async () => {
    await open(compare(failed, solved));
    await frame.locator(".turn").nth(1).focus();
    await page.keyboard.press("ArrowRight");
    expect(await focused().innerText()).toContain("craft 4 birch planks");
    await page.keyboard.press("ArrowLeft");
    expect(await focused().innerText()).toContain("craft 16 iron bars");
  });

  it("a list is filtered by environment, outcome and label, and read by keyboard alone", async () => {
    await open(browse(all));
    const visible = frame.locator("details.episode:not([hidden])");
    const choose = (name: string, value: string) => frame.locator(`select[name=${name}]`).selectOption(value);
    await choose("environment", "webshop");
    expect(await visible.count()).toBe(14);
    await choose("outcome", "failure");
    await choose("label", "faulty logic");
    expect(await frame.locator("[role=status]").innerText()).toBe(`${await visible.count()} of 70 episodes`);
    for (const line of await visible.locator("summary").allInnerTexts())
      expect(line).toMatch(/^webshop-.*failure.*faulty logic/);
    await choose("label", "");
    await choose("outcome", "");
    await visible.locator("summary").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowRight");
    expect(await focused().getAttribute("aria-label")).toMatch(/^turn 1 of/);
    await page.keyboard.press("Escape");
    expect(await focused().innerText()).toMatch(/^webshop-2/);
    expect(problems).toEqual([]);
  });

  it("nothing an agent writes is more than text, in any of the three", async () => {
    const one = hostile(ATTACKS);
    const pages = [transcript(one), compare(one, { ...one }), browse([one])];
    await open({ toHtml: () => pages.map((each) => each.toHtml()).join(""), toText: () => "" });
    for (const nth of [0, 1, 2])
      await page.frameLocator("iframe").nth(nth).locator("script").waitFor({ state: "attached" });
    expect(page.frames()).toHaveLength(1 + pages.length);
    for (const inside of page.frames().slice(1)) {
      const found = await inside.evaluate(`({
        hacked: "hacked" in window,
        active: document.querySelectorAll("script, style, meta[http-equiv], img, svg, a, iframe, template").length,
        seen: [...document.querySelectorAll("ol")[0].querySelectorAll(".turn .env")].map((said) => said.textContent),
      })`);
      const texts = [...ATTACKS, ATTACKS.join(" ")].map((text) => `shown${text.replaceAll("\u0000", "\ufffd")}`);
      expect(found).toEqual({ hacked: false, active: 3, seen: texts });
    }
    expect(await page.evaluate(`"hacked" in window`)).toBe(false);
    expect(await page.title()).toBe("notebook");
    expect(problems).toEqual([]);
  });

  it("even markup that slipped through could run nothing and reach nothing", async () => {
    await open(transcript(failed));
    const inside = page.frames()[1];
    const ran = await inside.evaluate(`(async () => {
      const script = document.createElement("script");
      script.textContent = "window.hacked = 1";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", '<img src="x" onerror="window.hacked = 1">');
      let reached = "";
      try {
        reached = parent.document.title;
      } catch {
        reached = "refused";
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { hacked: "hacked" in window, reached, origin };
    })()`);
    expect(ran).toEqual({ hacked: false, reached: "refused", origin: "null" });
  });

  it("can be read where scripts do not run: all turns, and episodes that unfold", async () => {
    await open(browse(all.slice(0, 3)), { javaScriptEnabled: false });
    await frame.locator("summary").first().click();
    expect(await frame.locator(".turn").first().isVisible()).toBe(true);
  });
});
