/**
 * SearchQA: answer a question by searching an encyclopaedia, after agentenv-searchqa of AgentGym (itself after Search-R1).
 *
 * - Tasks. The embedded default is a fictional world of people, towns, companies, buildings and works: about 4,000
 *   passages of 20 to 60 words and 1,880 questions. Nothing in it can be known from pre-training, so an agent must
 *   search. {@link openSearchQA} takes the original's question files, any corpus, or a Search-R1 retrieval server; with
 *   the original's two files `task(n)` is AgentGym's item n, otherwise n counts the loaded questions.
 * - Splits. Each split has its own part of the world: no name, and no word of a name, of a test question occurs in any
 *   other question. All parts are searched together, as one corpus, so that about one passage in fifty that a
 *   demonstration shows is about a thing of the test split.
 * - Levels. easy: one hop; hard: two to four hops or a comparison. Comparisons ask for the maker of the older or newer
 *   thing, because yes/no and either/or questions could be guessed: wrong answers cost nothing but a turn.
 * - A reply thinks in `<think>` and then holds `<search>query</search>` or `<answer>text</answer>`. The agent sees the
 *   question prompt, then three passages per search; nothing lists its possible actions.
 * - Reward. 1 for an exact match after normalization, which ends the episode; 0 for everything else. No partial credit.
 * - Turns. 5, the fixed rounds of AgentGym-RL's trainer.
 * - Oddities kept: the first tag decides what happens but the last `<answer>` is scored; a wrong answer does not end the
 *   episode; the number of passages is fixed at 3; `GET /observation` repeats the question (see
 *   {@link SearchQAEnvironment.prompt}).
 * - Not kept: the middle of the question prompt is in our own words (prompt.ts). The original's BM25 setting does not
 *   run; here BM25 is the default.
 * - Failures of a retrieval server throw an `InfrastructureError`: they never look like a bad answer of the agent.
 */
import { define } from "./definition";
import { embeddedSource, VERSION } from "./embedded";

export const searchqa = define({ version: VERSION, breakdown: "hops", load: embeddedSource });

export { embeddedWorld } from "./embedded";
export { SearchQAEnvironment } from "./environment";
export { openSearchQA, type OpenSearchQAOptions } from "./open";
export { retrievalServer, type RetrievalServerOptions } from "./retrieval-server";
export { bm25Retriever, showPassages, type Passage, type Retriever } from "./retriever";
export { exactMatch, extractAnswer, isWellFormed, normalizeAnswer, readRequest, subExactMatch } from "./score";
