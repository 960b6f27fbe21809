/**
 * A worker in a process of its own: a request is a line of JSON on its standard input, the answer one on its standard
 * output, and arrays of numbers are base64 in it. Run as a program, this file is the other end.
 */
import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import path from "node:path";
import readline from "node:readline";
import type { Readable, Writable } from "node:stream";
import { repositoryRoot } from "../data";
import type { PocketModel } from "../pocket/model";
import type { DeviceOptions } from "../pocket/runtime";
import { Tokenizer } from "../pocket/tokenizer";
import type { PlacedTask, PlayedEpisode } from "./episodes";
import type { TrainSettings } from "./settings";
import { LocalWorker } from "./worker";
import type { GradientPart, WeightedSequence, Worker } from "./worker";

const PROGRAM = ["lib", "dist", "training", "remote-worker.js"];
const ARRAYS = { Float32Array, Int32Array, Uint8Array };

/** JSON in which typed arrays are `{ "Float32Array": base64 }`. */
export function encode(message: unknown): string {
  return JSON.stringify(message, (_, value) => {
    if (!ArrayBuffer.isView(value)) return value;
    const { buffer, byteOffset, byteLength } = value;
    return { [value.constructor.name]: Buffer.from(buffer, byteOffset, byteLength).toString("base64") };
  });
}

/** What {@link encode} wrote. */
export function decode(line: string): unknown {
  return JSON.parse(line, (_, value) => {
    const name = value !== null && typeof value === "object" ? Object.keys(value)[0] : undefined;
    if (name === undefined || !(name in ARRAYS)) return value;
    const bytes = Uint8Array.from(Buffer.from(value[name], "base64"));
    return new ARRAYS[name as keyof typeof ARRAYS](bytes.buffer);
  });
}

interface Opening {
  readonly config: PocketModel["config"];
  readonly tokenizer: Tokenizer["data"];
  readonly parameters: Float32Array;
  readonly settings: TrainSettings;
  readonly device: DeviceOptions;
}

type Request = readonly [method: "open" | "play" | "take" | "gradient", ...values: unknown[]];
type Answer = { readonly value: unknown } | { readonly error: string };

export class RemoteWorker implements Worker {
  private answered: (answer: Answer) => void = () => undefined;
  /** Resolves when the process is gone, with why. */
  private readonly ended: Promise<Answer>;

  private constructor(private readonly child: ChildProcessByStdio<Writable, Readable, Readable>) {
    readline.createInterface({ input: child.stdout }).on("line", (line) => this.answered(decode(line) as Answer));
    let errors = "";
    child.stderr.on("data", (chunk) => (errors = (errors + chunk).slice(-4000)));
    // Writing to a process that is gone says less than its end does.
    child.stdin.on("error", () => undefined);
    this.ended = new Promise((resolve) => {
      const end = (why: string) => resolve({ error: `a worker of the training run ended: ${errors.trim() || why}` });
      child.on("error", (error) => end(error.message));
      child.on("close", (code, signal) => end(signal ?? `code ${code}`));
    });
  }

  static async open(base: PocketModel, settings: TrainSettings, device: DeviceOptions = {}): Promise<RemoteWorker> {
    // Deno's kernel runs this too, and there the executable is not Node.
    const node = path.basename(process.execPath).startsWith("node") ? process.execPath : "node";
    const program = path.join(repositoryRoot(), ...PROGRAM);
    const worker = new RemoteWorker(spawn(node, [program], { stdio: ["pipe", "pipe", "pipe"] }));
    const { config, tokenizer, parameters } = base;
    const opening: Opening = { config, tokenizer: tokenizer.data, parameters, settings, device };
    await worker.ask("open", opening).catch(async (error) => {
      await worker.close();
      throw error;
    });
    return worker;
  }

  play(parameters: Float32Array, step: number, groups: readonly PlacedTask[]) {
    return this.ask<PlayedEpisode[]>("play", parameters, step, groups);
  }

  take(sequences: readonly WeightedSequence[]) {
    return this.ask<void>("take", sequences);
  }

  gradient(parameters: Float32Array) {
    return this.ask<GradientPart>("gradient", parameters);
  }

  async close(): Promise<void> {
    this.child.stdin.end();
    await this.ended;
  }

  /** One request at a time; throws what went wrong in the worker, or that it ended. */
  private async ask<T>(...request: Request): Promise<T> {
    const answer = new Promise<Answer>((resolve) => (this.answered = resolve));
    this.child.stdin.write(encode(request) + "\n");
    const result = await Promise.race([answer, this.ended]);
    if ("error" in result) throw new Error(result.error);
    return result.value as T;
  }
}

/** Answers the requests on the standard input, one after the other, and ends with it. */
function serve(): void {
  let worker: LocalWorker;
  async function answer(request: Request): Promise<unknown> {
    const [method, ...values] = request;
    if (method !== "open") return (worker[method] as (...values: unknown[]) => Promise<unknown>)(...values);
    const { config, tokenizer, parameters, settings, device } = values[0] as Opening;
    worker = await LocalWorker.open({ config, tokenizer: new Tokenizer(tokenizer), parameters }, settings, device);
  }
  readline
    .createInterface({ input: process.stdin })
    .on("line", (line) => {
      answer(decode(line) as Request)
        .then((value): Answer => ({ value }))
        .catch((error): Answer => ({ error: error instanceof Error ? error.message : String(error) }))
        .then((result) => process.stdout.write(encode(result) + "\n"));
    })
    // Also when the parent is killed: stop instead of working on unseen.
    .on("close", () => process.exit(0));
}

if (require.main === module) serve();
