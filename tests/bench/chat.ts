/** Chat models: how busy 64 episodes keep a server that takes 50 ms, and what a call costs beside the waiting. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { environment } from "../../lib/environments";
import { evaluate } from "../../lib/evaluate";
import { ChatPolicy } from "../../lib/policies/chat/policy";

const EPISODES = 64;
const LATENCY = 50;
const REPLY = JSON.stringify({
  choices: [{ message: { role: "assistant", content: "Thought: hm.\nAction: inventory" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 100, completion_tokens: 10 },
});

/** Busy: mean share of the 64 that the server has under way, until the last 64 episodes are left. */
export async function bench(): Promise<Record<string, number>> {
  const server = new Worker(__filename);
  const port = await new Promise<number>((resolve) => server.once("message", resolve));
  const definition = environment("textcraft");
  const tasks = definition.tasks({ split: "test" }).slice(0, EPISODES);
  const endpoint = `http://127.0.0.1:${port}`;
  const policy = new ChatPolicy({ model: "mock", endpoint, concurrency: EPISODES, cache: false });
  const play = (k: number, onProgress?: (done: number, total: number) => void) =>
    evaluate(definition, policy, tasks, { k, maxTurns: 10, onProgress });
  await play(1);
  const [calls, cpu] = [policy.costs.total.calls, process.cpuUsage()];
  const busy = new Promise<number>((resolve) => server.once("message", resolve));
  server.postMessage("begin");
  await play(8, (done, total) => done === total - EPISODES && server.postMessage("end"));
  const { user, system } = process.cpuUsage(cpu);
  const figures = {
    "server busy at 64 episodes, 50 ms": await busy,
    "ms of processor per call, server included": (user + system) / 1000 / (policy.costs.total.calls - calls),
  };
  await server.terminate();
  return figures;
}

function serve(): void {
  const samples: number[] = [];
  let open = 0;
  let measuring = false;
  setInterval(() => measuring && samples.push(open), 5);
  parentPort!.on("message", (word) => {
    measuring = word === "begin";
    if (!measuring) parentPort!.postMessage(samples.reduce((sum, n) => sum + n, 0) / samples.length / EPISODES);
  });
  const server = createServer((request, to) => {
    open++;
    request.resume().on("end", () =>
      setTimeout(() => {
        open--;
        to.writeHead(200, { "content-type": "application/json" }).end(REPLY);
      }, LATENCY),
    );
  });
  server.listen(0, "127.0.0.1", () => parentPort!.postMessage((server.address() as AddressInfo).port));
}

if (!isMainThread) serve();
