import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { Tokenizer } from "../../lib/pocket/tokenizer";

const texts = [
  "Crafting commands:\ncraft 4 oak planks using 1 oak log\n\nGoal: craft oak planks.",
  "Thought: to craft oak planks I need 1 oak log.\nAction: get 1 oak log",
];
const tokenizer = Tokenizer.train(Array(3).fill(texts).flat(), {
  size: 330,
  phrases: ["Crafting commands:\n", "Goal: craft "],
});

describe("the tokenizer", () => {
  it("reads every text and gives it back unchanged", () => {
    const glued = fc.array(fc.constantFrom("\u2060", " ", "[", "a", "b1", "(", "\n")).map((parts) => parts.join(""));
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.string(), glued, fc.constantFrom(...texts));
    fc.assert(
      fc.property(text, (t) => {
        const whole = Buffer.from(t, "utf8").toString("utf8");
        expect(tokenizer.decode(tokenizer.encode(whole))).toBe(whole);
      }),
    );
  });

  it("makes one token of a phrase, without the space that belongs to the next word", () => {
    const [phrase, ...rest] = tokenizer.encode("Goal: craft oak log");
    expect(tokenizer.decode([phrase])).toBe("Goal: craft");
    expect(rest.map((id) => tokenizer.decode([id]))).toEqual([" oak", " log"]);
  });

  it("writes a name with the same tokens wherever it follows a space, so that it can be copied", () => {
    const name = tokenizer.encode(" zyx log");
    const inText = tokenizer.encode("craft 4 oak planks using 2 zyx log\n");
    expect(inText.join()).toContain(name.join());
  });

  it("writes a name behind an opening sign as behind a space", () => {
    const name = tokenizer.encode(" zyx 12").join();
    expect(tokenizer.encode("click[zyx 12]").join()).toContain(name);
    expect(tokenizer.encode('(Title: "zyx 12")').join()).toContain(name);
  });

  it("is the same after a round trip through its data", () => {
    const copy = new Tokenizer(JSON.parse(JSON.stringify(tokenizer.data)));
    for (const text of texts) expect(copy.encode(text)).toEqual(tokenizer.encode(text));
  });
});
