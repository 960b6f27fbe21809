/** TextCraft against recordings of the original, where they are at hand. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { textcraft } from "../../lib/environments/textcraft";
import type { TextCraftEnvironment } from "../../lib/environments/textcraft/environment";
import { readRecipeTable, recipeRows, type GameRecipe } from "../../lib/environments/textcraft/recipes";

const shared = path.resolve(__dirname, "../../../shared");

const file = path.join(shared, "parity", "textcraft.jsonl");

describe.skipIf(!existsSync(file))("recordings of the original (skipped where ../shared/parity is absent)", () => {
  interface Recording {
    readonly task_id: number;
    readonly goal: string;
    readonly initial_observation: string;
    readonly steps: readonly { action: string; observation: string; reward: number; done: boolean }[];
  }
  const read = (name: string): string => readFileSync(path.join(shared, "parity", name), "utf8").trim();
  // What is skipped is collected all the same.
  const recordings = (existsSync(file) ? read("textcraft.jsonl").split("\n") : []).map(
    (line) => JSON.parse(line) as Recording,
  );

  it.each(recordings.map((recording) => [`${recording.task_id} ${recording.goal}`, recording] as const))(
    "are answered word for word: %s",
    (_, recording) => {
      const environment = textcraft.create() as TextCraftEnvironment;
      const task = textcraft.task(recording.task_id);
      const full = environment.tree;
      const [commands, goal] = (environment.reset(task) as { text: string }).text.split("\n\n");
      const [originalCommands, originalGoal] = recording.initial_observation.split("\n\n");
      expect(goal).toBe(originalGoal);
      expect(commands.split("\n")).toHaveLength(originalCommands.split("\n").length);
      const needed = full.requiredFor(task.params.goal as string);
      const uses = needed.flatMap((recipe) => recipe.ingredients.flatMap(({ name }) => full.usesOf(name)));
      const allowed = new Set([...needed, ...uses].map((recipe) => recipe.text));
      for (const side of [commands, originalCommands]) {
        const lines = side.split("\n").slice(1);
        expect(lines).toEqual(expect.arrayContaining(needed.map((recipe) => recipe.text)));
        for (const line of lines) expect(allowed.has(line), line).toBe(true);
      }
      for (const { action, observation, reward, done } of recording.steps) {
        const step = environment.step(action);
        expect({ action, text: step.observation.text, reward: step.reward, done: step.done }).toEqual({
          action,
          text: observation,
          reward,
          done,
        });
      }
    },
  );

  it("are solved by the recorded plans, all 544", () => {
    const plans = JSON.parse(read("textcraft_tasks.json")) as {
      readonly idx: number;
      readonly goal: string;
      readonly depth: number;
      readonly plan: readonly string[];
    }[];
    expect(plans.length).toBe(544);
    const environment = textcraft.create() as TextCraftEnvironment;
    for (const { idx, goal, depth, plan } of plans) {
      const task = textcraft.task(idx);
      expect([`minecraft:${task.params.goal as string}`, task.params.depth]).toEqual([goal, depth]);
      environment.reset(task);
      expect(plan.map((action) => environment.step(action).reward).at(-1)).toBe(1);
    }
  });

  it("have replies read as the original's client reads them", () => {
    const cases = read("client_parsers.jsonl")
      .split("\n")
      .map((line) => JSON.parse(line) as { kind: string; text: string; action?: string; error?: string })
      .filter(({ kind }) => kind === "textcraft_babyai_client");
    for (const { text, action, error } of cases)
      expect(textcraft.parse(text)).toMatchObject(error ? { error } : { action });
  });
});

describe.skipIf(!existsSync(path.join(shared, "data", "textcraft", "recipes-1.16.5.json")))(
  "the game's own recipes (skipped where ../shared/data is absent)",
  () => {
    it("reduce to the table that comes with the workbench", () => {
      const file = path.join(shared, "data", "textcraft", "recipes-1.16.5.json");
      expect(recipeRows(JSON.parse(readFileSync(file, "utf8")) as { [file: string]: GameRecipe })).toEqual(
        readRecipeTable(),
      );
    });
  },
);
