/** What every registered environment keeps, whatever its domain. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { environment, environments } from "../../lib/environments";
import { fold, generator } from "../../lib/random";
import type { Advice, Environment, EnvironmentDefinition, Split, Step, TaskSpec } from "../../lib/types";

const SPLITS: readonly Split[] = ["demonstration", "train", "test"];

const HOSTILE: readonly string[] = [
  "",
  " ",
  "\n",
  "\r\n\t",
  "\0",
  "\u2028\u2029\ufeff",
  "ünïcödé 漢字 🦊 \ud800",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty using __proto__",
  "click[__proto__]",
  "search[constructor]",
  "go to __proto__ 1",
  "get 1 constructor",
  "get 99999999999999999999999999 stick",
  "craft 1 __proto__ using 1 constructor",
  "null",
  "undefined",
  "NaN",
  "-1",
  "1e999",
  '{"action": {"a": [1, 2, null]}}',
  "[[[[[[",
  "]]]]",
  "(((((*+?",
  "(a+)+$",
  "\\",
  "$1 $& $`",
  "%s %d %n",
  "<script>alert(1)</script>",
  "<search></search>",
  "<answer>",
  "</answer><answer>",
  "'; DROP TABLE items; --",
  "Action: Action: Action:",
  "Thought: x\nAction: y\nAction: z",
  "a\nb\nc",
  "a".repeat(100_000),
  " ".repeat(100_000),
  "1,".repeat(50_000),
  "[".repeat(50_000),
  " using ".repeat(20_000),
];

/** `count` tasks spread evenly over `tasks`. */
function spread(tasks: readonly TaskSpec[], count: number): TaskSpec[] {
  const n = Math.min(count, tasks.length);
  return Array.from({ length: n }, (_, i) => tasks[Math.floor((i * tasks.length) / n)]);
}

/** A few tasks of every level of a split. */
function sample(definition: EnvironmentDefinition, split: Split, perLevel: number): TaskSpec[] {
  return Object.keys(definition.levels).flatMap((level) => spread(definition.tasks({ split, level }), perLevel));
}

/** Plays the expert and returns what it said and what came of it. */
async function playExpert(definition: EnvironmentDefinition, task: TaskSpec): Promise<[Advice, Step][]> {
  const running = definition.create();
  await running.reset(task);
  const expert = definition.expert(running, task);
  const played: [Advice, Step][] = [];
  while (played.length < definition.maxTurns) {
    const advice = expert.next();
    if (!advice) break;
    const step = await running.step(advice.action);
    played.push([advice, step]);
    if (step.done) break;
  }
  running.close();
  return played;
}

/** Everything an environment answers to `actions`. */
async function answers(running: Environment, task: TaskSpec, actions: readonly string[]): Promise<unknown[]> {
  const all: unknown[] = [await running.reset(task)];
  for (const action of actions) all.push(await running.step(action));
  return all;
}

function collectGarbage(): void {
  setFlagsFromString("--expose_gc");
  (runInNewContext("gc") as () => void)();
}

describe("the registry", () => {
  it("names every environment once and finds it by its id", () => {
    expect(new Set(environments.map(({ id }) => id)).size).toBe(environments.length);
    for (const definition of environments) expect(environment(definition.id)).toBe(definition);
    expect(() => environment("no such environment")).toThrow(/no such environment.*registered/);
  });

  it("has no task id twice, over all environments", () => {
    const ids = environments.flatMap((definition) => definition.tasks().map((task) => task.id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe.each(environments.map((definition) => [definition.id, definition] as const))("%s", (id, definition) => {
  it("describes itself: version, turns, levels with their reasons, prompt, phrases", () => {
    expect(definition.version).not.toBe("");
    expect(definition.title).not.toBe("");
    expect(definition.maxTurns).toBeGreaterThan(0);
    expect(definition.prompt.version).not.toBe("");
    expect(definition.prompt.text).not.toBe("");
    expect(Object.keys(definition.levels).length).toBeGreaterThan(1);
    for (const level of Object.values(definition.levels)) {
      expect(level.description).not.toBe("");
      expect(level.reason).not.toBe("");
    }
    expect(new Set(definition.phrases).size).toBe(definition.phrases.length);
    expect(definition.phrases).not.toContain("");
  });

  it("has tasks of every level in each split, in a fixed order, and filters them", () => {
    const all = definition.tasks();
    expect(definition.tasks()).toEqual(all);
    for (const split of SPLITS)
      for (const level of Object.keys(definition.levels)) {
        const tasks = definition.tasks({ split, level });
        expect(tasks.length, `${level} tasks to ${split}`).toBeGreaterThan(0);
        expect(tasks).toEqual(all.filter((task) => task.split === split && task.level === level));
      }
    for (const task of all) {
      expect(task.env).toBe(id);
      expect(definition.levels).toHaveProperty(task.level);
      expect(SPLITS).toContain(task.split);
      if (definition.breakdown) expect(task.params).toHaveProperty(definition.breakdown);
    }
  });

  it("keeps its splits disjoint: no task's content occurs in two of them", () => {
    const splitOf = new Map<string, Split>();
    for (const { seed, params, split } of definition.tasks()) {
      const content = JSON.stringify([seed, params]);
      expect(splitOf.get(content) ?? split).toBe(split);
      splitOf.set(content, split);
    }
  });

  it("finds a task again by its id, and says which ids there are when there is none", () => {
    for (const task of spread(definition.tasks(), 200)) expect(definition.task(task.id)).toEqual(task);
    expect(() => definition.task("no such task")).toThrow(/no such task/);
  });

  it("keeps tasks as plain JSON: a copy that went through text starts the same episode", async () => {
    for (const task of sample(definition, "test", 2)) {
      const copy = JSON.parse(JSON.stringify(task)) as TaskSpec;
      expect(copy).toEqual(task);
      expect(await definition.create().reset(copy)).toEqual(await definition.create().reset(task));
    }
  });

  it("answers two copies alike, and the same copy alike after a reset", async () => {
    for (const task of sample(definition, "test", 2)) {
      const played = await playExpert(definition, task);
      const actions = played.flatMap(([advice], i) => [HOSTILE[i % HOSTILE.length], advice.action]);
      const one = definition.create();
      const other = definition.create();
      const first = await answers(one, task, actions);
      expect(await answers(other, task, actions)).toEqual(first);
      expect(await answers(one, task, actions)).toEqual(first);
    }
  });

  it("answers any string without throwing, with a finite reward", async () => {
    for (const task of sample(definition, "test", 1)) {
      for (const text of HOSTILE) {
        const running = definition.create();
        await running.reset(task);
        const step = await running.step(text);
        expect(Number.isFinite(step.reward)).toBe(true);
        expect(step.success).toBe(false);
        expect(typeof step.observation.text).toBe("string");
        const parsed = definition.parse(text);
        expect(typeof parsed.action).toBe("string");
        expect(typeof parsed.thought).toBe("string");
        running.close();
      }
    }
  });

  it("answers random strings without throwing, many in one episode", async () => {
    const [task] = sample(definition, "test", 1);
    const [[advice]] = await playExpert(definition, task);
    const words = fc.constantFrom(...advice.action.split(/(\W)/), "1", "a", ",", "[", "]", " ", "\n", "_");
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(words, { maxLength: 12 }).map((w) => w.join("")),
    );
    const running = definition.create();
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 8 }), async (actions) => {
        await running.reset(task);
        for (const action of actions) {
          const step = await running.step(action);
          if (!Number.isFinite(step.reward)) return false;
          if (step.done) break;
        }
        return true;
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it("has an expert that solves nine in ten held-out tasks within the turns of an episode, by valid actions", async () => {
    const tasks = sample(definition, "test", 20);
    let solved = 0;
    for (const task of tasks) {
      const played = await playExpert(definition, task);
      const last = played.at(-1)?.[1];
      if (last?.success && last.reward > 0) solved++;
      for (const [advice, step] of played) expect(step.valid, `${task.id}: ${advice.action}`).toBe(true);
    }
    expect(solved / tasks.length).toBeGreaterThanOrEqual(0.9);
  });

  it("reads back every reply that it writes", async () => {
    for (const task of sample(definition, "test", 3))
      for (const [advice] of await playExpert(definition, task)) {
        const parsed = definition.parse(definition.format(advice));
        expect(parsed.error).toBeUndefined();
        expect(parsed.thought).toBe(advice.thought);
        expect(parsed.action).toContain(advice.action);
        expect(definition.parse(definition.format({ ...advice, thought: "" })).action).toContain(advice.action);
      }
  });

  it("demonstrates reproducibly, within the turns of an episode, in replies that parse", () => {
    for (const task of sample(definition, "demonstration", 10)) {
      const key = fold("contract", task.id);
      const demonstration = definition.demonstrate(task, generator(key));
      expect(definition.demonstrate(task, generator(key))).toEqual(demonstration);
      expect(demonstration.task).toEqual(task);
      expect(demonstration.turns.length).toBeGreaterThan(0);
      expect(demonstration.turns.length).toBeLessThanOrEqual(definition.maxTurns);
      for (const { shown, reply } of demonstration.turns) {
        expect(shown).not.toBe("");
        const parsed = definition.parse(reply);
        expect(parsed.error).toBeUndefined();
        expect(parsed.action).not.toBe("");
      }
    }
  });

  it("varies its demonstrations with the random source", () => {
    const [task] = sample(definition, "demonstration", 1);
    const texts = new Set(
      Array.from({ length: 20 }, (_, i) =>
        JSON.stringify(definition.demonstrate(task, generator(`variety ${i}`)).turns),
      ),
    );
    expect(texts.size).toBeGreaterThan(2);
  });

  it("can be closed twice, and before its first reset", async () => {
    const running = definition.create();
    running.close();
    running.close();
    const used = definition.create();
    await used.reset(definition.tasks()[0]);
    used.close();
    used.close();
  });

  it("does not grow with 1,000 resets", async () => {
    const tasks = sample(definition, "test", 10);
    const running = definition.create();
    for (const task of tasks) await running.reset(task);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 1000; i++) await running.reset(tasks[i % tasks.length]);
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(16 * 2 ** 20);
    running.close();
  });
});
