/** SearchQA over the user's own questions, corpus or retrieval server. */
import path from "node:path";
import { existsSync } from "node:fs";
import { hash32 } from "../../random";
import type { EnvironmentDefinition } from "../../types";
import { define } from "./definition";
import { readCorpus, readQuestions } from "./files";
import { retrievalServer, type RetrievalServerOptions } from "./retrieval-server";
import { bm25Retriever } from "./retriever";
import { embeddedSource, VERSION } from "./embedded";

export interface OpenSearchQAOptions {
  /** A folder with questions and, unless `retriever` is given, `corpus.jsonl`. */
  readonly dataDir?: string;
  /** A running Search-R1 retrieval server to search instead of an embedded corpus. */
  readonly retriever?: RetrievalServerOptions;
}

/**
 * SearchQA with other data: the questions of `dataDir` (see {@link readQuestions}) over its `corpus.jsonl` or over a
 * retrieval server. With a server alone the embedded questions are asked, so it must index the embedded corpus.
 * Results are broken down by data source. Throws with the accepted values when files or options are wrong.
 */
export async function openSearchQA(options: OpenSearchQAOptions): Promise<EnvironmentDefinition> {
  const unknown = Object.keys(options).find((key) => key !== "dataDir" && key !== "retriever");
  if (unknown !== undefined) throw new RangeError(`unknown option "${unknown}"; accepted: dataDir, retriever`);
  const { dataDir, retriever } = options;
  const server = retriever && retrievalServer(retriever);
  if (dataDir === undefined) {
    if (!server) throw new RangeError("openSearchQA needs dataDir, retriever or both, got neither");
    const load = () => ({ ...embeddedSource(), retriever: server });
    return define({ version: `${VERSION}+server`, breakdown: "hops", load });
  }
  const tasks = await readQuestions(dataDir);
  const corpus = path.join(dataDir, "corpus.jsonl");
  if (!server && !existsSync(corpus))
    throw new Error(
      `no corpus: ${corpus} does not exist; add it (lines of {"id", "contents"}) or give retriever: {url}`,
    );
  const passages = server ? [] : await readCorpus(corpus);
  let digest = 0;
  for (const { params } of tasks) digest = hash32(JSON.stringify(params), digest);
  for (const { contents } of passages) digest = hash32(contents, digest);
  return define({
    version: `${VERSION}+${server ? "server-" : ""}${digest.toString(16)}`,
    breakdown: "source",
    load: () => ({ tasks, words: new Set(), retriever: server ?? bm25Retriever(passages) }),
  });
}
