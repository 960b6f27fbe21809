import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { environment } from "../../lib/environments";
import { evaluate } from "../../lib/evaluate";
import { ChatPolicy } from "../../lib/policies/chat/policy";
import { retryAfterSeconds } from "../../lib/policies/chat/retry";
import type { ChatOptions } from "../../lib/policies/chat/settings";
import { fold, generator } from "../../lib/random";
import type { Responder } from "../../lib/serve/openai";
import { readRows } from "../../lib/store";
import type { Trajectory } from "../../lib/types";
import { crafter, faults, MODEL, reference, testServer } from "./server";
import type { Mischief, TestServer } from "./server";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "heldout-chat-"));
const definition = environment("textcraft");
const tasks = definition.tasks({ split: "test", level: "easy" });
const servers: TestServer[] = [];
let files = 0;

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function setUp(mischief?: Mischief, options: Partial<ChatOptions> = {}, delay = 0) {
  const server = await testServer(crafter, { mischief, delay });
  servers.push(server);
  return { server, policy: policyAt(server, options) };
}

function policyAt(server: TestServer, options: Partial<ChatOptions> = {}): ChatPolicy {
  return new ChatPolicy({ model: MODEL, endpoint: server.url, cache: false, backoffSeconds: 0.002, ...options });
}

const fresh = (name: string) => path.join(folder, `${files++}-${name}.jsonl`);
const play = (policy: ChatPolicy, n = 3, k = 2, file?: string) =>
  evaluate(definition, policy, tasks.slice(0, n), { k, maxTurns: 8, file });

/** What a faultless server would have led to. */
async function faultless(n: number, k: number, id: string): Promise<Trajectory[]> {
  const played = await evaluate(definition, reference, tasks.slice(0, n), { k, maxTurns: 8 });
  return played.map((trajectory) => ({ ...trajectory, policy: id }));
}

describe("a chat model behind a server that misbehaves", () => {
  const whole = ["broken", "reset", "notJson", "wrongType", "empty", "halfBody"] as const;
  const streamed = ["broken", "reset", "wrongType", "cutStream", "resetStream", "errorInStream"] as const;

  it.each(whole)("plays the same episodes as behind a faultless one: %s", async (fault) => {
    const { policy, server } = await setUp((n, _, to) => n % 3 === 0 && (faults[fault](to), true));
    const played = await play(policy);
    expect(played).toEqual(await faultless(3, 2, policy.id));
    const { calls, requests } = policy.costs.total;
    expect(calls).toBe(played.flatMap((t) => t.turns).length);
    expect(requests).toBe(server.requests.length);
  });

  it.each(streamed)("plays the same episodes when replies are streamed: %s", async (fault) => {
    const { policy } = await setUp((n, _, to) => n % 3 === 1 && (faults[fault](to), true), { stream: true });
    expect((await play(policy)).map((t) => t.turns)).toEqual((await faultless(3, 2, policy.id)).map((t) => t.turns));
  });

  it("waits as long as Retry-After says, in seconds, and everybody waits", async () => {
    let told = 0;
    const { policy, server } = await setUp((n, { at }, to) => {
      if (n !== 4) return false;
      told = at;
      faults.tooMany(to, "1");
      return true;
    });
    expect(await play(policy)).toEqual(await faultless(3, 2, policy.id));
    const next = server.requests.slice(5 + 6).find(({ at }) => at > told)!;
    expect(next.at - told).toBeGreaterThan(990);
  });

  it("understands a Retry-After that is a date, by the server's own clock", () => {
    const date = "Wed, 21 Oct 2015 07:28:00 GMT";
    expect(retryAfterSeconds("Wed, 21 Oct 2015 07:28:07 GMT", date)).toBe(7);
    expect(retryAfterSeconds("Wed, 21 Oct 2015 07:27:00 GMT", date)).toBe(0);
    expect(retryAfterSeconds("7", date)).toBe(7);
    expect(retryAfterSeconds("soon", date)).toBeUndefined();
    expect(retryAfterSeconds(null, date)).toBeUndefined();
  });

  it("stops the run when a server asks for a longer wait than allowed", async () => {
    const { policy } = await setUp((_n, _, to) => (faults.tooMany(to, "86400"), true));
    await expect(play(policy)).rejects.toThrow(/429.*asks to wait 86400 s \(600 allowed\).*Stopped after 0 of 6/);
  });

  it("gives up a try that stalls, and takes an answer that drips", async () => {
    const { policy } = await setUp((n) => n === 0, { timeoutSeconds: 0.2 });
    expect(await play(policy, 1, 1)).toEqual(await faultless(1, 1, policy.id));
    const dripping = await setUp((_n, _, to) => (faults.drip(to), true));
    const [{ turns }] = await evaluate(definition, dripping.policy, tasks.slice(0, 1), { k: 1, maxTurns: 2 });
    expect(turns.map(({ action }) => action)).toEqual(["inventory", "inventory"]);
    expect(turns[0].notes).toEqual({ estimated: true });
  });

  it("loses nothing and counts nothing twice over 2,000 calls with 1 % random resets", async () => {
    const random = generator("resets");
    const { policy, server } = await setUp((_n, _, to) => random.next() < 0.01 && (faults.reset(to), true));
    const played = await evaluate(definition, policy, tasks, { k: 18, maxTurns: 8 });
    const { calls, requests, tokens } = policy.costs.total;
    expect(calls).toBeGreaterThan(2000);
    expect(requests).toBeGreaterThan(calls);
    expect(server.requests.length).toBe(requests);
    const straight = await evaluate(definition, reference, tasks, { k: 18, maxTurns: 8 });
    expect(played.map((t) => ({ ...t, policy: "reference" }))).toEqual(straight);
    const turns = straight.flatMap((t) => t.turns);
    expect(turns.length).toBe(calls);
    expect(turns.reduce((sum, turn) => sum + turn.tokens!.input, 0)).toBe(tokens.input);
  }, 180_000);
});

describe("a run of a chat model", () => {
  it("keeps errors apart, and a resumed one asks only for what is missing", async () => {
    const file = fresh("errors");
    const doomed = new Set(
      [0, 1, 2].map((i) => definition.create().reset(tasks[i * 3]) as { text: string }).map((o) => o.text),
    );
    const isDoomed = (body: string) => doomed.has(JSON.parse(body).messages[2].content);
    const { policy } = await setUp((_n, { body }, to) => isDoomed(body) && (faults.broken(to), true), { retries: 1 });
    const first = await play(policy, 10, 2, file);
    const failed = first.filter((t) => t.outcome === "error");
    expect(failed).toHaveLength(6);
    expect(failed[0].error).toBe("no answer after 2 tries, the last one: the server answered 500: <h1>oops</h1>");
    const healthy = await setUp();
    const resumed = await play(healthy.policy, 10, 2, file);
    const straight = fresh("straight");
    expect(resumed).toEqual(await play((await setUp()).policy, 10, 2, straight));
    expect(fs.readFileSync(file, "utf8")).toBe(fs.readFileSync(straight, "utf8"));
    expect(healthy.server.requests.every(({ body }) => isDoomed(body))).toBe(true);
  });

  it("stops with a clear message when too many episodes end in errors, and goes on where it stopped", async () => {
    const file = fresh("down");
    const { policy } = await setUp((n, _, to) => n > 30 && (faults.broken(to), true), { retries: 0, concurrency: 4 });
    await expect(play(policy, 30, 4, file)).rejects.toThrow(
      /9 of the latest \d+ episodes ended in an error, the last one: no answer after 1 tries.*Stopped after \d+ of 120 episodes\. Finished episodes are in .*jsonl/,
    );
    const kept = readRows<Trajectory>(file).filter((t) => t.outcome !== "error");
    expect(kept.length).toBeGreaterThan(3);
    const { policy: again, server } = await setUp();
    expect(await play(again, 30, 4, file)).toEqual(await faultless(30, 4, again.id));
    expect(server.requests.length).toBe(again.costs.total.calls);
  });

  it.each([
    [401, "Incorrect API key provided", /401: Incorrect API key provided \(no key was sent: name its/],
    [404, "no such model", /404: no such model/],
    [402, "credits exceeded", /402: credits exceeded/],
  ])("stops at once when no request can succeed: %i", async (status, message, expected) => {
    const body = JSON.stringify({ error: { message } });
    const { policy, server } = await setUp(
      (_n, _, to) => (to.writeHead(status, { "content-type": "application/json" }).end(body), true),
      { concurrency: 4 },
    );
    await expect(play(policy, 30, 4)).rejects.toThrow(expected);
    expect(server.requests.length).toBeLessThanOrEqual(4);
  });

  it("stops when the budget of tokens or money is used up, and keeps what is finished", async () => {
    const file = fresh("budget");
    const { policy } = await setUp(undefined, { budgetTokens: 3000, concurrency: 2 });
    await expect(play(policy, 30, 4, file)).rejects.toThrow(
      /the budget of 3000 tokens is used up \(3\d\d\d in and out\)/,
    );
    expect(readRows(file).length).toBeGreaterThan(2);
    const prices = path.join(folder, "prices.json");
    fs.writeFileSync(prices, JSON.stringify({ models: { [MODEL]: { input: 100, output: 1000 } } }));
    const dear = await setUp(undefined, { budgetUsd: 0.5, prices, concurrency: 2 });
    await expect(play(dear.policy, 30, 4)).rejects.toThrow(/the budget of 0.5 US dollars is used up \(0\.5/);
    expect(dear.policy.costs.report().total.usd).toBeLessThan(0.7);
    expect(() => policyAt(servers[0], { budgetUsd: 1 })).toThrow(/the price of crafter-with-mistakes is not known/);
  });

  it("that is interrupted keeps every finished episode and drops the requests under way", async () => {
    const file = fresh("interrupted");
    const { policy, server } = await setUp((n) => n >= 40, { concurrency: 4 });
    const running = play(policy, 30, 4, file);
    await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBe(44);
    policy.stop("interrupted");
    await expect(running).rejects.toThrow(/^interrupted\. Stopped after \d+ of 120/);
    const kept = readRows<Trajectory>(file).length;
    expect(kept).toBeGreaterThan(4);
    const { policy: again } = await setUp();
    expect(await play(again, 30, 4, file)).toEqual(await faultless(30, 4, again.id));
  });

  it("survives a file whose last line was cut off by a crash", async () => {
    const file = fresh("cut");
    const all = await play((await setUp()).policy, 4, 2, file);
    const text = fs.readFileSync(file, "utf8");
    fs.writeFileSync(file, text.slice(0, text.length * 0.6));
    expect(await play((await setUp()).policy, 4, 2, file)).toEqual(all);
    expect(fs.readFileSync(file, "utf8")).toBe(text);
  });
});

describe("the window of episodes", () => {
  it("begins an episode as soon as one ends: 64 keep a server at least 90 % busy", async () => {
    // The server answers eight requests once all 64 are there, or all once nothing has come for a while.
    const waiting: (() => void)[] = [];
    const seen: number[] = [];
    let quiet: NodeJS.Timeout;
    const answer = (count: number) => {
      const share = waiting.length / 64;
      for (const go of waiting.splice(0, count)) {
        seen.push(share);
        go();
      }
    };
    const respond: Responder = async (request) => {
      await new Promise<void>((go) => {
        waiting.push(go);
        clearTimeout(quiet);
        if (waiting.length === 64) answer(8);
        else quiet = setTimeout(() => answer(64), 300);
      });
      return crafter(request);
    };
    const server = await testServer(respond);
    servers.push(server);
    await evaluate(definition, policyAt(server, { concurrency: 64 }), tasks, { k: 4, maxTurns: 8 });
    // Up to when the last episodes run out.
    const full = seen.slice(0, seen.lastIndexOf(1) + 1);
    const busy = full.reduce((sum, share) => sum + share, 0) / full.length;
    expect(full.length).toBeGreaterThan(200);
    expect(busy).toBeGreaterThan(0.9);
  });

  it("never has more requests under way than allowed", async () => {
    const { policy, server } = await setUp(undefined, { concurrency: 3 }, 5);
    const seen = new Set<number>();
    const timer = setInterval(() => seen.add(server.open()), 1);
    const parts = [tasks.slice(0, 4), tasks.slice(4, 8)].map((part) =>
      evaluate(definition, policy, part, { k: 1, maxTurns: 4, key: fold("part", part[0].id) }),
    );
    await Promise.all(parts);
    clearInterval(timer);
    expect(Math.max(...seen)).toBe(3);
  });
});
