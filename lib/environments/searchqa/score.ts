/**
 * Reading a reply and scoring an answer exactly as Search-R1's exact-match reward does in Python. The details that
 * differ from JavaScript (white space, word boundaries) are spelled out here.
 */

/** What the first complete tag of a reply asks for. */
export interface Request {
  readonly kind: "search" | "answer";
  readonly content: string;
}

/** The first complete `<search>…</search>` or `<answer>…</answer>` of a reply; undefined when there is none. */
export function readRequest(reply: string): Request | undefined {
  let first: (Request & { readonly start: number }) | undefined;
  for (const kind of ["search", "answer"] as const) {
    const found = findTag(reply, kind, 0);
    if (found && (!first || found.start < first.start))
      first = { kind, content: strip(found.inside), start: found.start };
  }
  return first && { kind: first.kind, content: first.content };
}

/** The content of the last `<answer>…</answer>` of a reply, which is the one that is scored. */
export function extractAnswer(reply: string): string | undefined {
  let last: string | undefined;
  for (let found = findTag(reply, "answer", 0); found; found = findTag(reply, "answer", found.end)) last = found.inside;
  return last === undefined ? undefined : strip(last);
}

/** The earliest `<tag>…</tag>` from `from` on, in linear time for any text. */
function findTag(text: string, tag: string, from: number) {
  const start = text.indexOf(`<${tag}>`, from);
  if (start < 0) return undefined;
  const inside = start + tag.length + 2;
  const close = text.indexOf(`</${tag}>`, inside);
  return close < 0 ? undefined : { start, inside: text.slice(inside, close), end: close + tag.length + 3 };
}

// Python's str.split and str.strip: four control characters and NEL more than JavaScript, the byte order mark less.
const SPACES = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACE = new RegExp(`[${SPACES}]`);
const SPACE_RUN = new RegExp(`[${SPACES}]+`, "g");
// Python's string.punctuation; other scripts' punctuation stays.
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
// \b of Python's re: between letters, numbers or underscore of any script and anything else.
const ARTICLE = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/** Python's `str.strip()`. */
export function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text[start])) start++;
  while (end > start && SPACE.test(text[end - 1])) end--;
  return text.slice(start, end);
}

/** Lower case, without ASCII punctuation, articles and superfluous white space (the SQuAD normalization). */
export function normalizeAnswer(answer: string): string {
  return strip(answer.toLowerCase().replace(PUNCTUATION, "").replace(ARTICLE, " ").replace(SPACE_RUN, " "));
}

/** 1 if the normalized answer equals that of any golden answer, else 0. */
export function exactMatch(answer: string, golden: readonly string[]): 0 | 1 {
  const normalized = normalizeAnswer(answer);
  return golden.some((one) => normalizeAnswer(one) === normalized) ? 1 : 0;
}

/** 1 if the normalized answer contains that of any golden answer, else 0: a diagnostic, never the reward. */
export function subExactMatch(answer: string, golden: readonly string[]): 0 | 1 {
  const normalized = normalizeAnswer(answer);
  return golden.some((one) => normalized.includes(normalizeAnswer(one))) ? 1 : 0;
}

const TEXT = "(?:(?!</?(?:think|search|information|answer)>)[^])*";
const round = (...tags: readonly string[]) => tags.map((tag) => `<${tag}>${TEXT}</${tag}>[${SPACES}]*`).join("");
const EPISODE = new RegExp(`^[${SPACES}]*(?:${round("think", "search", "information")})*${round("think", "answer")}$`);

/**
 * Whether a whole episode in the Qwen chat format keeps to the protocol: after the first assistant marker nothing but
 * think, search, information in turn, then think and answer. A diagnostic of Search-R1, never the reward.
 */
export function isWellFormed(episode: string): boolean {
  const marker = "<|im_start|>assistant";
  const start = episode.indexOf(marker);
  return start >= 0 && EPISODE.test(episode.slice(start + marker.length));
}
