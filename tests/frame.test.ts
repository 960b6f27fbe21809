import { describe, expect, it, vi } from "vitest";
import { frame } from "../lib/frame";

describe("frame", () => {
  it("is a danfojs DataFrame with the columns of all rows, rounded to 6 digits", () => {
    const table = frame([
      { env: "webshop", value: 1 / 3, n: 200 },
      { env: "babyai", value: 0.5, n: 90, note: "x", solved: true },
    ]);
    expect(table.shape).toEqual([2, 5]);
    expect(table.columns).toEqual(["env", "value", "n", "note", "solved"]);
    expect(table.values).toEqual([
      ["webshop", 0.333333, 200, null, null],
      ["babyai", 0.5, 90, "x", true],
    ]);
  });

  it("can be sorted and grouped", () => {
    const rows = [3, 1, 2].map((value) => ({ env: value > 1 ? "a" : "b", value }));
    expect(frame(rows).sortValues("value").column("value").values).toEqual([1, 2, 3]);
    expect(frame(rows).groupby(["env"]).col(["value"]).sum().shape).toEqual([2, 2]);
  });

  it("refuses what is not flat, and nothing", () => {
    expect(() => frame([{ a: { value: 1 } as never }])).toThrow(/row 1, column "a" got {"value":1}/);
    expect(() => frame([])).toThrow(/at least one row/);
  });

  it("does not let TensorFlow.js advertise itself on stderr", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { tensor } = frame([{ a: 1 }, { a: 2 }]) as unknown as {
      tensor: { add(x: number): { dataSync(): Float32Array } };
    };
    expect(Array.from(tensor.add(1).dataSync())).toEqual([2, 3]);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});
