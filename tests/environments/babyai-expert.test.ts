/** BabyAI's expert and its demonstrations. */
import { beforeAll, describe, expect, it } from "vitest";
import { babyai, openBabyAI } from "../../lib/environments/babyai";
import { BabyAI } from "../../lib/environments/babyai/environment";
import { BabyAIExpert } from "../../lib/environments/babyai/expert";
import { generator } from "../../lib/random";
import type { Demonstration, EnvironmentDefinition, TaskSpec } from "../../lib/types";

/** Every `step`-th task of a level of difficulty in the test split. */
function some(level: string, step: number): TaskSpec[] {
  return babyai.tasks({ split: "test", level }).filter((_, i) => i % step === 0);
}

function solves(definition: EnvironmentDefinition, task: TaskSpec, turns: number): boolean {
  const environment = definition.create() as BabyAI;
  environment.reset(task);
  const expert = definition.expert(environment, task);
  for (let turn = 0; turn < turns; turn++) {
    const advice = expert.next();
    if (!advice) return false;
    const step = environment.step(advice.action);
    expect(step.valid).toBe(true);
    if (step.success) return true;
  }
  return false;
}

const share = (values: readonly boolean[]): number => values.filter(Boolean).length / values.length;

describe("BabyAI's expert", () => {
  it("solves every easy task and nearly every medium one within an episode's turns", () => {
    expect(share(some("easy", 6).map((task) => solves(babyai, task, 20)))).toBe(1);
    expect(share(some("medium", 9).map((task) => solves(babyai, task, 20)))).toBeGreaterThan(0.97);
  });

  it("solves nine in ten hard tasks that can be won, within an episode's turns", () => {
    const winnable = some("hard", 11).filter(({ params }) => params.levelName !== "KeyInBox");
    expect(share(winnable.map((task) => solves(babyai, task, 20)))).toBeGreaterThan(0.87);
  });

  it("solves the key in the box once boxes can be opened, and gives up before", () => {
    const tasks = some("hard", 1).filter(({ params, seed }) => params.levelName === "KeyInBox" && seed < 50);
    expect(share(tasks.map((task) => solves(babyai, task, 40)))).toBe(0);
    expect(share(tasks.map((task) => solves(openBabyAI({ fidelity: "repaired" }), task, 40)))).toBe(1);
  });

  it("recovers after other actions", () => {
    const random = generator("interference");
    const solved = some("medium", 14).map((task) => {
      const environment = new BabyAI();
      environment.reset(task);
      for (let k = 0; k < 3; k++) {
        const gentle = [...environment.running.menu.moves.keys()].filter((a) => /^(turn|move|go to|drop)/.test(a));
        if (environment.step(random.pick(gentle)).success) return true;
      }
      const expert = new BabyAIExpert(environment);
      for (let turn = 0; turn < 40; turn++) {
        const advice = expert.next();
        if (!advice) return false;
        if (environment.step(advice.action).success) return true;
      }
      return false;
    });
    expect(share(solved)).toBeGreaterThan(0.97);
  });

  it("names in its thoughts only what a text has shown", () => {
    for (const task of some("medium", 20)) {
      const environment = new BabyAI();
      let read = environment.reset(task).text;
      const expert = new BabyAIExpert(environment);
      for (let advice = expert.next(), turn = 0; advice && turn < 20; advice = expert.next(), turn++) {
        for (const [, name] of advice.thought.matchAll(/I see ([a-z ]+ \d+)\./g)) expect(read).toContain(name);
        expect(advice.thought.split(" ").length).toBeLessThan(60);
        const step = environment.step(advice.action);
        read += step.observation.text;
        if (step.done) break;
      }
    }
  });
});

describe("BabyAI's demonstrations", () => {
  const tasks = babyai.tasks({ split: "demonstration" }).filter((_, i) => i % 13 === 0);
  let demonstrations: readonly Demonstration[] = [];

  beforeAll(() => {
    demonstrations = tasks.map((task) => babyai.demonstrate(task, generator(task.id)));
  }, 60_000);

  it("are the same for the same task and random source", () => {
    const [task] = tasks;
    expect(babyai.demonstrate(task, generator("a"))).toEqual(babyai.demonstrate(task, generator("a")));
  });

  it("keep within the turns and in the form of replies, and mostly succeed", () => {
    let solved = 0;
    for (const { turns } of demonstrations) {
      expect(turns.length).toBeGreaterThan(0);
      expect(turns.length).toBeLessThanOrEqual(babyai.maxTurns);
      for (const { reply } of turns)
        expect(babyai.parse(reply)).toMatchObject({ action: expect.stringMatching(/^[a-z]/) });
      if (turns.length < babyai.maxTurns) solved++;
    }
    expect(solved / tasks.length).toBeGreaterThan(0.85);
  });

  it("use every phrase of the interface, with what the environment answers to mistakes", () => {
    const environment = new BabyAI();
    let all = "";
    for (const { task, turns } of demonstrations) {
      for (const { shown, reply } of turns) all += `${shown}\n${reply}\n`;
      environment.reset(task);
      for (const action of ["", "jump", "check", ...environment.running.menu.refusals.keys()])
        all += environment.step(action).observation.text;
      const expert = new BabyAIExpert(environment);
      const advice = expert.next();
      if (advice) all += environment.step(advice.action).observation.text;
    }
    for (const phrase of babyai.phrases) expect(all).toContain(phrase);
  });

  it("exchange colors in half of the cases, everywhere alike", () => {
    let renamed = 0;
    for (const { task, turns } of demonstrations) {
      const { text } = babyai.create().reset(task) as { text: string };
      if (turns[0].shown !== text) renamed++;
      for (const { shown, reply } of turns) {
        const { action } = babyai.parse(reply);
        expect(shown).toContain(`"${action}"`);
      }
    }
    expect(renamed / demonstrations.length).toBeGreaterThan(0.3);
    expect(renamed / demonstrations.length).toBeLessThan(0.6);
  });
});
