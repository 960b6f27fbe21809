import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { environments } from "../../lib/environments";
import { diagnose, labelledTrajectories, modesOf, MODE_NAMES, RULES } from "../../lib/failures";
import { wishOf } from "../../lib/failures/webshop-state";
import { expert, random } from "../../lib/policies";
import { rollout } from "../../lib/rollout";
import type { Trajectory } from "../../lib/types";

const byId = new Map(labelledTrajectories().map((one) => [one.trajectory.task.id, one.trajectory]));
const labelsOf = (id: string) => diagnose(byId.get(id)!).labels;
const evidence = (id: string, rule: string) => labelsOf(id).find((label) => label.rule === rule)?.evidence;

describe("a rule names the turn and the words that triggered it:", () => {
  it.each([
    ["textcraft-3", "amounts differ from the command", 1, "listed: 6 iron ingot"],
    ["textcraft-12", "writes the environment's part", 0, "Observation: Got 8 glass"],
    ["textcraft-6", "says it holds more than it does", 6, "3 paper"],
    ["babyai-7", "thing never in view", 0, "go to purple box 1"],
    ["babyai-5", "another thing than the goal names", 0, "asked for red ball"],
    ["alfworld-10", "declares success unconfirmed", 3, "task is finished"],
    ["alfworld-12", "searches again where it has looked", 3, "cabinet 1"],
    ["webshop-4", "false comparison", 1, "61.5 is lower than 40.00"],
    ["webshop-3", "bought without an option asked for", 2, "color: teal"],
    ["webshop-14", "loses track of page or options", 6, "sand was chosen before"],
    ["searchqa-3", "answer in no passage", 0, "Claude Monet"],
    ["searchqa-13", "wrong answer with the right one in view", 2, "in view: Halm Bay"],
  ])("%s, %s", (id, rule, turn, words) => {
    const found = evidence(id, rule)?.find((one) => one.turn === turn);
    expect(found?.text).toContain(words);
  });
});

describe("a diagnosis", () => {
  it("leaves successes and infrastructure errors alone, whatever happened on the way", () => {
    const failure = byId.get("textcraft-3")!;
    for (const outcome of ["success", "error"] as const)
      expect(diagnose({ ...failure, outcome })).toEqual({ labels: [] });
  });

  it("calls an episode that is merely cut off out of turns, and nothing else", () => {
    for (const id of ["textcraft-10", "babyai-11", "alfworld-8"]) {
      const diagnosis = diagnose(byId.get(id)!);
      expect(diagnosis.primary).toBe("out of turns");
      expect(modesOf(diagnosis)).toEqual(["out of turns"]);
    }
  });

  it("of an expert's success is empty, of a random agent's failure never is", async () => {
    for (const definition of environments) {
      const task = definition.tasks({ split: "test" })[0];
      const episode = { definition, task, attempt: 0, key: "failures" };
      expect(diagnose(await rollout(expert, episode))).toEqual({ labels: [] });
      const { primary, labels } = diagnose(await rollout(random, { ...episode, maxTurns: 5 }));
      expect(primary).toBeDefined();
      for (const label of labels) for (const { turn } of label.evidence) expect(turn).toBeLessThan(5);
    }
  });

  it("of any text whatever is a diagnosis", () => {
    const words = [
      "craft 1 ",
      "get 2 ",
      "Action: ",
      "click[",
      "]",
      "<answer>",
      "</answer>",
      "$",
      "(",
      "\n",
      "I have 3 x",
      "Find me ",
    ];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 })), { maxLength: 8 })
      .map((all) => all.join(""));
    const turn = fc.record({ shown: text, reply: text, action: text, reward: fc.constant(0), valid: fc.boolean() });
    const episode = fc.record({
      env: fc.constantFrom(...environments.map(({ id }) => id), "elsewhere"),
      turns: fc.array(turn, { maxLength: 6 }),
      last: text,
      outcome: fc.constantFrom("failure" as const, "truncated" as const),
    });
    fc.assert(
      fc.property(episode, ({ env, ...rest }) => {
        const task = { id: "x", env, level: "easy", split: "test", seed: 0, params: { answers: ["x"] } } as const;
        const trajectory: Trajectory = { task, attempt: 0, policy: "p", version: "0", reward: 0, ...rest };
        for (const mode of modesOf(diagnose(trajectory))) expect(MODE_NAMES).toContain(mode);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("has rules with names of their own", () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  });
});

describe("an instruction of WebShop", () => {
  const wish = (wanted: string) => {
    const turns = [{ shown: `WebShop [SEP] Instruction: [SEP] Find me ${wanted} dollars [SEP] Search` }];
    const { product, options, limit } = wishOf({ turns } as never);
    return { product, options: Object.fromEntries(options), limit };
  };

  it.each([
    [
      "sugar free, plant based cookies with flavor: lemon, and weight: 4 oz, and price lower than 50.00",
      "sugar free, plant based cookies",
      { flavor: "lemon", weight: "4 oz" },
      50,
    ],
    [
      "throw blankets with fleece throw with color: tan, and size: 39x49in, and price lower than 60.00",
      "throw blankets with fleece throw",
      { color: "tan", size: "39x49in" },
      60,
    ],
    ["gluten free crackers, and price lower than 9.00", "gluten free crackers", {}, 9],
  ])("is read in its parts: %s", (wanted, product, options, limit) => {
    expect(wish(wanted)).toEqual({ product, options, limit });
  });
});

describe("the labelled trajectories", () => {
  const all = labelledTrajectories();

  it("are 70, fourteen of each environment, 30 of them for making rules", () => {
    expect(all).toHaveLength(70);
    for (const { id } of environments) expect(all.filter((one) => one.trajectory.task.env === id)).toHaveLength(14);
    expect(labelledTrajectories("development")).toHaveLength(30);
    expect(() => labelledTrajectories("test" as never)).toThrow(
      'part: got "test", accepted: "development", "held-out"',
    );
  });

  it("have all modes, and none for a success", () => {
    expect(new Set(all.flatMap((one) => one.modes))).toEqual(new Set(MODE_NAMES));
    for (const { trajectory, modes, primary } of all) {
      expect(modes.length === 0).toBe(trajectory.outcome === "success");
      expect(primary).toBe(modes[0] ?? "none");
    }
  });

  it("show what the environments' phrases say of an action carried out or not", () => {
    const refused = (id: string) => byId.get(id)!.turns.map((turn) => !turn.valid);
    expect(refused("textcraft-2")).toEqual([true, false, false]);
    expect(refused("babyai-8")).toEqual([false, false, false]);
    expect(refused("alfworld-2").filter(Boolean)).toHaveLength(1);
    expect(refused("webshop-10")).toEqual([false, false, true, true, true, true]);
    expect(refused("searchqa-8")).toEqual([true, true, true, true, true]);
  });
});
