import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { repositoryRoot } from "../../lib/data";
import { executeNotebook, type RunEvent } from "../../lib/notebook/runner";
import { figureSvg } from "../../lib/notebook/svg";
import { heatFigure } from "./figures";
import { notebook, outputs } from "./notebooks";

describe("a notebook that imports heldout", () => {
  beforeAll(() => {
    expect(spawnSync(process.execPath, ["lib/cli/setup.mjs", "build"], { cwd: repositoryRoot() }).status).toBe(0);
  }, 120_000);

  it("shows the same bytes in both kernels and keeps the last state of its progress bars", async () => {
    const cells = notebook(
      `import { progress, show } from "heldout";`,
      `const bar = progress("counting", 5);
       for (let i = 1; i <= 5; i++) { await new Promise((r) => setTimeout(r, 60)); bar.update(i, { reward: i / 5 }); }
       await bar.stop();`,
      `await show(${JSON.stringify(heatFigure)});`,
    );
    const pictures: unknown[] = [];
    for (const kernel of ["tslab", "deno"]) {
      const events: RunEvent[] = [];
      const run = await executeNotebook({
        notebook: cells,
        kernel,
        timeout: 60,
        onOutput: (event) => events.push(event),
      });
      expect(run.error).toBeUndefined();
      const [, [bar], [figure]] = outputs(run) as { data: Record<string, string> }[][];
      expect(outputs(run).map((list) => list.length)).toEqual([0, 1, 1]);
      expect(bar.data["text/plain"]).toContain("100 %  5/5");
      expect(events.filter((event) => event.kind === "display" && event.cell === 2).length).toBeGreaterThan(2);
      pictures.push(figure.data["image/svg+xml"]);
      expect(Object.keys(figure.data)).toContain("application/vnd.plotly.v1+json");
    }
    expect(pictures).toEqual(Array(2).fill(await figureSvg(heatFigure)));
  });
});
