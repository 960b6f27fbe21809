import { describe, expect, it } from "vitest";
import {
  ABLATIONS,
  ablationSettings,
  compareAblations,
  REFERENCE,
  referenceSettings,
} from "../../lib/experiments/ablation";
import type { AblationResult } from "../../lib/experiments/ablation";

const result = (name: string, success: readonly number[]): AblationResult => ({
  name,
  settings: ablationSettings(name, 10),
  tokens: 1,
  k: 4,
  tasks: success.map((value, i) => ({
    env: i % 2 === 0 ? "textcraft" : "babyai",
    task: `task ${i}`,
    success: value,
    ...(i < 4 && { shown: value, invented: 0 }),
  })),
});

describe("ablations of the base", () => {
  it("change one thing each", () => {
    const reference = JSON.stringify(referenceSettings(10));
    expect(JSON.stringify(ablationSettings(REFERENCE, 10))).toBe(reference);
    const others = ABLATIONS.filter((name) => name !== REFERENCE).map((name) => {
      const { model, phases, ...rest } = ablationSettings(name, 10);
      const { phases: wanted, ...same } = referenceSettings(10);
      expect(rest).toEqual(same);
      const changed = Object.entries(phases[0]).filter(([key, value]) => wanted[0][key as "name"] !== value);
      return changed.length + Object.keys(model ?? {}).length;
    });
    expect(others).toEqual(others.map(() => 1));
  });

  it("are compared in pairs by task, environments with the same weight", () => {
    const [reference, other] = compareAblations([
      result(REFERENCE, [0.5, 0, 0.5, 0, 0.5]),
      result("no smear", [0.25, 0, 0.25, 0, 0.25]),
    ]);
    expect(reference.success.value).toMatchObject({ value: 0.25, n: 5, k: 4 });
    expect(reference.success.change).toBeNull();
    expect(other.success.change).toMatchObject({ value: -0.125, low: -0.125, high: -0.125 });
    expect(other.shown.value).toMatchObject({ value: 0.125, n: 4, k: 1 });
  });

  it("need the reference, and names that exist", () => {
    expect(() => compareAblations([result("no smear", [1])])).toThrow(/"as it is" is missing/);
    expect(() => ablationSettings("no head", 10)).toThrow(/got "no head", accepted: "as it is", "no pointer head"/);
  });
});
