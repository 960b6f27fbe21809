/** The pocket policy as a chat model: it reads a conversation's turns from nothing and writes the next reply. */
import { environments } from "../environments";
import type { PocketModel } from "../pocket/model";
import { PocketPolicy } from "../pocket/policy";
import { END_OF_REPLY } from "../pocket/tokenizer";
import { fold } from "../random";
import type { EpisodeContext } from "../types";
import { BadRequest } from "./openai";
import type { Responder, ServedMessage, ServedReply } from "./openai";

/** Longest reply in tokens, as everywhere for the pocket policy. */
const LONGEST = 96;

/**
 * Replies of the pocket model. It was trained on observations and replies alone, so system messages and the exchange in
 * which an environment's prompt is given are passed over. Requests that come together are answered in one batch, which
 * changes an answer by rounding at most.
 */
export function pocketResponder(id: string, model: PocketModel): Responder {
  const policies = new Map<string, Promise<PocketPolicy>>();
  const rounds = new Map<PocketPolicy, Rounds>();
  const policyWith = (temperature: number, maxReplyTokens: number) => {
    const name = `${temperature} ${maxReplyTokens}`;
    let policy = policies.get(name);
    if (!policy) policies.set(name, (policy = PocketPolicy.open(id, model, { temperature, maxReplyTokens })));
    return policy;
  };
  let unseeded = 0;
  return async ({ messages, temperature, maxTokens = LONGEST, seed }) => {
    const limit = Math.min(LONGEST, Math.floor(maxTokens));
    const policy = await policyWith(temperature, limit);
    const key = seed === undefined ? fold("unseeded", unseeded++) : fold("seed", seed);
    const turns = turnsOf(messages);
    let round = rounds.get(policy);
    if (!round) rounds.set(policy, (round = new Rounds()));
    return round.join(() => reply(policy, key, turns, limit));
  };
}

/** Everything up to the writing happens at once, so that all of a round write from the same step on. */
async function reply(
  policy: PocketPolicy,
  key: string,
  { past, shown }: Turns,
  limit: number,
): Promise<ServedReply | undefined> {
  const session = policy.begin({ key } as EpisodeContext);
  try {
    const { tokenizer } = policy;
    for (const turn of past) {
      const read = [...tokenizer.encode(turn.shown), ...tokenizer.encode(turn.reply), END_OF_REPLY];
      if (!policy.fits(session.sequence, read.length)) return undefined;
      session.sequence.feed(read);
    }
    const before = session.sequence.tokens.length;
    const written = await session.act(shown);
    if (!written?.tokens) return undefined;
    const { input, output } = written.tokens;
    const cut = output === limit && session.sequence.tokens.at(-1) !== END_OF_REPLY;
    return { text: written.text, tokens: { input: before + input, output }, cut };
  } finally {
    session.close();
  }
}

/** Work in rounds: what comes while a round is under way begins together in the next one. */
class Rounds {
  private next: (() => Promise<void>)[] = [];
  private running = false;

  join<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.next.push(() => work().then(resolve, reject));
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.next.length > 0) {
      // Requests that have arrived together are read one after the other: give them time to join.
      await new Promise(setImmediate);
      await Promise.all(this.next.splice(0).map((work) => work()));
    }
    this.running = false;
  }
}

interface Turns {
  readonly past: readonly { readonly shown: string; readonly reply: string }[];
  readonly shown: string;
}

const prompts = new Set(environments.map(({ prompt }) => prompt.text));

/** The turns that a conversation consists of; it must alternate and end with what is shown now. */
function turnsOf(messages: readonly ServedMessage[]): Turns {
  let said = messages.filter(({ role }) => role !== "system");
  if (said[0]?.role === "user" && prompts.has(said[0].content)) said = said.slice(2);
  const wrong = said.findIndex(({ role }, i) => role !== (i % 2 === 0 ? "user" : "assistant"));
  if (wrong >= 0 || said.length % 2 === 0)
    throw new BadRequest("messages: user and assistant must take turns, and the last one must be the user's");
  const past = said.flatMap(({ content }, i) =>
    i % 2 === 0 && i + 1 < said.length ? [{ shown: content, reply: said[i + 1].content }] : [],
  );
  return { past, shown: said[said.length - 1].content };
}
