/** Trains for two seconds of wall time and reports tokens per second: one of several workers side by side. */
import { BATCH_TOKENS, Engine } from "../../lib/pocket/engine";
import { loadCheckpoint } from "../../lib/pocket/checkpoint";
import { checkpointFile } from "../../lib/policies";

const [LENGTH, SECONDS] = [256, 2];

async function work(): Promise<void> {
  const { model } = loadCheckpoint(checkpointFile("small"));
  const engine = await Engine.open(model.config, model.parameters, { kind: "imitation" });
  const gradient = new Float32Array(model.parameters.length);
  const sequence = {
    tokens: Int32Array.from({ length: LENGTH }, (_, t) => 2 + (t % 1000)),
    agent: Uint8Array.from({ length: LENGTH }, (_, t) => t % 2),
    weight: 1,
  };
  const batch = new Array(BATCH_TOKENS / LENGTH).fill(sequence);
  await engine.run(batch, gradient);
  const started = performance.now();
  let tokens = 0;
  while (performance.now() - started < 1000 * SECONDS) {
    await engine.run(batch, gradient);
    tokens += batch.length * LENGTH;
  }
  process.send!(tokens / ((performance.now() - started) / 1000));
  await engine.close();
}

void work();
