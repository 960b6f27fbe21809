import { describe, expect, it } from "vitest";
import { environment, environments } from "../../lib/environments";
import { initialModel } from "../../lib/pocket/model";
import { Tokenizer } from "../../lib/pocket/tokenizer";
import { fold, generator } from "../../lib/random";
import { demonstration } from "../../lib/training/demonstrations";
import { nameCopying } from "../../lib/training/name-copying";
import { inventNames, namesIn, withNames } from "../../lib/training/names";

const turns = [
  {
    shown: "On the shelf 1, you see a mug 2.",
    reply: "Thought: a mug is what I need.\nAction: take mug 2 from shelf 1",
  },
  { shown: "You take it.", reply: "Thought: now the Fork.\nAction: put mug 2 in sink 1" },
];

describe("names in demonstrations", () => {
  it("are words of actions that were shown before and belong to no fixed phrase", () => {
    expect(namesIn(turns, [])).toEqual(["mug", "shelf"]);
    expect(namesIn(turns, ["you see a mug"])).toEqual(["shelf"]);
  });

  it("are the capitalised ones where there are some", () => {
    const asked = [{ shown: "Who wed Ada Moor?", reply: "<think>Ada wed whom?</think><search>wed Ada Moor</search>" }];
    expect(namesIn(asked, [])).toEqual(["Ada", "Moor"]);
  });

  it("become other words everywhere alike, each its own", () => {
    const names = inventNames(["mug", "shelf"], generator("names"));
    expect(new Set([...names.values(), "mug", "shelf"]).size).toBe(4);
    const [first, second] = withNames(turns, names);
    expect(first.shown).toBe(`On the ${names.get("shelf")} 1, you see a ${names.get("mug")} 2.`);
    expect(second.reply).toBe(`Thought: now the Fork.\nAction: put ${names.get("mug")} 2 in sink 1`);
  });

  it.each(environments.map(({ id }) => id))(
    "can be replaced in demonstrations of %s, which stay the same else",
    (id) => {
      const source = { definition: environment(id), weight: 1 };
      const index = [0, 1, 2, 3, 4].find(
        (i) => namesIn(demonstration(source, i, "t").turns, source.definition.phrases).length,
      );
      const plain = demonstration(source, index!, "t");
      const renamed = demonstration({ ...source, invented: 1 }, index!, "t");
      expect(renamed.turns.length).toBe(plain.turns.length);
      expect(renamed.turns).not.toEqual(plain.turns);
      expect(renamed.turns.map((t) => t.reply.split(" ").length)).toEqual(
        plain.turns.map((t) => t.reply.split(" ").length),
      );
    },
  );
});

describe.each(environments.map(({ id }) => id))("demonstrations of %s", (id) => {
  const source = { definition: environment(id), weight: 1 };
  const texts = (options: object) =>
    Array.from({ length: 12 }, (_, i) => demonstration({ ...source, ...options }, i, "t"));

  it("have no thoughts where none are wanted, and the same actions", () => {
    const { parse } = source.definition;
    const silent = texts({ thoughts: false }).flatMap(({ turns }) => turns.map(({ reply }) => parse(reply)));
    expect(silent.map(({ thought }) => thought).join("")).toBe("");
    const spoken = texts({}).flatMap(({ turns }) => turns.map(({ reply }) => parse(reply).action));
    expect(silent.map(({ action }) => action)).toEqual(spoken.map((action) => action.replace(/^.*<\/think>/s, "")));
  });

  it("are as often under the task's own names as is asked", () => {
    const own = texts({ renaming: false });
    const differ = texts({}).filter(({ turns }, i) => JSON.stringify(turns) !== JSON.stringify(own[i].turns));
    expect(differ.length).toBeGreaterThan(1);
    expect(differ.length).toBeLessThan(own.length);
  });
});

describe("name copying", () => {
  it("is the probability of a name's tokens: about nothing for a model without training", async () => {
    const definition = environment("textcraft");
    const tokenizer = Tokenizer.train(["craft get using"], { size: 300, phrases: definition.phrases });
    const size = { layers: 1, width: 16, heads: 1, keyHeads: 1, headSize: 16, pointer: 8, context: 2048 };
    const model = initialModel(size, tokenizer, fold("names"));
    const rows = await nameCopying(model, definition, definition.tasks({ split: "test", level: "easy" }).slice(0, 3));
    expect(rows.length).toBe(3);
    for (const { shown, invented } of rows) {
      expect(shown).toBeGreaterThan(0);
      expect(Math.max(shown, invented)).toBeLessThan(0.05);
    }
  });
});
