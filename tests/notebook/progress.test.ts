import { afterEach, describe, expect, it, vi } from "vitest";
import { barText, progress, progressGroup } from "../../lib/notebook/progress";

const bar = { title: "RFT on easy", total: 200, from: 0, began: 0, done: 50, watched: { reward: 0.42, step: 50 } };

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("a progress bar", () => {
  it("tells share, count, time left at the mean pace, and the watched values", () => {
    expect(barText(bar, 60_000)).toBe(
      "RFT on easy  █████░░░░░░░░░░░░░░░  25 %  50/200  3:00 left  reward 0.420  step 50",
    );
  });

  it("does not count what was done before it began", () => {
    expect(barText({ ...bar, from: 40 }, 60_000)).toContain("15:00 left");
    expect(barText({ ...bar, from: 50 }, 60_000)).not.toContain("left");
  });

  it("tells the time taken once it is stopped", () => {
    expect(barText({ ...bar, done: 200, ended: 3_725_000 }, 9e9)).toContain("100 %  200/200  1:02:05");
  });

  it("writes one line per bar to a log, not one per update", async () => {
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const group = progressGroup();
    const [first, second] = [group.add("first", 1000), group.add("second", 10)];
    for (let i = 1; i <= 1000; i++) first.update(i);
    await first.stop();
    second.update(3);
    await group.stop();
    expect(written.mock.calls.map(([line]) => String(line).split("  ")[0])).toEqual(["first", "second"]);
  });

  it("is one output of a notebook that is replaced in place, and its last state is never dropped", async () => {
    const sent: { update: boolean; id: string; text: string }[] = [];
    const write = (content: { data: Record<string, string>; transient: { display_id: string } }, update: boolean) =>
      sent.push({ update, id: content.transient.display_id, text: content.data["text/plain"] });
    vi.stubGlobal("__tslab__", { require: () => ({ lastWriteDisplayData: write }) });
    const counting = progress("counting", 100);
    for (let i = 1; i <= 100; i++) counting.update(i, { reward: i / 100 });
    await counting.stop();
    expect(sent[0].update).toBe(false);
    expect(sent.slice(1).every((message) => message.update && message.id === sent[0].id)).toBe(true);
    expect(sent.length).toBeLessThan(10);
    expect(sent.at(-1)!.text).toContain("100/100");
    expect(sent.at(-1)!.text).toContain("reward 1");
  });
});
