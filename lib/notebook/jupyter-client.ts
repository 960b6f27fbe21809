/** The Jupyter protocol, as far as running cells needs it: starts a kernel and talks to it over ZeroMQ. */
import { spawn, type ChildProcess } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";

export interface KernelMessage {
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningKernel {
  readonly spec: KernelSpec;
  /** What the kernel says of its language, as a notebook keeps it. */
  readonly languageInfo: unknown;
  /**
   * Runs code; `listen` gets every message that belongs to it, also those that come after the reply. Resolves with the
   * reply once the kernel is idle; rejects when the kernel dies.
   */
  execute(code: string, listen: (message: KernelMessage) => void): Promise<KernelMessage>;
  /** Asks the kernel to leave, and kills it after a second. */
  stop(): Promise<void>;
}

interface Socket extends AsyncIterable<Buffer[]> {
  connect(address: string): void;
  send(frames: (string | Buffer)[]): Promise<void>;
  subscribe(): void;
  close(): void;
}

type ZeroMq = Record<"Dealer" | "Subscriber", new (options?: object) => Socket>;

/** What waits for the answers to one request. */
interface Request {
  listen(message: KernelMessage): void;
  reply?: KernelMessage;
  idle: boolean;
  settle(): void;
}

const delimiter = "<IDS|MSG>";
/** Milliseconds. `late`: Deno sends what a cell wrote shortly after it has said that it is idle. */
const patience = { start: 60_000, ask: 500, idle: 5_000, late: 50, leave: 1_000 };

/** Starts the kernel of a folder with `kernel.json`; rejects with the kernel's last words when it does not come up. */
export async function startKernel(
  folder: string,
  options: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<RunningKernel> {
  const spec: KernelSpec = JSON.parse(readFileSync(path.join(folder, "kernel.json"), "utf8"));
  const connection = await newConnection();
  const temporary = mkdtempSync(path.join(os.tmpdir(), "heldout-kernel-"));
  const connectionFile = path.join(temporary, "connection.json");
  writeFileSync(connectionFile, JSON.stringify(connection), { mode: 0o600 });
  const [command, ...args] = spec.argv.map((word) =>
    word.replaceAll("{resource_dir}", path.resolve(folder)).replaceAll("{connection_file}", connectionFile),
  );
  const child = spawn(command, args, {
    cwd: options.cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...spec.env, ...options.env },
  });
  const death = watch(child, spec.display_name);

  const { Dealer, Subscriber } = createRequire(require.resolve("tslab/package.json"))("zeromq") as ZeroMq;
  const address = (port: number) => `tcp://${connection.ip}:${port}`;
  const [shell, control, iopub] = [Dealer, Dealer, Subscriber].map((Kind) => new Kind({ linger: 0 }));
  shell.connect(address(connection.shell_port));
  control.connect(address(connection.control_port));
  iopub.connect(address(connection.iopub_port));
  iopub.subscribe();

  const session = randomUUID();
  const requests = new Map<string, Request>();

  function request(socket: Socket, type: string, content: object, listen: Request["listen"]): Promise<KernelMessage> {
    const id = randomUUID();
    const answer = new Promise<KernelMessage>((resolve) => {
      const entry: Request = {
        listen,
        idle: false,
        settle() {
          if (!entry.reply) return;
          setTimeout(() => resolve(entry.reply!), entry.idle ? patience.late : patience.idle).unref();
        },
      };
      requests.set(id, entry);
    });
    const header = { msg_id: id, session, username: "heldout", date: "", msg_type: type, version: "5.3" };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    const sent = socket.send([delimiter, sign(connection.key, parts), ...parts]);
    return Promise.race([sent.then(() => answer), death]);
  }

  void receive(shell, connection.key, (parent, message) => {
    const entry = requests.get(parent);
    if (!entry) return;
    entry.reply = message;
    entry.settle();
  });
  void receive(iopub, connection.key, (parent, message) => {
    const entry = requests.get(parent);
    if (!entry) return;
    entry.listen(message);
    if (message.type !== "status" || message.content.execution_state !== "idle") return;
    entry.idle = true;
    entry.settle();
  });

  const running = {
    spec,
    languageInfo: undefined as unknown,
    execute: (code: string, listen: Request["listen"]) =>
      request(
        shell,
        "execute_request",
        { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: true },
        listen,
      ),
    async stop() {
      const left = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      if (child.exitCode === null && child.signalCode === null) {
        request(control, "shutdown_request", { restart: false }, () => {}).catch(() => {});
        const killer = setTimeout(() => child.kill("SIGKILL"), patience.leave);
        await left;
        clearTimeout(killer);
      }
      for (const socket of [shell, control, iopub]) socket.close();
      rmSync(temporary, { recursive: true, force: true });
    },
  };

  try {
    const info = await untilReady(() => request(shell, "kernel_info_request", {}, () => {}), death);
    running.languageInfo = info.content.language_info;
  } catch (error) {
    child.kill("SIGKILL");
    await running.stop();
    throw error;
  }
  return running;
}

/**
 * Asks until an answer comes within half a second. An answer counts once the kernel was heard to be idle again, so
 * that nothing it publishes later can be lost for want of a subscription.
 */
async function untilReady(ask: () => Promise<KernelMessage>, death: Promise<never>): Promise<KernelMessage> {
  const deadline = performance.now() + patience.start;
  const answers: Promise<KernelMessage>[] = [];
  while (performance.now() < deadline) {
    answers.push(ask());
    const wait = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), patience.ask));
    const answer = await Promise.race([...answers, wait, death]);
    if (answer) return answer;
  }
  throw new Error(`the kernel did not answer within ${patience.start / 1000} s`);
}

/** Rejects when the process ends or cannot be started, with the end of what it wrote. */
function watch(child: ChildProcess, name: string): Promise<never> {
  let words = "";
  const listen = (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2000));
  child.stdout!.on("data", listen);
  child.stderr!.on("data", listen);
  const death = new Promise<never>((_, reject) => {
    child.once("error", (error) => reject(new Error(`the kernel "${name}" cannot be started: ${error.message}`)));
    child.once("exit", (code, signal) => {
      const last = words.trim() ? `; its last words:\n${words.trim()}` : "";
      setImmediate(() => reject(new Error(`the kernel "${name}" died (${signal ?? `exit code ${code}`})${last}`)));
    });
  });
  death.catch(() => {});
  return death;
}

async function newConnection() {
  const servers = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
  const channels = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  return { transport: "tcp", ip: "127.0.0.1", signature_scheme: "hmac-sha256", key: randomUUID(), ...channels };
}

function sign(key: string, parts: readonly (string | Buffer)[]): string {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/** Hands every signed message to `take` with the id of the request it answers, until the socket is closed. */
async function receive(
  socket: Socket,
  key: string,
  take: (parent: string, message: KernelMessage) => void,
): Promise<void> {
  try {
    for await (const frames of socket) {
      const start = frames.findIndex((frame) => frame.toString() === delimiter) + 1;
      const [signature, ...parts] = frames.slice(start, start + 5);
      if (start === 0 || signature.toString() !== sign(key, parts)) continue;
      const [header, parent, , content] = parts.map((part) => JSON.parse(part.toString()));
      take(parent.msg_id, { type: header.msg_type, content });
    }
  } catch {
    // Closing a socket ends its iteration with an error.
  }
}
