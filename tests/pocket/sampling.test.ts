import { describe, expect, it } from "vitest";
import { drawToken, probability } from "../../lib/pocket/sampling";
import { generator } from "../../lib/random";

const next = {
  vocabulary: Float32Array.of(0.1, 0.2, 0.3, 0.4),
  copied: Float32Array.of(0.5, 0.25, 0.25),
  known: [0, 2, 1, 2],
  share: 0.4,
};
const exact = [0, 1, 2, 3].map((token) => probability(next, token));

function frequencies(temperature: number, draws = 40_000): number[] {
  const random = generator("draws");
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < draws; i++) counts[drawToken(next, temperature, random)]++;
  return counts.map((n) => n / draws);
}

describe("sampling", () => {
  it("adds what the vocabulary and all copies give to a token", () => {
    [0.06, 0.22, 0.48, 0.24].forEach((p, token) => expect(exact[token]).toBeCloseTo(p, 6));
  });

  it("draws every token as often as its probability says", () => {
    frequencies(1).forEach((share, token) => expect(share).toBeCloseTo(exact[token], 2));
  });

  it("sharpens the distribution at a temperature below 1", () => {
    const squares = exact.map((p) => p * p);
    const total = squares.reduce((a, b) => a + b);
    frequencies(0.5).forEach((share, token) => expect(share).toBeCloseTo(squares[token] / total, 2));
  });

  it("takes the most probable token at temperature 0", () => {
    expect(drawToken(next, 0, generator("any"))).toBe(2);
  });

  it("writes from the vocabulary where there is nothing to copy", () => {
    const alone = { ...next, copied: new Float32Array(), known: [1], share: 1 };
    expect([0, 1, 2, 3]).toContain(drawToken(alone, 1, generator("first")));
  });
});
