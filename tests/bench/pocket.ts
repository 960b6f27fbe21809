/** Training and decoding speed of the pocket policy on one core, and how much of the core's matrix peak they use. */
import { BATCH_TOKENS, batchByLength, Engine } from "../../lib/pocket/engine";
import { initialModel, SIZES } from "../../lib/pocket/model";
import { PocketPolicy } from "../../lib/pocket/policy";
import { floats, openSession } from "../../lib/pocket/runtime";
import { Graph } from "../../lib/pocket/graph";
import { parameterSpecs } from "../../lib/pocket/transformer";
import type { ModelConfig } from "../../lib/pocket/transformer";
import { loadCheckpoint } from "../../lib/pocket/checkpoint";
import { environment } from "../../lib/environments";
import { evaluate } from "../../lib/evaluate";
import { checkpointFile } from "../../lib/policies";
import { demonstrationStream } from "../../lib/training/demonstrations";
import { secondsPerRun } from "./timing";

/** Floating point operations of one token, forward: two per weight of every matrix, and attention over `length`. */
function forwardOperations(c: ModelConfig, length: number, writtenShare: number): number {
  const weights = parameterSpecs(c).reduce((sum, p) => sum + (p.name === "embedding" ? 0 : p.size), 0);
  const attention = c.layers * 2 * c.heads * c.headSize * (length / 2);
  return 2 * (weights + attention + writtenShare * c.vocabulary * c.width);
}

/** GFLOP/s of a 1024 x 1024 x 1024 product on one core in the same runtime. */
async function gemmPeak(): Promise<number> {
  const n = 1024;
  const g = new Graph();
  g.output(g.op("MatMul", [g.input("a", [n, n]), g.input("b", [n, n])]), "c", [n, n]);
  const session = await openSession(g.build());
  const matrix = () => floats(new Float32Array(n * n).fill(0.5), [n, n]);
  const [feeds, fetches] = [{ a: matrix(), b: matrix() }, { c: matrix() }];
  const seconds = await secondsPerRun(1, async () => void (await session.run(feeds, fetches)));
  await session.release();
  return (2 * n ** 3) / seconds / 1e9;
}

export async function bench(): Promise<Record<string, number>> {
  const { model } = loadCheckpoint(checkpointFile("small"));
  const definition = environment("textcraft");
  const peak = await gemmPeak();

  const stream = demonstrationStream([{ definition, weight: 1 }], model.tokenizer, model.config.context, "bench");
  const sequences = Array.from({ length: 64 }, () => ({ ...stream.next().value, weight: 1 }));
  const tokens = sequences.reduce((sum, s) => sum + s.tokens.length, 0);
  const written = sequences.reduce((sum, s) => sum + s.agent.reduce((a, b) => a + b, 0), 0);
  const fresh = initialModel(SIZES.small, model.tokenizer, "bench");
  const engine = await Engine.open(model.config, fresh.parameters, { kind: "imitation" });
  const gradient = new Float32Array(fresh.parameters.length);
  const trainSeconds = await secondsPerRun(3, async () => {
    for (const batch of batchByLength(sequences))
      await engine.run(
        batch.map((i) => sequences[i]),
        gradient,
      );
  });
  await engine.close();
  const operations = 3 * tokens * forwardOperations(model.config, tokens / sequences.length, written / tokens);

  const policy = await PocketPolicy.open("bench", model);
  const tasks = definition.tasks({ split: "test", level: "easy" }).slice(0, 8);
  let decoded = 0;
  let episodes = 0;
  const before = process.cpuUsage();
  const played = await evaluate(definition, policy, tasks, { k: 16, maxTurns: 20 });
  const { user, system } = process.cpuUsage(before);
  const decodeSeconds = (user + system) / 1e6;
  await policy.release();
  for (const trajectory of played) {
    episodes++;
    for (const turn of trajectory.turns) decoded += turn.tokens!.output;
  }
  return {
    "gemm.peakGflops": peak,
    "train.tokensPerSecond": tokens / trainSeconds,
    "train.batchTokens": BATCH_TOKENS,
    "train.shareOfGemmPeak": operations / trainSeconds / 1e9 / peak,
    "decode.tokensPerSecond": decoded / decodeSeconds,
    "decode.episodesPerSecond": episodes / decodeSeconds,
  };
}
