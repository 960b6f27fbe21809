/** Figures as a researcher meets them: a JupyterLab without extensions, both kernels, a browser with a mouse. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findBrowser, launchBrowser } from "../../lib/notebook/browser";
import { findJupyterLab, jupyterArguments, jupyterEnvironment } from "../../lib/notebook/jupyterlab";
import { writeNotebook, type CodeCell } from "../../lib/notebook/nbformat";
import { repositoryRoot } from "../../lib/data";

const root = repositoryRoot();
const jupyter = findJupyterLab(root);
const missing = !jupyter
  ? "JupyterLab is missing; `npm run lab` installs it into .venv"
  : !findBrowser()
    ? "Chromium is missing; install it or set CHROME_PATH"
    : undefined;

const estimate = `{ value: 0.62, low: 0.55, high: 0.69, n: 240, k: 8, method: "95 % t, clustered by task" }`;
const cells = [
  `import { errorBars, hover, progress, show } from "heldout";`,
  `const bar = progress("counting", 3);
for (let i = 1; i <= 3; i++) bar.update(i);
await bar.stop();`,
  `const estimate = ${estimate};
await show({
  title: "Success", alt: "One bar.", layout: {},
  data: [{ type: "bar", x: ["TextCraft"], y: [0.62], error_y: errorBars([estimate]), text: [hover(estimate)], textposition: "none", hovertemplate: "%{text}" }],
});`,
  `await show({ title: "Curve", alt: "A rising line.", layout: {}, data: [{ type: "scatter", x: [1, 2, 3], y: [1, 4, 9] }] });`,
  `await show({ title: "Matrix", alt: "Four cells.", layout: {}, data: [{ type: "heatmap", z: [[1, 2], [3, 4]] }] });`,
];

/** JupyterLab hands out its application where it is started with expose_app_in_browser. */
async function command(page: Page, name: string): Promise<void> {
  await page.evaluate(`window.jupyterapp.commands.execute(${JSON.stringify(name)})`);
}

/** Cells that are run before the notebook has its kernel are not run at all. */
const kernelState = `(() => {
  const context = window.jupyterapp.shell.currentWidget?.sessionContext;
  const kernel = context?.isReady && context.session?.kernel;
  return kernel ? kernel.connectionStatus + ", " + kernel.status : "none";
})()`;

describe.skipIf(missing)(missing ?? "figures in JupyterLab", () => {
  let folder: string;
  let server: ChildProcess;
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    expect(spawnSync(process.execPath, ["lib/cli/setup.mjs", "build"], { cwd: root }).status).toBe(0);
    mkdirSync(path.join(root, "out"), { recursive: true });
    folder = mkdtempSync(path.join(root, "out", "lab-test-"));
    const probe = createServer();
    const port = await new Promise<number>((resolve) =>
      probe.listen(0, "127.0.0.1", () => resolve((probe.address() as AddressInfo).port)),
    );
    await new Promise((resolve) => probe.close(resolve));
    address = `http://127.0.0.1:${port}`;
    const own = ["--IdentityProvider.token=", "--no-browser", `--port=${port}`, "--LabApp.expose_app_in_browser=True"];
    const args = [...jupyterArguments(folder), ...own, ...(process.getuid?.() === 0 ? ["--allow-root"] : [])];
    server = spawn(jupyter!, args, {
      stdio: "ignore",
      env: {
        ...jupyterEnvironment(root),
        JUPYTER_DATA_DIR: path.join(folder, "data"),
        JUPYTER_CONFIG_DIR: path.join(folder, "config"),
      },
    });
    const up = () =>
      fetch(`${address}/api`).then(
        (reply) => reply.ok,
        () => false,
      );
    await vi.waitUntil(up, { timeout: 120_000, interval: 300 });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    server?.kill();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  for (const kernel of ["tslab", "deno"]) {
    it(`${kernel}: figures are drawn by Plotly, answer the mouse, and are alive again after save and reload`, async () => {
      writeNotebook(path.join(folder, `${kernel}.ipynb`), {
        cells: cells.map((source, i): CodeCell => ({
          cell_type: "code",
          id: `cell-${i}`,
          metadata: {},
          source,
          execution_count: null,
          outputs: [],
        })),
        metadata: { kernelspec: { name: kernel, display_name: kernel, language: "typescript" } },
        nbformat: 4,
        nbformat_minor: 5,
      });
      const page = await browser.newPage({ viewport: { width: 1200, height: 2200 } });
      const open = async () => {
        await page.goto(`${address}/lab/tree/${kernel}.ipynb?reset`);
        await page.waitForSelector(".jp-Notebook .jp-Cell", { timeout: 60_000 });
      };
      const plots = () => page.locator("[data-heldout-figure] .js-plotly-plot .main-svg:first-child").count();
      const hoverFirstBar = async () => {
        const bar = page.locator(".js-plotly-plot .barlayer .point path").first();
        await bar.scrollIntoViewIfNeeded();
        const box = (await bar.boundingBox())!;
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
        await page.mouse.move(box.x + box.width / 2 + 5, box.y + box.height / 2 + 5);
        await expect
          .poll(() => page.locator(".hoverlayer .hovertext").first().textContent())
          .toContain("n = 240, k = 8");
      };

      await open();
      await expect.poll(() => page.evaluate(kernelState), { timeout: 60_000 }).toBe("connected, idle");
      await command(page, "notebook:run-all-cells");
      await expect.poll(plots, { timeout: 90_000 }).toBe(3);
      expect(await page.locator("[data-heldout-figure] > img").count()).toBe(0);
      expect(await page.locator(".jp-OutputArea progress").getAttribute("value")).toBe("1.0000");
      await hoverFirstBar();

      await command(page, "docmanager:save");
      await open();
      await expect.poll(plots, { timeout: 60_000 }).toBe(3);
      await hoverFirstBar();
      await page.close();
    });
  }
});
