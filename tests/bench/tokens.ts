/** How many tokens an episode takes with the base's tokenizer, and with one of the same size without phrases. */
import { environment, environments } from "../../lib/environments";
import { Tokenizer } from "../../lib/pocket/tokenizer";
import type { Demonstration } from "../../lib/types";
import { BASES, baseTokenizer } from "../../lib/training/base";
import { demonstration } from "../../lib/training/demonstrations";

const textsOf = (episodes: readonly Demonstration[]) =>
  episodes.flatMap(({ turns }) => turns.flatMap(({ shown, reply }) => [shown, reply]));

export async function bench(): Promise<Record<string, number>> {
  const demonstrations = (id: string, from: number, count: number) =>
    Array.from({ length: count }, (_, i) =>
      demonstration({ definition: environment(id), weight: 1 }, from + i, "bench"),
    );
  const phrased = baseTokenizer(BASES.small);
  const texts = environments.flatMap(({ id }) => textsOf(demonstrations(id, 0, BASES.small.tokenizer.demonstrations)));
  const plain = Tokenizer.train(texts, { size: phrased.size, phrases: [] });
  const figures: [string, number][] = environments.flatMap(({ id }) => {
    const episodes = demonstrations(id, 1000, 200);
    const perEpisode = (t: Tokenizer) =>
      textsOf(episodes).reduce((sum, text) => sum + t.encode(text).length, 0) / episodes.length;
    const [before, after] = [perEpisode(plain), perEpisode(phrased)];
    return [
      [`${id}.tokensPerEpisodeWithoutPhrases`, before],
      [`${id}.tokensPerEpisode`, after],
      [`${id}.saved`, 1 - after / before],
    ];
  });
  return Object.fromEntries(figures);
}
