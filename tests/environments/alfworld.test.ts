import { describe, expect, it } from "vitest";
import { alfworld } from "../../lib/environments/alfworld";
import type { AlfWorldEnvironment } from "../../lib/environments/alfworld/environment";
import { planLength } from "../../lib/environments/alfworld/expert";
import { fold, generator } from "../../lib/random";
import type { Demonstration, Observation, RandomSource, Step, TaskSpec } from "../../lib/types";

const splits = ["demonstration", "train", "test"] as const;

function begin(task: TaskSpec): { environment: AlfWorldEnvironment; first: Observation } {
  const environment = alfworld.create() as AlfWorldEnvironment;
  return { environment, first: environment.reset(task) };
}

describe("AlfWorld's tasks", () => {
  it("there are 400, 300 and 240 per level, with ids of their own and known task types", () => {
    const tasks = alfworld.tasks();
    expect(tasks).toHaveLength(2 * (400 + 300 + 240));
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length);
    for (const level of ["easy", "hard"])
      expect(splits.map((split) => alfworld.tasks({ split, level }).length)).toEqual([400, 300, 240]);
    expect(new Set(tasks.map(({ params }) => params.taskType)).size).toBe(6);
    expect(new Set(tasks.map(({ params }) => params.room)).size).toBe(4);
  });

  it("no goal is asked for in two splits, and the rooms of half of the test tasks in no other", () => {
    const goals = splits.map((split) => new Set(alfworld.tasks({ split }).map(goalOf)));
    for (const a of [0, 1, 2])
      for (const b of [0, 1, 2]) if (a !== b) for (const goal of goals[a]) expect(goals[b]).not.toContain(goal);
    const room = ({ params }: TaskSpec): string => `${String(params.room)} ${String(params.scene)}`;
    const known = new Set(
      [...alfworld.tasks({ split: "demonstration" }), ...alfworld.tasks({ split: "train" })].map(room),
    );
    const test = alfworld.tasks({ split: "test" });
    expect(test.filter((task) => task.params.layout === "unseen")).toHaveLength(test.length / 2);
    for (const task of test) expect(known.has(room(task)), task.id).toBe(task.params.layout === "seen");
  });

  it("a task is found by its id or its place, and what is not known is told", () => {
    const tasks = alfworld.tasks();
    for (const index of [0, 399, 400, 1000, 1879]) {
      expect(alfworld.task(index)).toBe(tasks[index]);
      expect(alfworld.task(tasks[index].id)).toBe(tasks[index]);
    }
    for (const id of [-1, 1880, 0.5, "alfworld_test-easy-01", "alfworld_test-easy-", "alfworld_7", "x"])
      expect(() => alfworld.task(id)).toThrow(RangeError);
    expect(() => alfworld.task(2420)).toThrow(/0 to 1879.*alfworld_test-easy-<number>.*dataDir/);
  });

  it("there are more tasks than are listed", () => {
    const task = alfworld.task("alfworld_train-hard-123456");
    expect(task).toMatchObject({ split: "train", level: "hard" });
    expect(begin(task).first.text).toContain("Your task is to");
  });

  it("the same task is the same game, made from its parameters alone", () => {
    for (const task of alfworld.tasks({ split: "test", level: "hard" }).slice(0, 20)) {
      const copy = JSON.parse(JSON.stringify({ ...task, id: "elsewhere" })) as TaskSpec;
      expect(begin(copy).first).toEqual(begin(task).first);
    }
  });

  it("parameters without a game are refused with those accepted", () => {
    const task = { ...alfworld.task(0), params: { room: "cellar" } };
    expect(() => begin(task)).toThrow(/taskType \(pick_and_place_simple.*room \(kitchen.*got \{"room":"cellar"\}/);
  });

  it("hard tasks need more steps than easy ones", () => {
    const mean = (level: string): number => {
      const lengths = alfworld.tasks({ split: "test", level }).map((task) => {
        const { environment } = begin(task);
        return planLength(environment.game, environment.world);
      });
      return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    };
    expect(mean("hard")).toBeGreaterThan(mean("easy") + 2);
  });
});

describe("AlfWorld's client", () => {
  it("lists the possible actions with the first observation only", () => {
    const { environment, first } = begin(alfworld.task(0));
    expect(alfworld.render!(first, 0)).toBe(`${first.text}\nAVAILABLE ACTIONS: ${first.actions!.join(",")}`);
    const { observation } = environment.step("look");
    expect(observation.actions).toEqual(first.actions);
    expect(alfworld.render!(observation, 1)).toBe(observation.text);
  });

  it.each([
    ["Thought: t\nAction: go to fridge 1", "t", "go to fridge 1"],
    ["Action:\nlook", "", "look"],
    ["Thought: a\nAction: b\nAction: c", "a\nAction: b", "c"],
    ["Thought: t\nAction: take mug 1 from shelf 1</s>", "t", "take mug 1 from shelf 1"],
    ["no action here", "no action here", ""],
    ["action: look", "action: look", ""],
    ["", "", ""],
  ])("reads %j", (reply, thought, action) => {
    expect(alfworld.parse(reply)).toEqual({ thought, action });
  });

  it("reads back what it formats", () => {
    for (const advice of [
      { thought: "I look.", action: "look" },
      { thought: "", action: "put mug 1 in/on shelf 2" },
    ])
      expect(alfworld.parse(alfworld.format(advice))).toEqual(advice);
  });
});

describe("AlfWorld's expert", () => {
  it("solves every task in time with valid actions only", () => {
    const failures: string[] = [];
    for (const task of alfworld.tasks()) {
      const { environment } = begin(task);
      const expert = alfworld.expert(environment, task);
      let last: Step | undefined;
      for (let advice = expert.next(); advice; advice = expert.next()) {
        last = environment.step(advice.action);
        if (!last.valid) failures.push(`${task.id}: ${advice.action}`);
      }
      if (!last?.success || environment.steps > alfworld.maxTurns) failures.push(`${task.id}: not solved in time`);
    }
    expect(failures).toEqual([]);
  });

  it("finds its way back after any mistakes while turns last", () => {
    const random = generator(fold("alfworld mistakes"));
    for (const task of alfworld.tasks({ split: "train" }).filter((_, index) => index % 7 === 0)) {
      const { environment, first } = begin(task);
      let { actions } = first;
      for (let turn = 0; turn < 8 && !environment.isDone; turn++)
        ({ actions } = environment.step(random.pick(actions!)).observation);
      const expert = alfworld.expert(environment, task);
      for (let advice = expert.next(); advice; advice = expert.next()) environment.step(advice.action);
      expect(environment.game.isWon(environment.world), task.id).toBe(true);
    }
  });

  it("names only what was shown before, except for rare last resorts, and thinks in few words", () => {
    let names = 0;
    let unseen = 0;
    let longest = 0;
    for (const task of alfworld.tasks({ split: "demonstration" }).filter((_, index) => index % 3 === 0)) {
      const { environment, first } = begin(task);
      const expert = alfworld.expert(environment, task);
      let shown = alfworld.render!(first, 0);
      for (let advice = expert.next(); advice; advice = expert.next()) {
        for (const name of advice.action.match(/[a-z]+ \d+/g) ?? []) {
          names++;
          if (!shown.includes(name)) unseen++;
        }
        longest = Math.max(longest, advice.thought.split(" ").length);
        shown += environment.step(advice.action).observation.text;
      }
    }
    expect(unseen / names).toBeLessThan(0.002);
    expect(longest).toBeLessThanOrEqual(30);
  });

  it("has no advice once the game is over", () => {
    const { environment } = begin(alfworld.task(0));
    for (let step = 0; step < 50; step++) environment.step("nonsense");
    expect(alfworld.expert(environment, alfworld.task(0)).next()).toBeUndefined();
  });
});

describe("AlfWorld's demonstrations", () => {
  const tasks = alfworld.tasks({ split: "demonstration" }).filter((_, index) => index % 3 === 0);
  const make = (task: TaskSpec, salt = 0): Demonstration =>
    alfworld.demonstrate(task, generator(fold("demo", task.id, salt)));

  it("the same task and random source give the same text", () => {
    for (const task of tasks.slice(0, 20)) expect(make(task)).toEqual(make(task));
  });

  it("stay within the turns, and can be read back", () => {
    for (const task of tasks) {
      const { turns } = make(task);
      expect(turns.length).toBeGreaterThan(0);
      expect(turns.length).toBeLessThanOrEqual(alfworld.maxTurns);
      expect(turns.map(({ reply }) => alfworld.parse(reply).action)).not.toContain("");
    }
  });

  it("end in success, slips or not", () => {
    const outcomes = tasks.flatMap((task) => {
      const { turns } = make(task);
      const { environment, first } = begin(task);
      if (!turns[0].shown.startsWith(first.text)) return [];
      return [turns.map(({ reply }) => environment.step(alfworld.parse(reply).action).success).at(-1)];
    });
    expect(outcomes.length).toBeGreaterThan(80);
    expect(outcomes.filter(Boolean).length / outcomes.length).toBeGreaterThan(0.95);
  });

  it("are varied: some with a slip, some without thoughts, half under other names", () => {
    const demonstrations = tasks.map((task) => make(task));
    const share = (test: (demonstration: Demonstration) => boolean): number =>
      demonstrations.filter(test).length / demonstrations.length;
    const silent = share(({ turns }) => turns.every(({ reply }) => !reply.includes("Thought:")));
    const renamed = share(({ task, turns }) => !turns[0].shown.startsWith(begin(task).first.text));
    const invalid = share(({ turns }) => turns.some(({ shown }) => shown === "Nothing happens."));
    expect(silent).toBeGreaterThan(0.08);
    expect(silent).toBeLessThan(0.25);
    expect(renamed).toBeGreaterThan(0.4);
    expect(renamed).toBeLessThan(0.6);
    expect(invalid).toBeGreaterThan(0.02);
    expect(invalid).toBeLessThan(0.15);
  });

  it("every fixed phrase is said somewhere", () => {
    const said = tasks.flatMap((task) => make(task).turns.flatMap(({ shown, reply }) => [shown, reply]));
    const text = [...said, ...wander()].join("\n");
    expect(alfworld.phrases.filter((phrase) => !text.includes(phrase))).toEqual([]);
  });
});

/** What a player hears who takes any listed action, but rather does something than walks about. */
function wander(): string[] {
  const random = generator(fold("alfworld phrases"));
  return alfworld.tasks({ split: "train", level: "hard" }).flatMap((task) => {
    const { environment, first } = begin(task);
    let { actions } = first;
    return Array.from({ length: 40 }, () => {
      const busy = actions!.filter((action) => !action.startsWith("go to"));
      const { observation } = environment.step(random.pick(random.next() < 0.7 ? busy : actions!));
      ({ actions } = observation);
      return observation.text;
    });
  });
}

describe("AlfWorld under hostile play", () => {
  const names = [
    "mug 1",
    "fridge 1",
    "cabinet 2",
    "nowhere",
    "",
    "__proto__",
    "constructor",
    "a".repeat(500),
    "мug 1",
    "\u0000",
  ];
  const verbs = [
    "go to",
    "take",
    "put",
    "open",
    "close",
    "examine",
    "use",
    "clean",
    "heat",
    "cool",
    "slice",
    "move",
    "toString",
    "GO TO",
    " ",
  ];

  function hostile(actions: readonly string[], random: RandomSource): string {
    const some = random.pick(actions);
    switch (random.integer(8)) {
      case 0:
        return `${random.pick(verbs)} ${random.pick(names)}`;
      case 1:
        return `${random.pick(verbs)} ${random.pick(names)} ${random.pick(["from", "in/on", "with", "to"])} ${random.pick(names)}`;
      case 2:
        return some.slice(0, random.integer(some.length + 1));
      case 3:
        return some.replace(/\d/, String(random.integer(30)));
      case 4:
        return some.split("").reverse().join("");
      default:
        return some;
    }
  }

  it("20,000 random, hostile and half-right actions are answered and never thrown at", () => {
    const random = generator(fold("alfworld hostile"));
    const tasks = alfworld.tasks({ split: "test" });
    let current = begin(random.pick(tasks));
    let { actions } = current.first;
    for (let step = 0; step < 20_000; step++) {
      const answer = current.environment.step(hostile(actions!, random));
      if (!answer.observation.text || (answer.reward === 1) !== answer.success) expect(answer).toBe("an answer");
      ({ actions } = answer.observation);
      if (answer.done) {
        current = begin(random.pick(tasks));
        ({ actions } = current.first);
      }
    }
  });

  it("memory does not grow over 1,000 resets", () => {
    const environment = alfworld.create();
    const tasks = alfworld.tasks({ split: "train" });
    const used = (): number => {
      globalThis.gc?.();
      return process.memoryUsage().heapUsed;
    };
    const run = (count: number): void => {
      for (let i = 0; i < count; i++) {
        environment.reset(tasks[i % tasks.length]);
        environment.step("look");
      }
    };
    run(700);
    const before = used();
    run(1000);
    expect(used() - before).toBeLessThan(globalThis.gc ? 4e6 : 200e6);
  });

  it("two environments do not disturb each other", () => {
    const task = alfworld.task("alfworld_train-hard-0");
    const [one, two] = [begin(task).environment, begin(task).environment];
    const advice = alfworld.expert(one, task).next()!;
    one.step(advice.action);
    expect(two.world.location).not.toBe(one.world.location);
    expect(begin(task).first).toEqual(begin(task).first);
  });
});

function goalOf({ params }: TaskSpec): string {
  return [params.taskType, params.object, params.target].join(" ");
}
