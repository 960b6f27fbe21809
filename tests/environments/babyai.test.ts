/** What a user of BabyAI can rely on beside equality with the original. */
import { describe, expect, it } from "vitest";
import { babyai, openBabyAI } from "../../lib/environments/babyai";
import { BabyAI } from "../../lib/environments/babyai/environment";
import { GROUPS } from "../../lib/environments/babyai/tasks";
import { generator } from "../../lib/random";
import type { Step } from "../../lib/types";

/** AgentGym's id of a level's task. */
const id = (level: number, seed: number): number => seed * 40 + level - 1;

function play(environment: BabyAI, level: number, seed: number, actions: readonly string[]): Step {
  environment.reset(babyai.task(id(level, seed)));
  return actions.map((action) => environment.step(action)).at(-1)!;
}

/** Listed actions in a text. */
const listed = (text: string): string[] => JSON.parse(/Available actions: (\[.*\])$/.exec(text)![1]) as string[];

describe("BabyAI's tasks", () => {
  it("number the original's: level n mod 40 + 1, seed n div 40, for any n from 0 on", () => {
    expect(babyai.task(83)).toEqual(babyai.task("babyai_83"));
    expect(babyai.task(83)).toMatchObject({ seed: 2, params: { level: 4, levelName: "GoToObjS6" } });
    expect(babyai.create().reset(babyai.task(2 ** 52))).toHaveProperty("text");
    for (const wrong of [-1, 0.5, NaN, "babyai_", "babyai_1.5", "textcraft_1"])
      expect(() => babyai.task(wrong)).toThrow(RangeError);
  });

  it("cover forty levels, each in one group with its reason", () => {
    const levels = GROUPS.flatMap((group) => group.levels);
    expect([...levels].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    for (const split of ["demonstration", "train", "test"] as const)
      for (const level of Object.keys(babyai.levels))
        expect(babyai.tasks({ split, level }).length).toBeGreaterThanOrEqual(split === "demonstration" ? 300 : 220);
  });

  it("repeat no maze of another split", () => {
    const splits = new Map<string, string>();
    const environment = new BabyAI();
    for (const task of babyai.tasks().filter(({ params }) => [3, 4, 13, 15].includes(Number(params.level)))) {
      environment.reset(task);
      const { agent, grid, episode } = environment.running.simulation;
      const maze = `${episode.mission} ${agent.x} ${agent.y} ${agent.direction} ${grid.encode().join()}`;
      expect(splits.get(maze) ?? task.split).toBe(task.split);
      splits.set(maze, task.split);
    }
  });
});

describe("BabyAI's answers", () => {
  const environment = new BabyAI();

  it("list exactly what can be done", () => {
    for (let n = 0; n < 400; n += 7) {
      const { text } = environment.reset(babyai.task(n));
      for (const action of listed(text)) expect(environment.running.menu.moves.has(action)).toBe(true);
      expect(listed(text)).toHaveLength(environment.running.menu.moves.size);
    }
  });

  it("come even where the original hangs: no place for the agent in a crowded room", () => {
    expect(environment.reset(babyai.task(id(35, 8176))).text).toMatch(/^Your goal: /);
  });

  it("say why something cannot be done, and mark it as not valid", () => {
    const step = play(environment, 13, 0, ["drop"]);
    expect(step.observation.text).toMatch(/^You cannot drop the object, as you are not carrying anything\./);
    expect(step).toMatchObject({ valid: false, done: false, reward: 0, success: false });
    expect(play(environment, 13, 0, ["pick up red ball 1"]).observation.text).toMatch(/^The action is not recognized/);
    expect(play(environment, 13, 0, [""]).observation.text).toMatch(/^No change in state\.\n/);
    expect(play(environment, 13, 0, [" CHECK it "])).toMatchObject({ valid: true });
    expect(play(environment, 13, 0, ["\u001f\u0085\u3000Turn Left\n"])).toMatchObject({ valid: true });
    expect(play(environment, 13, 0, [`a${" ".repeat(1_000_000)}b`])).toMatchObject({ valid: false });
  });

  it("refuse everything after the end, as the original's server does", () => {
    environment.reset(babyai.task(id(1, 0)));
    const expert = babyai.expert(environment, babyai.task(id(1, 0)));
    let step: Step | undefined;
    for (let advice = expert.next(); advice; advice = expert.next()) step = environment.step(advice.action);
    expect(step).toMatchObject({ done: true, success: true });
    const after = environment.step("turn left");
    expect(after.observation.text).toBe("The task with environment 0 has finished.");
    expect(after).toMatchObject({ done: true, valid: false, reward: step!.reward });
  });

  it("lose a success in the middle of an action, unless repaired", () => {
    const actions = ["turn left", "turn right", "turn left", "turn left"];
    for (const fidelity of ["original", "repaired"] as const) {
      const own = new BabyAI(fidelity);
      const first = own.reset(babyai.task(id(13, 0)));
      let text = first.text;
      for (let k = 0; k < 4 && !text.includes("toggle and go through"); k++)
        text = own.step(actions[k]).observation.text;
      const step = own.step("toggle and go through red closed door 1");
      expect(step.done).toBe(fidelity === "repaired");
      expect(step.success).toBe(fidelity === "repaired");
    }
  });

  it("end on late success only when repaired, and add its reward again and again otherwise", () => {
    for (const fidelity of ["original", "repaired"] as const) {
      const own = new BabyAI(fidelity);
      const task = babyai.task(id(4, 0));
      own.reset(task);
      for (let k = 0; k < 24; k++) own.step("turn left");
      const step = own.step("go to blue key 1");
      expect(step.observation.text).toContain("The task is completed.");
      expect(step.success).toBe(true);
      expect(step.done).toBe(fidelity === "repaired");
      expect(own.step("jump").reward).toBeCloseTo(fidelity === "repaired" ? step.reward : 2 * step.reward, 12);
    }
  });

  it("show the order of two instructions only when repaired", () => {
    const goals = (["original", "repaired"] as const).map((fidelity) => {
      const { text } = new BabyAI(fidelity).reset(babyai.task(id(15, 0)));
      return text.split("\n")[0];
    });
    expect(goals).toEqual([
      "Your goal: open the red door, and open the blue door",
      "Your goal: open the red door, then open the blue door",
    ]);
  });

  it("refuse unknown options by name", () => {
    expect(() => openBabyAI({ fidelity: "exact" as "original" })).toThrow(/"original" or "repaired".*exact/);
    expect(() => openBabyAI({ faithful: true } as object)).toThrow(/faithful/);
  });
});

describe("BabyAI under hostile actions", () => {
  it("never throws and never grows over 20,000 actions", () => {
    const random = generator("babyai fuzz");
    const environments = [new BabyAI(), new BabyAI("repaired")];
    const words =
      "go to through toggle and pickup pick up drop check red blue grey ball key box door open closed 1 2 -1"
        .split(" ")
        .concat(["__proto__", "constructor", "\u0000", "𝕏", "a".repeat(300)]);
    for (let k = 0; k < 20_000; k++) {
      const environment = environments[k % 2];
      if (k % 60 < 2) environment.reset(babyai.task(random.integer(40_000)));
      const actions = [...environment.running.menu.moves.keys()];
      const kind = random.next();
      const action =
        kind < 0.6
          ? random.pick(actions)
          : kind < 0.8
            ? random.pick(actions).replace(/\d+$/, String(random.integer(4)))
            : Array.from({ length: random.integer(7) }, () => random.pick(words)).join(" ");
      const step = environment.step(action);
      if (!Number.isFinite(step.reward) || step.observation.text.length > 20_000) throw new Error(action);
    }
  });
});
