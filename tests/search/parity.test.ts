import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { analyze } from "../../lib/search/analyzer";

const parity = path.resolve(__dirname, "../../../shared/parity");
const recordings = path.join(parity, "webshop_analyzer.jsonl");

describe.skipIf(!existsSync(recordings))("recordings of Lucene's analyzer", () => {
  it("give the same terms in the same order", () => {
    const lines = readFileSync(recordings, "utf8").trim().split("\n");
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const { text, tokens } = JSON.parse(line) as { text: string; tokens: string[] };
      expect(analyze(text)).toEqual(tokens);
    }
  });
});
