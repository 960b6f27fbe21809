import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { AlfWorldEnvironment } from "../../lib/environments/alfworld/environment";
import { readGameFile } from "../../lib/environments/alfworld/game-file";
import { compileGame } from "../../lib/environments/alfworld/game";

const parity = path.resolve(__dirname, "..", "..", "..", "shared", "parity");
const recordings = path.join(parity, "alfworld.jsonl");

interface Recording {
  readonly game_file: string;
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

describe.skipIf(!existsSync(recordings))("AlfWorld, against recordings of the original (skipped without them)", () => {
  const lines = existsSync(recordings) ? readFileSync(recordings, "utf8").trim().split("\n") : [];
  lines.map((line) => JSON.parse(line) as Recording).forEach((recording, index) => {
    it(`recording ${index}: every text, reward, end and list of actions is equal`, () => {
      const env = new AlfWorldEnvironment(() => compileGame(readGameFile(path.join(parity, recording.game_file))));
      const first = env.reset({ id: "", env: "alfworld", level: "easy", split: "test", seed: 0, params: {} });
      expect(first).toEqual({ text: recording.initial_observation, actions: recording.initial_available_actions });
      for (const wanted of recording.steps) {
        const step = env.step(wanted.action);
        expect({ text: step.observation.text, actions: step.observation.actions, reward: step.reward, done: step.done, action: wanted.action }).toEqual({
          text: wanted.observation,
          actions: wanted.available_actions,
          reward: wanted.reward,
          done: wanted.done,
          action: wanted.action
        });
      }
    });
  });
});
