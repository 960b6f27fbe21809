/**
 * An inverted index with Lucene's BM25: float32 scores per term, document lengths kept in one lossy byte, a query
 * term that occurs n times counts n-fold, documents need one of the terms, ties in the order of document ids.
 * Formula: Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, in the variant of Lucene's
 * BM25Similarity (without the constant factor k1 + 1). Defaults are Anserini's: k1 0.9, b 0.4.
 */
import { analyze, eachTerm } from "./analyzer";
import { decodeLength, encodeLength } from "./lengths";

export interface SearchDocument {
  readonly id: string;
  readonly text: string;
}

export interface Hit {
  readonly id: string;
  /** Position of the document in the order it was given, from 0. */
  readonly index: number;
  readonly score: number;
}

export interface Bm25Options {
  /** How slowly repetitions of a term saturate; default 0.9. */
  readonly k1?: number;
  /** How much a document's length counts, 0 to 1; default 0.4. */
  readonly b?: number;
}

export interface Bm25Index {
  readonly documents: number;
  readonly terms: number;
  readonly postings: number;
  /** Bytes of the typed arrays; the term dictionary and the ids come on top. */
  readonly bytes: number;
  /** The `k` best documents for a query, best first. */
  search(query: string, k: number): Hit[];
}

/** Indexes documents in one pass over `documents`, which may be a generator. */
export function createBm25Index(documents: Iterable<SearchDocument>, options: Bm25Options = {}): Bm25Index {
  const { k1 = 0.9, b = 0.4 } = options;
  const { ids, lengths, termIds, starts, docs, counts, totalLength } = invert(documents);
  const size = ids.length;
  const rank = ranks(ids);
  const filled = lengths.reduce((n, length) => n + (length > 0 ? 1 : 0), 0);
  const inverseNorm = inverseNorms(k1, b, filled === 0 ? 1 : Math.fround(totalLength / filled));
  const scores = new Float64Array(size);

  function accumulate(term: number, repetitions: number): void {
    const from = starts[term];
    const to = starts[term + 1];
    const frequency = to - from;
    const idf = Math.fround(Math.log(1 + (filled - frequency + 0.5) / (frequency + 0.5)));
    const weight = Math.fround(repetitions * idf);
    for (let i = from; i < to; i++) {
      const document = docs[i];
      const saturation = Math.fround(1 + Math.fround(counts[i] * inverseNorm[lengths[document]]));
      scores[document] += Math.fround(weight - Math.fround(weight / saturation));
    }
  }

  return {
    documents: size,
    terms: termIds.size,
    postings: docs.length,
    bytes: docs.byteLength + counts.byteLength + starts.byteLength + lengths.byteLength + rank.byteLength,
    search(query, k) {
      const repetitions = new Map<number, number>();
      for (const term of analyze(query)) {
        const id = termIds.get(term);
        if (id !== undefined) repetitions.set(id, (repetitions.get(id) ?? 0) + 1);
      }
      if (repetitions.size === 0 || k < 1) return [];
      scores.fill(0);
      for (const [term, times] of repetitions) accumulate(term, times);
      return best(scores, rank, k).map((index) => ({ id: ids[index], index, score: Math.fround(scores[index]) }));
    },
  };
}

/** Turns documents into posting lists: those of term t are `docs[starts[t] .. starts[t + 1])` with their `counts`. */
function invert(documents: Iterable<SearchDocument>) {
  const ids: string[] = [];
  const termIds = new Map<string, number>();
  const lengths = new Growing((n) => new Uint8Array(n));
  const postingTerms = new Growing((n) => new Uint32Array(n));
  // A count above 65,535 in one document would not change the score any more.
  const postingCounts = new Growing((n) => new Uint16Array(n));
  const documentStarts = new Growing((n) => new Uint32Array(n));
  const lastPosting = new Growing((n) => new Uint32Array(n));
  let totalLength = 0;

  for (const { id, text } of documents) {
    const start = postingTerms.length;
    let length = 0;
    eachTerm(text, (term) => {
      length++;
      let t = termIds.get(term);
      if (t === undefined) {
        t = termIds.size;
        termIds.set(term, t);
        lastPosting.push(0);
      }
      const previous = lastPosting.data[t];
      if (previous >= start && previous < postingTerms.length && postingTerms.data[previous] === t) {
        if (postingCounts.data[previous] < 65_535) postingCounts.data[previous]++;
      } else {
        lastPosting.data[t] = postingTerms.length;
        postingTerms.push(t);
        postingCounts.push(1);
      }
    });
    ids.push(id);
    lengths.push(encodeLength(length));
    documentStarts.push(start);
    totalLength += length;
  }

  const total = postingTerms.length;
  const starts = new Uint32Array(termIds.size + 1);
  for (let i = 0; i < total; i++) starts[postingTerms.data[i] + 1]++;
  for (let t = 0; t < termIds.size; t++) starts[t + 1] += starts[t];
  const docs = new Uint32Array(total);
  const counts = new Uint16Array(total);
  const next = starts.slice(0, termIds.size);
  for (let d = 0; d < ids.length; d++) {
    const end = d + 1 < ids.length ? documentStarts.data[d + 1] : total;
    for (let i = documentStarts.data[d]; i < end; i++) {
      const at = next[postingTerms.data[i]]++;
      docs[at] = d;
      counts[at] = postingCounts.data[i];
    }
  }
  return { ids, termIds, lengths: lengths.data.slice(0, ids.length), starts, docs, counts, totalLength };
}

/** For each of the 256 length bytes 1 / (k1 (1 - b + b length / average length)), in float32 as Lucene caches it. */
function inverseNorms(k1: number, b: number, averageLength: number): Float32Array {
  const [k, bf] = [Math.fround(k1), Math.fround(b)];
  const rest = Math.fround(1 - bf);
  return Float32Array.from({ length: 256 }, (_, byte) => {
    const relative = Math.fround(Math.fround(bf * decodeLength(byte)) / averageLength);
    return 1 / Math.fround(k * Math.fround(rest + relative));
  });
}

/** For each document its place in the order of ids (by UTF-16 units), which breaks ties. */
function ranks(ids: readonly string[]): Uint32Array {
  const order = Uint32Array.from(ids, (_, i) => i).sort((a, b) => (ids[a] < ids[b] ? -1 : ids[a] > ids[b] ? 1 : a - b));
  const rank = new Uint32Array(ids.length);
  order.forEach((document, place) => (rank[document] = place));
  return rank;
}

/** The documents with the `k` highest scores above 0, best first, by a heap whose root is the worst kept. */
function best(scores: Float64Array, rank: Uint32Array, k: number): number[] {
  const heap: number[] = [];
  const worse = (a: number, b: number): boolean => {
    const difference = Math.fround(scores[a]) - Math.fround(scores[b]);
    return difference < 0 || (difference === 0 && rank[a] > rank[b]);
  };
  let floor = 0;
  for (let document = 0; document < scores.length; document++) {
    if (scores[document] <= 0 || scores[document] < floor) continue;
    if (heap.length < k) {
      heap.push(document);
      for (let i = heap.length - 1; i > 0;) {
        const parent = (i - 1) >> 1;
        if (!worse(heap[i], heap[parent])) break;
        [heap[i], heap[parent]] = [heap[parent], heap[i]];
        i = parent;
      }
    } else {
      if (!worse(heap[0], document)) continue;
      heap[0] = document;
      for (let i = 0; ;) {
        let child = 2 * i + 1;
        if (child >= k) break;
        if (child + 1 < k && worse(heap[child + 1], heap[child])) child++;
        if (!worse(heap[child], heap[i])) break;
        [heap[i], heap[child]] = [heap[child], heap[i]];
        i = child;
      }
    }
    // One float32 step below the worst kept score: cheaper documents cannot enter.
    if (heap.length === k) floor = scores[heap[0]] * (1 - 2 ** -22);
  }
  return heap.sort((a, b) => (worse(a, b) ? 1 : -1));
}

/** A typed array that doubles when it is full. */
class Growing<T extends Uint8Array | Uint16Array | Uint32Array> {
  data: T;
  length = 0;
  constructor(private readonly allocate: (size: number) => T) {
    this.data = allocate(1024);
  }
  push(value: number): void {
    if (this.length === this.data.length) {
      const larger = this.allocate(this.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = value;
  }
}
