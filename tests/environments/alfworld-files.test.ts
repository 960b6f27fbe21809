import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alfworld, gameTask, openAlfWorld } from "../../lib/environments/alfworld";
import { formatGame, parseGame } from "../../lib/environments/alfworld/game-file";
import { makeScene } from "../../lib/environments/alfworld/scene";
import { sceneSettings } from "../../lib/environments/alfworld/tasks";
import type { EnvironmentDefinition, TaskSpec } from "../../lib/types";

const data = mkdtempSync(path.join(tmpdir(), "alfworld-data-"));
afterAll(() => rmSync(data, { recursive: true }));

/** Three games of our own in ALFWorld's layout, and three files that are none. */
const games: readonly (readonly [folder: string, task: TaskSpec])[] = [
  ["train/pick_and_place_simple-Pen-None-Desk-310/trial_T1", alfworld.task("alfworld_train-easy-0")],
  ["train/look_at_obj_in_light-Book-None-DeskLamp-305/trial_T2", alfworld.task("alfworld_train-easy-1")],
  ["valid_train/pick_two_obj_and_place-Mug-None-Cabinet-7/trial_T3", alfworld.task("alfworld_test-hard-3")],
];
const broken: readonly (readonly [folder: string, text: string, reason: RegExp])[] = [
  ["train/broken-json/trial_T4", '{"pddl_domain": ', /JSON/],
  [
    "train/broken-brackets/trial_T5",
    edited("pddl_problem", (text) => text.replace("(:goal", "((:goal")),
    /"\(" without "\)"/,
  ],
  ["train/no-grammar/trial_T6", edited("grammar", () => undefined), /"grammar" must be a string, got undefined/],
  [
    "train/foreign/trial_T7",
    edited("pddl_domain", (text) => text.replace("(:action look", "(:action fly")),
    /unknown actions: fly/,
  ],
  [
    "train/lost/trial_T8",
    edited("pddl_problem", (text) => text.replace(/\(atlocation agent1 \S+\)/, "")),
    /one agent must be at a location, got 0/,
  ],
  [
    "train/stranger/trial_T9",
    edited("pddl_problem", (text) => text.replace("(atlocation agent1", "(atlocation agent2")),
    /"agent2", which is not declared/,
  ],
  [
    "train/goal/trial_T10",
    edited("pddl_problem", (text) => text.replace(/\(:goal.*\)\n/, "(:goal (or (a) (b)))\n")),
    /the goal/,
  ],
];

function edited(key: string, edit: (text: string) => string | undefined): string {
  const game = JSON.parse(alfworld.gameFile(games[0][1])) as Record<string, string>;
  return JSON.stringify({ ...game, [key]: edit(game[key]) });
}

function write(folder: string, text: string): string {
  const file = path.join(data, "json_2.1.1", folder, "game.tw-pddl");
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

beforeAll(() => {
  for (const [folder, task] of games) write(folder, alfworld.gameFile(task));
  for (const [folder, text] of broken) write(folder, text);
});

/** Texts, rewards and actions of the expert's play. */
async function transcript(definition: EnvironmentDefinition, task: TaskSpec): Promise<unknown[]> {
  const environment = definition.create();
  const seen: unknown[] = [await environment.reset(task)];
  const expert = definition.expert(environment, task);
  for (let advice = expert.next(); advice; advice = expert.next())
    seen.push(advice, await environment.step(advice.action));
  return seen;
}

describe("AlfWorld's game files", () => {
  it("a made-up game written as a game file is read back unchanged, in both wordings", () => {
    for (const wording of ["put", "move"] as const)
      for (const task of alfworld.tasks({ split: "test" }).filter((_, index) => index % 11 === 0)) {
        const game = makeScene(sceneSettings(task), wording);
        expect(parseGame(formatGame(game))).toEqual(game);
      }
  });

  it("a game read from a file plays as the game it was written from", async () => {
    const folder = openAlfWorld({ dataDir: data });
    for (const [name, task] of games) {
      const read = folder.tasks().find(({ params }) => params.folder === name.split("/").slice(1).join("/"))!;
      expect(await transcript(folder, read)).toEqual(await transcript(alfworld, task));
    }
  });

  it("a broken or foreign file is told with its name and the reason, and the others load", () => {
    const folder = openAlfWorld({ dataDir: data });
    expect(folder.tasks()).toHaveLength(games.length);
    expect(folder.problems()).toHaveLength(broken.length);
    for (const [name, , reason] of broken) {
      const problem = folder
        .problems()
        .find((text) => text.startsWith(path.join(data, "json_2.1.1", name, "game.tw-pddl")));
      expect(problem, name).toMatch(reason);
    }
  });

  it("playing a broken file throws an error that names it", () => {
    const file = path.join(data, "json_2.1.1", broken[0][0], "game.tw-pddl");
    expect(() => gameTask(file)).toThrow(file);
    const task = { id: "x", env: "alfworld", level: "easy", split: "test", seed: 0, params: { file } } as const;
    expect(() => alfworld.create().reset(task)).toThrow(file);
    expect(() => alfworld.fileTask("/nowhere.tw-pddl")).toThrow(/\/nowhere.tw-pddl.*ENOENT/);
  });

  it("one game file is enough for a task", async () => {
    const file = path.join(data, "json_2.1.1", games[1][0], "game.tw-pddl");
    const task = gameTask(file);
    expect(task.params).toMatchObject({ file, taskType: "look_at_obj_in_light", target: "desklamp" });
    expect((await transcript(alfworld, { ...task, params: { file } })).at(-1)).toMatchObject({ success: true });
  });

  it("AgentGym's lists give games their numbers and splits", () => {
    const row = (number: number, folder: string): object => {
      const [, task_type, task_id] = folder.split("/");
      return { item_id: number, task_type, task_id };
    };
    const configs = mkdtempSync(path.join(tmpdir(), "alfworld-configs-"));
    writeFileSync(
      path.join(configs, "mappings_train.json"),
      JSON.stringify([row(0, games[1][0]), row(1, games[0][0])]),
    );
    writeFileSync(path.join(configs, "mappings_test.json"), JSON.stringify([row(2420, games[2][0])]));
    const folder = openAlfWorld({ dataDir: data, mappings: configs });
    expect(folder.tasks().map(({ id }) => id)).toEqual(["alfworld_0", "alfworld_1", "alfworld_2420"]);
    expect(folder.task(2420)).toMatchObject({ split: "test", level: "hard" });
    expect(folder.task(0).split).not.toBe("test");
    expect(() => folder.task(5)).toThrow(/unknown AlfWorld task 5/);
    rmSync(configs, { recursive: true });
  });

  it("without the lists, tasks are named by their folders and held out unless in train", () => {
    const folder = openAlfWorld({ dataDir: data });
    const ids = folder.tasks().map(({ id }) => id);
    expect(ids).toContain("alfworld_pick_two_obj_and_place-Mug-None-Cabinet-7/trial_T3");
    expect(folder.tasks({ split: "test" })).toHaveLength(1);
    expect(folder.task(ids[1])).toBe(folder.task(1));
  });

  it("a file keeps its own wording unless another is asked for", () => {
    const file = write("valid_unseen/moved/trial_T11", openAlfWorld({ wording: "move" }).gameFile(games[0][1]));
    const actions = (definition: EnvironmentDefinition): readonly string[] => {
      const environment = definition.create();
      return (environment.reset(gameTask(file)) as { actions: readonly string[] }).actions;
    };
    expect(actions(alfworld)).toContain("help");
    expect(actions(openAlfWorld({ wording: "put" }))).not.toContain("help");
    rmSync(path.dirname(file), { recursive: true });
  });

  it("folders without games and unknown options are refused", () => {
    expect(() => openAlfWorld({ dataDir: path.join(data, "none") })).toThrow(/not a folder/);
    const empty = mkdtempSync(path.join(tmpdir(), "alfworld-empty-"));
    expect(() => openAlfWorld({ dataDir: empty })).toThrow(/no game.tw-pddl/);
    rmSync(empty, { recursive: true });
    expect(() => openAlfWorld({ folder: data } as object)).toThrow(
      /AlfWorld option: got "folder", accepted: "dataDir"/,
    );
    expect(() => openAlfWorld({ wording: "shove" as "put" })).toThrow(/"put" or "move", got "shove"/);
  });
});
