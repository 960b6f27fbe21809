import { describe, expect, it } from "vitest";
import { fold } from "../../lib/random";
import { decode, encode, RemoteWorker } from "../../lib/training/remote-worker";
import { trainSettings } from "../../lib/training/settings";
import { stepTasks } from "../../lib/training/tasks";
import { Team } from "../../lib/training/team";
import { withAdvantages } from "../../lib/training/episodes";
import type { GradientPart } from "../../lib/training/worker";
import { base, bothLevels, run } from "./support";

const options = { seed: 5, tasksPerStep: 4, groupSize: 4, maxTurns: 6, schedule: bothLevels(2) };

describe("workers", () => {
  it("the same number of them gives the same curve and weights, byte for byte", async () => {
    const [first, second] = [await run({ ...options, workers: 2 }), await run({ ...options, workers: 2 })];
    expect(first.curve).toHaveLength(2);
    expect(second).toEqual(first);
  });

  it("one and three find the same episodes and, to 1e-5, the same gradient", async () => {
    const parts: GradientPart[] = [];
    const texts: string[] = [];
    for (const workers of [1, 3]) {
      const settings = trainSettings(base, { ...options, workers });
      const team = await Team.open(base, settings);
      const tasks = stepTasks(options.schedule, settings, 0, [], fold("train", 5));
      const episodes = withAdvantages(await team.play(base.parameters, 0, tasks), settings);
      expect(episodes.some(({ advantage }) => advantage > 0)).toBe(true);
      texts.push(JSON.stringify(episodes.map(({ trajectory: { task, attempt, turns } }) => [task, attempt, turns])));
      await team.take(episodes.map((e) => ({ ...e, weight: 0.01 })));
      parts.push(await team.gradient(base.parameters));
      await team.close();
    }
    expect(texts[1]).toBe(texts[0]);
    const [one, three] = parts;
    const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    const distance = norm(one.gradient.map((g, i) => g - three.gradient[i])) / norm(one.gradient);
    expect(distance).toBeGreaterThan(0);
    expect(distance).toBeLessThan(1e-5);
    expect(three.sums).toHaveLength(one.sums.length);
    three.sums.forEach((sum, i) => expect(sum.divergence).toBeCloseTo(one.sums[i].divergence, 4));
  });

  it("a failure in one of them ends the run with its own words", async () => {
    const team = await Team.open(base, trainSettings(base, { ...options, workers: 2 }));
    const task = { id: "x_1", env: "nethack", level: "easy", split: "train" as const, seed: 0, params: {} };
    await expect(team.play(base.parameters, 0, [task, task])).rejects.toThrow(/unknown environment "nethack"/);
    await team.close();
  });

  it("one that is killed ends the run with that", async () => {
    const worker = await RemoteWorker.open(base, trainSettings(base, { ...options, workers: 2 }));
    worker["child"].kill("SIGKILL");
    await expect(worker.gradient(base.parameters)).rejects.toThrow("a worker of the training run ended: SIGKILL");
    await expect(worker.gradient(base.parameters)).rejects.toThrow("SIGKILL");
    await worker.close();
  });

  it("read arrays of numbers as they were written", () => {
    const message = { a: [Float32Array.of(0.1, -0, Infinity)], b: Int32Array.of(-1), c: Uint8Array.of(7), d: null };
    expect(decode(encode(message))).toEqual(message);
  });
});
