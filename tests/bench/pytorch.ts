/** The same training pass and the same decoding in PyTorch, one thread each, one after the other. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { repositoryRoot } from "../../lib/data";
import { Decoder } from "../../lib/pocket/decoder";
import { batchByLength, Engine } from "../../lib/pocket/engine";
import type { TrainingSequence } from "../../lib/pocket/engine";
import type { PocketModel } from "../../lib/pocket/model";
import { parameterSpecs } from "../../lib/pocket/transformer";
import { generator } from "../../lib/random";
import { secondsPerRun } from "./timing";

const [PROMPTS, ATTEMPTS, PROMPT_TOKENS, WRITTEN] = [8, 8, 300, 128];

/** The interpreter named by HELDOUT_PYTHON, else python3. */
const python = process.env.HELDOUT_PYTHON ?? "python3";

interface Result {
  readonly loss: number;
  readonly trainSeconds: number;
  readonly decodeTokensPerSecond: number;
}

function inPyTorch(model: PocketModel, sequences: readonly TrainingSequence[], prompts: number[][]): Result {
  const folder = mkdtempSync(path.join(os.tmpdir(), "heldout-bench-"));
  try {
    const parameters = path.join(folder, "parameters");
    const { buffer, byteOffset, byteLength } = model.parameters;
    writeFileSync(parameters, Buffer.from(buffer, byteOffset, byteLength));
    const batches = batchByLength(sequences).map((batch) => padded(batch.map((i) => sequences[i])));
    const decode = { prompts, attempts: ATTEMPTS, written: WRITTEN };
    const job = { config: model.config, specs: parameterSpecs(model.config), parameters, batches, decode };
    const file = path.join(folder, "job.json");
    writeFileSync(file, JSON.stringify(job));
    const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
    const script = path.join(repositoryRoot(), "tests", "bench", "pytorch.py");
    const { status, stdout, stderr } = spawnSync(python, [script, file], { env, encoding: "utf8" });
    if (status !== 0) throw new Error(`${script} failed: ${stderr.trim()}`);
    return JSON.parse(stdout) as Result;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** [tokens, rows, target, weight]: rows before each token of the agent, padded with weight 0. */
function padded(batch: readonly TrainingSequence[]): number[][][] {
  const fill = (columns: number[][]) => {
    const longest = Math.max(...columns.map((c) => c.length));
    return columns.map((c) => [...c, ...new Array<number>(longest - c.length).fill(0)]);
  };
  const written = batch.map(({ agent }) => Array.from(agent.keys()).filter((t) => agent[t]));
  return [
    fill(batch.map((s) => Array.from(s.tokens))),
    fill(written.map((places) => places.map((t) => t - 1))),
    fill(written.map((places, b) => places.map((t) => batch[b].tokens[t]))),
    fill(written.map((places, b) => places.map(() => batch[b].weight as number))),
  ];
}

/** CPU seconds of a training pass over the sequences, and its loss. */
async function trainingPass(model: PocketModel, sequences: readonly TrainingSequence[]) {
  const engine = await Engine.open(model.config, model.parameters, { kind: "imitation" });
  const gradient = new Float32Array(model.parameters.length);
  let loss = 0;
  const seconds = await secondsPerRun(2, async () => {
    loss = 0;
    for (const batch of batchByLength(sequences)) {
      const chosen = batch.map((i) => sequences[i]);
      loss += (await engine.run(chosen, gradient)).loss;
    }
  });
  await engine.close();
  return { loss, seconds };
}

/** Tokens per CPU second, written by groups of sequences that share a prompt. */
async function decoding(model: PocketModel, prompts: number[][]): Promise<number> {
  const decoder = await Decoder.open(model.config, model.parameters);
  const play = async (maxTokens: number) => {
    const sequences = prompts.flatMap((prompt, p) =>
      Array.from({ length: ATTEMPTS }, (_, attempt) => {
        const sequence = decoder.open(generator(`bench ${p} ${attempt}`));
        sequence.feed(prompt);
        return sequence;
      }),
    );
    await decoder.reply(sequences, { maxTokens, temperature: 1 });
    sequences.forEach((s) => decoder.close(s));
    return sequences.reduce((sum, s) => sum + s.logProbabilities.length, 0);
  };
  await play(4);
  const before = process.cpuUsage();
  const written = await play(WRITTEN);
  const { user, system } = process.cpuUsage(before);
  await decoder.release();
  return written / ((user + system) / 1e6);
}

/**
 * Ratios above 1: heldout is faster. Empty where PyTorch is not installed. Training is timed on `trained`, whose loss
 * must be the same in both; decoding on `fresh`, which hardly ever ends a reply.
 */
export async function againstPyTorch(
  trained: PocketModel,
  fresh: PocketModel,
  sequences: readonly TrainingSequence[],
): Promise<Record<string, number>> {
  if (spawnSync(python, ["-c", "import torch"]).status !== 0) return {};
  const random = generator("prompts");
  const prompts = Array.from({ length: PROMPTS }, () =>
    Array.from({ length: PROMPT_TOKENS }, () => 2 + random.integer(fresh.config.vocabulary - 2)),
  );
  const ours = { ...(await trainingPass(trained, sequences)), decode: await decoding(fresh, prompts) };
  const theirs = inPyTorch(trained, sequences, prompts);
  if (Math.abs(ours.loss - theirs.loss) > 1e-3 * Math.abs(theirs.loss))
    throw new Error(`not the same model: loss ${ours.loss} here, ${theirs.loss} in PyTorch`);
  return {
    "train.ratioToPyTorch": theirs.trainSeconds / ours.seconds,
    "decode.ratioToPyTorch": ours.decode / theirs.decodeTokensPerSecond,
    "train.secondsPerPass": ours.seconds,
    "train.secondsPerPassInPyTorch": theirs.trainSeconds,
    "decode.groupedTokensPerSecond": ours.decode,
    "decode.groupedTokensPerSecondInPyTorch": theirs.decodeTokensPerSecond,
  };
}
