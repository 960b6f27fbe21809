/** How the cost of a token grows with the model and the sequence, and what more workers bring; drawn as a figure. */
import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { repositoryRoot } from "../../lib/data";
import { palette } from "../../lib/figures/figure";
import type { Figure } from "../../lib/figures/figure";
import { figureSvg } from "../../lib/notebook/svg";
import { Decoder } from "../../lib/pocket/decoder";
import { BATCH_TOKENS, Engine } from "../../lib/pocket/engine";
import { initialModel, SIZES } from "../../lib/pocket/model";
import type { PocketModel, Size } from "../../lib/pocket/model";
import type { Tokenizer } from "../../lib/pocket/tokenizer";
import { generator } from "../../lib/random";
import { secondsPerRun } from "./timing";

const LENGTHS = [128, 256, 512, 1024];
const [ATTEMPTS, WRITTEN] = [16, 32];

function randomTokens(model: PocketModel, length: number, key: string): number[] {
  const random = generator(key);
  return Array.from({ length }, () => 2 + random.integer(model.config.vocabulary - 2));
}

/** Tokens per CPU second of training on sequences of one length, half of them the agent's. */
async function trainingSpeed(model: PocketModel, length: number): Promise<number> {
  const engine = await Engine.open(model.config, model.parameters, { kind: "imitation" });
  const gradient = new Float32Array(model.parameters.length);
  const batch = Array.from({ length: Math.max(1, BATCH_TOKENS / length) }, (_, i) => ({
    tokens: Int32Array.from(randomTokens(model, length, `train ${i}`)),
    agent: Uint8Array.from({ length }, (_, t) => t % 2),
    weight: 1,
  }));
  const seconds = await secondsPerRun(0.5, async () => void (await engine.run(batch, gradient)));
  await engine.close();
  return (batch.length * length) / seconds;
}

/** Tokens per CPU second written by a group behind one prompt, up to a length. */
async function decodingSpeed(model: PocketModel, length: number): Promise<number> {
  const decoder = await Decoder.open(model.config, model.parameters);
  const prompt = randomTokens(model, length - WRITTEN, "prompt");
  let [written, runs] = [0, 0];
  const seconds = await secondsPerRun(0.5, async () => {
    const sequences = Array.from({ length: ATTEMPTS }, (_, i) => decoder.open(generator(`decode ${i}`)));
    for (const sequence of sequences) sequence.feed(prompt);
    await decoder.reply(sequences, { maxTokens: WRITTEN, temperature: 1 });
    for (const sequence of sequences) {
      written += sequence.logProbabilities.length;
      decoder.close(sequence);
    }
    runs++;
  });
  await decoder.release();
  return written / runs / seconds;
}

/** Tokens per second of wall time that `count` processes train on together. */
async function workersSpeed(count: number): Promise<number> {
  const speeds = Array.from({ length: count }, () => {
    const child = fork(path.join(__dirname, "worker.js"));
    return new Promise<number>((resolve, reject) => {
      child.once("message", (speed) => resolve(speed as number));
      child.once("error", reject);
      child.once("exit", (code) => code && reject(new Error(`a worker ended with code ${code}`)));
    });
  });
  return (await Promise.all(speeds)).reduce((sum, speed) => sum + speed, 0);
}

export async function costs(tokenizer: Tokenizer): Promise<Record<string, number>> {
  const sizes = Object.keys(SIZES) as Size[];
  const results: Record<string, number> = {};
  const lines: { name: string; speeds: number[] }[] = [];
  for (const size of sizes) {
    const model = initialModel(SIZES[size], tokenizer, "bench");
    for (const [kind, speed] of Object.entries({ train: trainingSpeed, decode: decodingSpeed })) {
      const speeds: number[] = [];
      for (const length of LENGTHS) speeds.push(await speed(model, length));
      lines.push({ name: `${kind}, ${size}`, speeds });
      LENGTHS.forEach((length, i) => (results[`cost.${size}.${length}.${kind}TokensPerSecond`] = speeds[i]));
    }
  }
  for (let count = 1; count <= os.availableParallelism(); count *= 2) {
    results[`cost.workers.${count}.trainTokensPerWallSecond`] = await workersSpeed(count);
  }
  const folder = path.join(repositoryRoot(), "out", "bench");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "cost.svg"), await figureSvg(figure(lines)));
  return results;
}

function figure(lines: readonly { name: string; speeds: readonly number[] }[]): Figure {
  return {
    title: "Tokens per CPU second against the length of the sequence",
    alt: `Speed at ${LENGTHS.join(", ")} tokens: ${lines.map((l) => `${l.name} ${l.speeds.map(Math.round)}`).join("; ")}.`,
    data: lines.map(({ name, speeds }, i) => ({
      type: "scatter",
      mode: "lines+markers",
      name,
      x: LENGTHS,
      y: speeds,
      line: { color: palette[i], dash: name.startsWith("decode") ? "dash" : "solid" },
    })),
    layout: {
      xaxis: { type: "log", tickvals: LENGTHS, title: { text: "tokens per sequence" } },
      yaxis: { type: "log", title: { text: "tokens per CPU second" } },
    },
  };
}
