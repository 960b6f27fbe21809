import { expect, it } from "vitest";
import { searchqa } from "../../lib/environments/searchqa";
import { generator } from "../../lib/random";
import type { RandomSource, Step } from "../../lib/types";

const PIECES = [
  "<search>", "</search>", "<answer>", "</answer>", "<think>", "</think>", "<SEARCH>", "< answer>", "</", "<", ">",
  "Paris", "the", " ", "\n", "\u0000", "\ufeff", "\ud800", "\udfff", "😀", "İ", "日本", "\\", "$&", "%s", "__proto__",
  "constructor", "born in", "author of", "a".repeat(300), "<search>".repeat(50), "<answer>x</answer>".repeat(20),
]; // prettier-ignore

function hostile(random: RandomSource): string {
  const pieces = Array.from({ length: random.integer(9) }, () => random.pick(PIECES));
  if (random.integer(3) > 0) pieces.unshift(random.pick(["<search>", "<answer>"]));
  if (random.integer(3) > 0) pieces.push(random.pick(["</search>", "</answer>"]));
  return pieces.join("");
}

it("20,000 random, hostile and half-right replies are all answered", () => {
  const random = generator("searchqa fuzz");
  const tasks = searchqa.tasks();
  const environment = searchqa.create();
  for (let episode = 0; episode < 2_000; episode++) {
    const task = random.pick(tasks);
    environment.reset(task);
    for (let turn = 0; turn < 10; turn++) {
      const right = `<answer>${(task.params.answers as string[])[0]}</answer>`;
      const reply = random.integer(8) === 0 ? hostile(random) + right : hostile(random);
      const { action } = searchqa.parse(reply);
      const step = environment.step(action) as Step;
      expect(step.reward === 1).toBe(step.done);
      expect(step.observation.text).toMatch(/^(<information>|Congratulations!|Sorry,|Your previous action)/);
    }
  }
});

// A quadratic scan would run into the time limit of a test.
it("a reply of a million characters is answered, and is no right answer", async () => {
  const environment = searchqa.create();
  environment.reset(searchqa.task(0));
  for (const piece of ["<search>", "<answer>", " ", "<answer></search>", "the "]) {
    const endless = piece.repeat(1_000_000 / piece.length);
    for (const reply of [endless, `<answer>${endless}x</answer>`]) {
      expect(await environment.step(reply)).toMatchObject({ reward: 0, done: false });
    }
  }
});
