import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { alfworld, openAlfWorld } from "../../lib/environments/alfworld";

const parity = path.resolve(__dirname, "..", "..", "..", "shared", "parity");

interface Recording {
  readonly game_file: string;
  readonly task_type: string;
  readonly initial_observation: string;
  readonly initial_available_actions: readonly string[];
  readonly steps: readonly {
    readonly action: string;
    readonly observation: string;
    readonly reward: number;
    readonly done: boolean;
    readonly available_actions: readonly string[];
  }[];
}

function lines<T>(file: string): readonly T[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8").trim();
  return text.split("\n").map((line) => JSON.parse(line) as T);
}

const recordings = lines<Recording>(path.join(parity, "alfworld.jsonl"));

describe.skipIf(recordings.length === 0)(
  "AlfWorld against recordings of the original (skipped where there are none)",
  () => {
    it.each(recordings.map((recording, index) => [index, recording] as const))(
      "recording %i: every text, reward, end and list of actions is equal",
      async (_, recording) => {
        const task = alfworld.fileTask(path.join(parity, recording.game_file));
        expect(task.params.taskType).toBe(recording.task_type);
        const environment = alfworld.create();
        const first = await environment.reset(task);
        expect(first).toEqual({ text: recording.initial_observation, actions: recording.initial_available_actions });
        for (const wanted of recording.steps) {
          const { observation, reward, done } = await environment.step(wanted.action);
          expect({ ...observation, reward, done }, wanted.action).toEqual({
            text: wanted.observation,
            actions: wanted.available_actions,
            reward: wanted.reward,
            done: wanted.done,
          });
        }
      },
    );

    it("expert wins the recorded games within the turns allowed", async () => {
      const folder = openAlfWorld({ dataDir: path.join(parity, "alfworld_games") });
      expect(folder.problems()).toEqual([]);
      for (const task of folder.tasks()) {
        const environment = folder.create();
        await environment.reset(task);
        const expert = folder.expert(environment, task);
        let solved = false;
        for (let turn = 0; turn < folder.maxTurns && !solved; turn++)
          solved = (await environment.step(expert.next()!.action)).success;
        expect(solved, task.id).toBe(true);
      }
    });
  },
);

interface Parsed {
  readonly kind: string;
  readonly text: string;
  readonly thought: string;
  readonly action: string;
}

const replies = lines<Parsed>(path.join(parity, "client_parsers.jsonl")).filter(({ kind }) => kind === "parse_react");

describe.skipIf(replies.length === 0)("the ReAct parser against recordings (skipped where there are none)", () => {
  it.each(replies)("reads $text", ({ text, thought, action }) => {
    // The client cuts the end mark off before the recorded parser sees the reply.
    expect(alfworld.parse(text)).toEqual({ thought, action: action.replace(/<\/s>$/, "") });
  });
});
