/** BabyAI against the original: digests of its play that are kept here, and whole recordings where they are at hand. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { babyai } from "../../lib/environments/babyai";
import { BabyAI } from "../../lib/environments/babyai/environment";
import { NumpyRandom } from "../../lib/environments/babyai/numpy-random";

/**
 * One digest per level over seeds 0 to 22, made with the original: the grid's encoding, the first text, then for
 * twelve steps the text, the score with twelve digits and whether it is done. Step k of task n takes the listed
 * action number (7k + 3n) modulo their count, the check for actions not counted.
 */
const DIGESTS = `
  fba34d04d7788b9d 67478bf3cbfb408a 89bff2dfdcb69728 26793f7444dac718 f207b3cb6fcef235 9432567330056a74
  32e45c209e6833ac 7f10da0cfaeb9e0c dba4e53257993ba0 6e01dab2ba28f2ee fc74b50c64d6ea28 8c588fabd1034ab2
  9be05615e250b296 fd7805cfb593316e 875565046e0003ef 138d7c280c41f1dc c021c52f72c6e8dc 3a191c4321be5a7a
  84a0e85ae8a47c02 82833909f28a709d 0eec18e8d2a18859 7a93c92b31557768 32fbee3db7a15bf2 cdfd910b66660bce
  031cd4106e428b3d 182dfb5d39368ca2 ecb162b6e778f4f9 d18df8f830f168d4 543e3780833bee6d 83d8c2846f9f9d62
  f4cfb012fb91d9e9 ec71de6ce0e6d97f 7426c3bc07522a23 6bef1ac45f0baf74 ca97eb7ae5032644 cdf1d5cde152371c
  5a41651d15d6c8c9 1d04991d330dc3ee 4ebbe6c87257dde1 1ea6faabab58921c`
  .trim()
  .split(/\s+/);

interface Recording {
  readonly task_id: number;
  readonly mission: string;
  readonly initial_observation: string;
  readonly max_steps?: number;
  readonly agent_pos?: readonly number[];
  readonly agent_dir?: number;
  readonly grid_sha256?: string;
  readonly steps?: readonly { action: string; observation: string; score: number; done: boolean }[];
}

const RECORDINGS = path.resolve(__dirname, "..", "..", "..", "shared", "parity");

function recordings(file: string): Recording[] {
  const lines = readFileSync(path.join(RECORDINGS, file), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Recording);
}

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex").slice(0, 16);

describe("BabyAI plays as the original", () => {
  it("draws numpy's numbers", () => {
    const expected: [number, number[], number, number[]][] = [
      [0, [5, 3, 3, 1, 1, 0, 0, 0, 1, 4], 0.9127555772777217, [4, 4, 6, 5, 4]],
      [1, [2, 3, 4, 5, 0, 0, 4, 5, 1, 1], 0.42332644897257565, [2, 5, 2, 3, 4]],
      [22, [4, 2, 3, 1, 5, 0, 1, 3, 0, 2], 0.9876756188802016, [2, 6, 2, 6, 1]],
    ];
    for (const [seed, first, uniform, second] of expected) {
      const random = new NumpyRandom(seed);
      expect(first.map(() => random.integer(0, 6))).toEqual(first);
      expect(random.uniform()).toBe(uniform);
      expect(second.map(() => random.integer(1, 7))).toEqual(second);
    }
    expect(() => new NumpyRandom(-1)).toThrow(/-1/);
  });

  it.each(DIGESTS.map((expected, i) => [i + 1, expected] as const))("level %i, seeds 0 to 22", (level, expected) => {
    const hash = createHash("sha256");
    const environment = new BabyAI();
    for (let seed = 0; seed < 23; seed++) {
      const n = seed * 40 + level - 1;
      const { text } = environment.reset(babyai.task(n));
      hash.update(environment.running.simulation.grid.encode()).update(text);
      for (let k = 0; k < 12; k++) {
        const actions = [...environment.running.menu.moves.keys()].slice(0, -1);
        const step = environment.step(actions[(7 * k + 3 * n) % actions.length]);
        hash.update(`${step.observation.text}${step.reward.toFixed(12)} ${step.done}`);
        if (step.done) break;
      }
    }
    expect(hash.digest("hex").slice(0, 16)).toBe(expected);
  });

  it.skipIf(!existsSync(path.join(RECORDINGS, "babyai_reset.jsonl")))(
    "starts every recorded episode as recorded (skipped without the recordings)",
    () => {
      const environment = new BabyAI();
      for (const recorded of recordings("babyai_reset.jsonl")) {
        expect(environment.reset(babyai.task(recorded.task_id)).text).toBe(recorded.initial_observation);
        const { episode, agent, grid } = environment.running.simulation;
        expect({
          mission: episode.mission,
          max_steps: episode.maxSteps,
          agent_pos: [agent.x, agent.y],
          agent_dir: agent.direction,
          grid_sha256: digest(grid.encode()),
        }).toEqual({
          mission: recorded.mission,
          max_steps: recorded.max_steps,
          agent_pos: recorded.agent_pos,
          agent_dir: recorded.agent_dir,
          grid_sha256: recorded.grid_sha256,
        });
      }
    },
  );

  it.skipIf(!existsSync(path.join(RECORDINGS, "babyai.jsonl")))(
    "answers every recorded action as recorded (skipped without the recordings)",
    () => {
      const environment = new BabyAI();
      for (const recorded of recordings("babyai.jsonl")) {
        expect(environment.reset(babyai.task(recorded.task_id)).text).toBe(recorded.initial_observation);
        for (const { action, observation, score, done } of recorded.steps ?? []) {
          const step = environment.step(action);
          expect([step.observation.text, step.reward, step.done]).toEqual([observation, score, done]);
        }
      }
    },
  );
});
