import { mkdtempSync, writeFileSync, copyFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openSearchQA, retrievalServer, searchqa } from "../../lib/environments/searchqa";
import { InfrastructureError } from "../../lib/errors";
import { generator } from "../../lib/random";
import type { Step } from "../../lib/types";

const fixtures = path.resolve(__dirname, "../fixtures/searchqa");

describe("openSearchQA over files", () => {
  const folders: string[] = [];
  function folder(files: { readonly [name: string]: string }, ...copied: readonly string[]): string {
    const made = mkdtempSync(path.join(os.tmpdir(), "searchqa-"));
    folders.push(made);
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(made, name), text);
    for (const name of copied) copyFileSync(path.join(fixtures, name), path.join(made, name));
    return made;
  }
  afterAll(() => folders.forEach((made) => rmSync(made, { recursive: true })));

  it("numbers the rows of test and train through, from Parquet and JSONL alike", async () => {
    const definition = await openSearchQA({ dataDir: fixtures });
    expect(definition.tasks().map(({ id, split, level, params }) => [id, split, level, params.source])).toEqual([
      ["searchqa_0", "test", "easy", "nq"],
      ["searchqa_1", "test", "hard", "hotpotqa"],
      ["searchqa_2", "train", "easy", "popqa"],
      ["searchqa_3", "train", "hard", "unknown"],
    ]);
    expect(definition.task(0).params.answers).toEqual(["Tessa Vorn", "T. Vorn"]);
    expect(definition.task(1).params.answers).toEqual(["Größenau"]);
    expect(definition.task(2).params.question).toBe("who painted the gate of Ormel?");
    expect(definition.task("searchqa_3").params).toMatchObject({ answers: ["1702"], hops: 3 });
    expect(definition.version).not.toBe(searchqa.version);
    expect((await openSearchQA({ dataDir: fixtures })).version).toBe(definition.version);
  });

  it("searches the given corpus and scores the given answers", async () => {
    const definition = await openSearchQA({ dataDir: fixtures });
    const environment = definition.create();
    environment.reset(definition.task(3));
    const { observation } = environment.step("<search>painted gate</search>") as Step;
    expect(observation.text).toMatch(
      /^<information>Doc 1\(Title: "Gate of Ormel"\) The gate was .*\nIlse Brandt painted it\./,
    );
    expect((environment.step("<answer>1702</answer>") as Step).success).toBe(true);
  });

  it("gives an oracle as expert, and demonstrations from it", async () => {
    const definition = await openSearchQA({ dataDir: fixtures });
    const { turns } = definition.demonstrate(definition.task(1), generator("oracle 1"));
    expect(turns[turns.length - 1].reply).toContain("<answer>Größenau</answer>");
  });

  it.each([
    ['{"question": 5, "golden_answers": ["x"]}', /line 2: question must be a non-empty string, got 5/],
    ['{"question": "q", "golden_answers": []}', /line 2: .*golden_answers.* must be a list of strings, got \[\]/],
    ['{"question": "q"', /line 2: not JSON/],
    ["[1]", /line 2: must be an object, got \[1\]/],
    ['{"question": "q", "golden_answers": ["x"], "hops": 0}', /line 2: hops must be an integer from 1, got 0/],
  ])("names file, line and reason of the broken question %s", async (line, message) => {
    const dataDir = folder({ "questions.jsonl": `{"question":"q?","golden_answers":"x"}\n${line}\n` }, "corpus.jsonl");
    await expect(openSearchQA({ dataDir })).rejects.toThrow(message);
    await expect(openSearchQA({ dataDir })).rejects.toThrow(/questions\.jsonl/);
  });

  it("names file, line and reason of a broken passage", async () => {
    const questions = '{"question":"q?","golden_answers":["x"],"extra_info":{"split":"train"}}';
    const dataDir = folder({ "questions.jsonl": questions, "corpus.jsonl": '{"id":"0","contents":"x"}\n\n{"id":"1"}' });
    await expect(openSearchQA({ dataDir })).rejects.toThrow(
      /corpus\.jsonl line 3: contents must be a string, got nothing/,
    );
  });

  it("says what is missing or unknown", async () => {
    await expect(openSearchQA({})).rejects.toThrow(/needs dataDir, retriever or both/);
    await expect(openSearchQA({ dataDir: folder({}) })).rejects.toThrow(/no questions in .*accepted: /);
    await expect(openSearchQA({ dataDir: folder({}, "train.jsonl") })).rejects.toThrow(/corpus\.jsonl does not exist/);
    await expect(openSearchQA({ dataDir: folder({ "test.parquet": "no" }) })).rejects.toThrow(/not a readable Parquet/);
    await expect(openSearchQA({ data: "x" } as object)).rejects.toThrow(/unknown option "data"; accepted: dataDir/);
    await expect(openSearchQA({ retriever: { url: "nowhere" } })).rejects.toThrow(/url must be an address/);
  });
});

describe("a Search-R1 retrieval server", () => {
  const received: unknown[] = [];
  let server: Server;
  let url: string;
  let reply: { status: number; body: string } | undefined;
  const hit = (contents: string) => ({ document: { id: "7", contents, title: "t" }, score: 1 });

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        received.push([request.method, request.url, JSON.parse(body)]);
        if (reply) response.writeHead(reply.status).end(reply.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => received.splice(0));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it("is asked as it expects and its passages are shown", async () => {
    reply = { status: 200, body: JSON.stringify({ result: [[hit('"A"\none'), hit('"B"\ntwo')]] }) };
    const definition = await openSearchQA({ dataDir: fixtures, retriever: { url } });
    const environment = definition.create();
    environment.reset(definition.task(0));
    const step = await environment.step("<search> who\ud800 </search>");
    expect(step.observation.text).toBe('<information>Doc 1(Title: "A") one\nDoc 2(Title: "B") two</information>');
    expect(received).toEqual([["POST", "/retrieve", { queries: ["who\ufffd"], topk: 3, return_scores: true }]]);
    expect((await environment.step("<answer>t. vorn</answer>")).success).toBe(true);
  });

  it.each([
    [500, "Internal Server Error", /status 500/],
    [200, "<html>", /retrieval server http/],
    [200, "{}", /expected \{"result"/],
    [200, '{"result": [[{"document": {"id": "1"}}]]}', /expected \{"document"/],
    [200, '{"result": [[], []]}', /one list for the one query/],
    [200, "null", /got null/],
  ])("that answers %i %s is an infrastructure error, never a score", async (status, body, message) => {
    reply = { status, body };
    const search = retrievalServer({ url }).search("q", 3);
    await expect(search).rejects.toThrow(message);
    await expect(search).rejects.toBeInstanceOf(InfrastructureError);
  });

  it("that is slow or dead is an infrastructure error", async () => {
    reply = undefined;
    await expect(retrievalServer({ url, timeout: 0.05 }).search("q", 3)).rejects.toThrow(InfrastructureError);
    await expect(retrievalServer({ url: "http://127.0.0.1:9" }).search("q", 3)).rejects.toThrow(InfrastructureError);
  });

  it("cannot be used for demonstrations, and they say so", async () => {
    reply = { status: 500, body: "" };
    const definition = await openSearchQA({ retriever: { url } });
    expect(definition.tasks().length).toBe(searchqa.tasks().length);
    expect(() => definition.demonstrate(definition.task(0), generator("x"))).toThrow(
      /need a retriever in this process/,
    );
  });
});
