import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  exactMatch,
  extractAnswer,
  isWellFormed,
  normalizeAnswer,
  readRequest,
  SearchQAEnvironment,
  showPassages,
  subExactMatch,
  type Passage,
} from "../../lib/environments/searchqa";
import type { Step, TaskSpec } from "../../lib/types";

const file = path.resolve(__dirname, "../../..", "shared", "parity", "searchqa_em.jsonl");
const records = existsSync(file)
  ? readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line))
  : [];
const of = (kind: string) => records.filter((record) => record.kind === kind);

describe.skipIf(records.length === 0)("recordings of the original (skipped where they are absent)", () => {
  it("answers are normalized as Python does it", () => {
    for (const { input, output } of of("normalize")) expect(normalizeAnswer(input)).toBe(output);
  });

  it("every recorded reply is read, scored and answered equally", () => {
    for (const record of of("step")) {
      const answers = [record.golden_answers].flat();
      const request = readRequest(record.response);
      const answer = extractAnswer(record.response);
      expect({
        action: request?.kind ?? null,
        content: request?.content ?? "",
        extracted: answer ?? null,
        score: answer === undefined ? 0 : exactMatch(answer, answers),
        subem: answer === undefined ? 0 : subExactMatch(answer, answers),
        valid: isWellFormed(record.response),
      }).toEqual({
        action: record.action,
        content: record.content,
        extracted: record.extracted_answer,
        score: record.score,
        subem: record.subem,
        valid: record.format_valid,
      });

      const environment = new SearchQAEnvironment({ search: () => [{ id: "0", contents: "found" }] });
      environment.reset(questionWith(answers));
      const step = environment.step(record.response) as Step;
      const searched =
        record.action === "search" ? "<information>Doc 1(Title: found)</information>" : record.observation;
      expect([step.observation.text, step.reward, step.done]).toEqual([searched, record.reward, record.done]);
    }
  });

  it("passages are shown equally", () => {
    for (const { docs, observation } of of("format"))
      expect(showPassages(docs.map(({ document }: { document: Passage }) => document))).toBe(observation);
  });
});

function questionWith(answers: string[]): TaskSpec {
  const params = { question: "Who?", answers, hops: 1 };
  return { id: "searchqa_0", env: "searchqa", level: "easy", split: "test", seed: 0, params };
}
