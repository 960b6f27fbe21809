import { describe, expect, it } from "vitest";
import { embeddedWorld, normalizeAnswer, searchqa, SearchQAEnvironment } from "../../lib/environments/searchqa";
import { MENTIONS, RELATIONS } from "../../lib/environments/searchqa/world/relations";
import { PASSAGES } from "../../lib/environments/searchqa/world/sentences";
import { generateWorld } from "../../lib/environments/searchqa/world/world";
import { generator } from "../../lib/random";
import type { Environment, Split, Step, TaskSpec } from "../../lib/types";

const tasks = searchqa.tasks();
const SPLITS: readonly Split[] = ["demonstration", "train", "test"];

function act(environment: Environment, action: string): Step {
  return environment.step(action) as Step;
}

function begin(task: TaskSpec = tasks[0]): SearchQAEnvironment {
  const environment = searchqa.create() as SearchQAEnvironment;
  environment.reset(task);
  return environment;
}

const golden = (task: TaskSpec) => (task.params.answers as string[])[0];

describe("rules", () => {
  it("a reset shows instructions and question, and the prompt stays the same after steps", () => {
    const environment = searchqa.create() as SearchQAEnvironment;
    const { text } = environment.reset(tasks[0]);
    expect(text).toMatch(
      /^You must reason inside <think>\.\.\.<\/think> first\. If you do not have enough knowledge, /,
    );
    expect(text.endsWith(`Follow this process every time.\n\n Question: ${tasks[0].params.question}`)).toBe(true);
    act(environment, "<search>anything</search>");
    expect(environment.prompt()).toBe(text);
  });

  it("a search shows the three best passages, an empty one nothing", () => {
    const environment = begin();
    const { observation, reward, done, valid } = act(environment, `<search>${golden(tasks[0])}</search>`);
    expect(observation.text).toMatch(/^<information>Doc 1\(Title: ".*"\) .*\nDoc 2.*\nDoc 3.*[^\n]<\/information>$/);
    expect({ reward, done, valid }).toEqual({ reward: 0, done: false, valid: true });
    expect(act(environment, "<search></search>").observation.text).toBe("<information></information>");
  });

  it("a wrong answer does not end the episode, a later right one solves it", () => {
    const environment = begin();
    const wrong = act(environment, "<answer>nobody</answer>");
    expect(wrong).toMatchObject({ reward: 0, done: false, success: false, valid: true });
    const right = act(environment, `<answer> The ${golden(tasks[0]).toUpperCase()}! </answer>`);
    expect(right).toMatchObject({ reward: 1, done: true, success: true, valid: true });
  });

  it("the first tag decides, the last answer scores", () => {
    const right = `<answer>${golden(tasks[0])}</answer>`;
    expect(act(begin(), `<search>x</search>${right}`).done).toBe(false);
    expect(act(begin(), `<answer>nobody</answer>${right}`).done).toBe(true);
    expect(act(begin(), `${right}<answer>nobody</answer>`).done).toBe(false);
    expect(act(begin(), `<search>never closed ${right}`).done).toBe(true);
  });

  it("a reply without a complete tag is invalid and says what is accepted", () => {
    const step = act(begin(), "<answer>Paris");
    expect(step).toMatchObject({ valid: false, done: false, reward: 0 });
    expect(step.observation.text).toMatch(/^Your previous action is invalid\. /);
  });

  it("any golden answer counts", () => {
    for (const task of tasks.filter((_, i) => i % 97 === 0))
      for (const answer of task.params.answers as string[])
        expect(act(begin(task), `<answer>${answer}</answer>`).success).toBe(true);
  });

  it("a step before a reset is refused with words", () => {
    expect(() => searchqa.create().step("<search>x</search>")).toThrow(/needs reset/);
  });

  it("the whole reply is the action", () => {
    const reply = searchqa.format({ thought: "I need it.", action: "<search>it</search>" });
    expect(searchqa.parse(reply)).toEqual({ thought: "I need it.", action: reply });
  });
});

describe("tasks", () => {
  it("there are enough of every split and level, each under its own id", () => {
    for (const level of ["easy", "hard"])
      expect(SPLITS.map((split) => searchqa.tasks({ split, level }).length)).toEqual([400, 300, 240]);
    tasks.forEach((task, i) => expect([searchqa.task(i), searchqa.task(task.id)]).toEqual([task, task]));
    expect(() => searchqa.task("searchqa_nothing")).toThrow(/accepted: 0 to 1879 or "searchqa_world_0"/);
    expect(() => searchqa.task(-1)).toThrow(RangeError);
  });

  it("no question occurs twice", () => {
    expect(new Set(tasks.map((task) => task.params.question)).size).toBe(tasks.length);
  });

  it("no invented word of a question or its facts occurs in another split", () => {
    const { words } = embeddedWorld();
    const used = SPLITS.map((split) => {
      const text = JSON.stringify(searchqa.tasks({ split }).map((task) => task.params));
      return new Set(text.match(/[A-Z][a-z]+/g)?.filter((word) => words.has(word)));
    });
    for (const [i, one] of used.entries())
      for (const other of used.slice(i + 1)) expect([...one].filter((word) => other.has(word))).toEqual([]);
  });

  it("invented words are no words of the templates, so that renaming is safe", () => {
    const text = JSON.stringify([RELATIONS, MENTIONS, PASSAGES, searchqa.phrases]);
    const { words } = embeddedWorld();
    expect((text.match(/[A-Z][a-z]+/g) ?? []).filter((word) => words.has(word))).toEqual([]);
  });

  it("the answer is never in the question, and the last passage of the chain states it", () => {
    const passages = new Map(embeddedWorld().passages.map((passage) => [passage.id, passage.contents]));
    for (const { params } of tasks) {
      const { question, answers, chain } = params as unknown as {
        question: string;
        answers: string[];
        chain: { subject: string; object: string; passages: string[] }[];
      };
      const compared = chain.some((link) => "because" in link);
      if (!compared) expect(normalizeAnswer(question)).not.toContain(normalizeAnswer(answers[0]));
      for (const { subject, object, passages: ids } of chain)
        for (const id of ids) {
          expect(passages.get(id)).toContain(object);
          expect(passages.get(id)).toContain(subject.split(" ")[1]);
        }
      expect(chain[chain.length - 1].object).toBe(answers[0]);
    }
  });

  it("passages are short and the world is the same for the same seed", () => {
    const lengths = embeddedWorld().passages.map(({ contents }) => contents.split("\n")[1].split(" ").length);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(60);
    expect(lengths.length).toBeGreaterThan(3_500);
    expect(generateWorld("a", 0.1).passages).toEqual(generateWorld("a", 0.1).passages);
    expect(generateWorld("a", 0.1).passages).not.toEqual(generateWorld("b", 0.1).passages);
  });
});

describe("expert", () => {
  it("solves every task within the turns", () => {
    for (const task of tasks) {
      const environment = begin(task);
      const expert = searchqa.expert(environment, task);
      let step: Step | undefined;
      for (let turn = 0; turn < searchqa.maxTurns && !step?.done; turn++)
        step = act(environment, searchqa.format(expert.next()!));
      expect(step?.success, task.id).toBe(true);
      expect(expert.next()).toBeUndefined();
    }
  });

  it("takes every name of a query or answer from text the agent has seen", () => {
    for (const task of tasks.filter((_, i) => i % 5 === 0)) {
      const environment = begin(task);
      const expert = searchqa.expert(environment, task);
      let seen = environment.prompt();
      for (let advice = expert.next(); advice; advice = expert.next()) {
        for (const [word] of advice.action.matchAll(/[A-Z][a-z]+|\d{4}/g)) expect(seen).toContain(word);
        seen += act(environment, searchqa.format(advice)).observation.text;
      }
    }
  });

  it("recovers from wrong answers, useless searches and broken replies", () => {
    const task = searchqa.tasks({ level: "hard" }).find(({ params }) => params.hops === 4)!;
    const environment = begin(task);
    const expert = searchqa.expert(environment, task);
    for (const reply of ["<answer>x</answer>", "<search>the</search>", "", "<search>calm manner</search>"]) {
      act(environment, reply);
      act(environment, searchqa.format(expert.next()!));
    }
    expect(environment.solved).toBe(false);
    let step: Step | undefined;
    for (let advice = expert.next(); advice; advice = expert.next()) step = act(environment, searchqa.format(advice));
    expect(step?.success).toBe(true);
  });

  it("searches for the bare name where the obvious query did not find the fact", () => {
    const environment = new SearchQAEnvironment({ search: () => [] });
    environment.reset(tasks[0]);
    const expert = searchqa.expert(environment, tasks[0]);
    const queries = [0, 1, 2].map(() => {
      const { action } = expert.next()!;
      act(environment, action);
      return action;
    });
    expect(queries[1].length).toBeLessThan(queries[0].length);
    expect(queries[2]).toBe(queries[0]);
  });
});

describe("demonstrations", () => {
  const demonstrations = searchqa
    .tasks({ split: "demonstration" })
    .map((task) => searchqa.demonstrate(task, generator(`demonstration ${task.id}`)));

  it("are the same for the same random source", () => {
    const { task } = demonstrations[3];
    expect(searchqa.demonstrate(task, generator(`demonstration ${task.id}`))).toEqual(demonstrations[3]);
  });

  it("contain a mistake in about every seventh case and nearly always end with the answer", () => {
    const flawed = demonstrations.filter(({ task, turns }) => turns.length > Number(task.params.hops) + 1);
    const solved = demonstrations.filter(({ turns }) => turns[turns.length - 1].reply.includes("<answer>"));
    expect(flawed.length / demonstrations.length).toBeGreaterThan(0.1);
    expect(flawed.length / demonstrations.length).toBeLessThan(0.2);
    expect(solved.length / demonstrations.length).toBeGreaterThan(0.98);
    for (const { turns } of demonstrations) expect(turns.length).toBeLessThanOrEqual(searchqa.maxTurns);
  });

  it("rename the invented names in half of the cases, consistently", () => {
    const { words } = embeddedWorld();
    const renamed = demonstrations.filter(({ turns }) =>
      turns.every(({ shown, reply }) => !`${shown}${reply}`.match(/[A-Z][a-z]+/g)?.some((word) => words.has(word))),
    );
    expect(renamed.length / demonstrations.length).toBeGreaterThan(0.4);
    expect(renamed.length / demonstrations.length).toBeLessThan(0.6);
    for (const { turns } of renamed) {
      const answer = /<answer>(.*)<\/answer>/.exec(turns[turns.length - 1].reply)?.[1];
      if (answer) expect(turns.some(({ shown }) => shown.includes(answer))).toBe(true);
    }
  });

  it("are short enough for a small context", () => {
    for (const { turns } of demonstrations) {
      const words = turns.map(({ shown, reply }) => `${shown} ${reply}`.split(/\s+/).length);
      expect(words.reduce((sum, n) => sum + n, 0)).toBeLessThan(800);
    }
  });
});
