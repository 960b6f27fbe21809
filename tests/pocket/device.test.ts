import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Engine } from "../../lib/pocket/engine";
import { Decoder } from "../../lib/pocket/decoder";
import { openSession } from "../../lib/pocket/runtime";
import type { DeviceOptions } from "../../lib/pocket/runtime";
import { parameterCount } from "../../lib/pocket/transformer";
import { generator } from "../../lib/random";

const config = { layers: 2, width: 8, heads: 4, keyHeads: 2, headSize: 4, pointer: 4, vocabulary: 23, context: 160 };
const random = generator("parameters");
const flat = Float32Array.from({ length: parameterCount(config) }, () => 0.5 * random.normal());

async function gradient(options: DeviceOptions): Promise<Float32Array> {
  const engine = await Engine.open(config, flat, { kind: "imitation" }, options);
  const sum = new Float32Array(flat.length);
  const tokens = Int32Array.from({ length: 30 }, (_, t) => (7 * t) % config.vocabulary);
  await engine.run([{ tokens, agent: Uint8Array.from(tokens, (_, t) => Number(t > 9)), weight: 0.1 }], sum);
  await engine.close();
  return sum;
}

async function reply(options: DeviceOptions): Promise<number[]> {
  const decoder = await Decoder.open(config, flat, options);
  const sequence = decoder.open(generator("reply"));
  sequence.feed(Array.from({ length: 40 }, (_, t) => 2 + ((5 * t) % 21)));
  await decoder.reply([sequence], { maxTokens: 9, temperature: 0 });
  await decoder.release();
  return sequence.logProbabilities;
}

/**
 * Without a GPU this tries the fall back. Chromium brings a GPU made of software on which the real path runs, too:
 * VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json npx vitest run tests/pocket/device.test.ts
 */
describe('device: "webgpu"', () => {
  const warning = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  let onGpu: { gradient: Float32Array; reply: number[] };
  beforeAll(async () => {
    onGpu = { gradient: await gradient({ device: "webgpu" }), reply: await reply({ device: "webgpu" }) };
  }, 120_000);
  afterAll(() => warning.mockRestore());

  it("gives the CPU's gradients and log-probabilities, on a GPU or where it falls back to the CPU", async () => {
    (await gradient({})).forEach((g, i) => expect(onGpu.gradient[i]).toBeCloseTo(g, 4));
    (await reply({})).forEach((p, i) => expect(onGpu.reply[i]).toBeCloseTo(p, 4));
  });

  it("says once where there is no GPU, and why", () => {
    expect(warning.mock.calls.length).toBeLessThan(2);
    for (const [text] of warning.mock.calls) {
      expect(text).toMatch(/^device "webgpu" is not available, the CPU is used instead: .+/);
    }
  });

  it("refuses other devices with those it accepts", async () => {
    const wrong = { device: "tpu" } as unknown as DeviceOptions;
    await expect(openSession(new Uint8Array(), wrong)).rejects.toThrow(/device: got "tpu", accepted: "cpu", "webgpu"/);
  });
});
