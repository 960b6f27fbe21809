/**
 * The pocket tokenizer: fixed phrases of the environments, then words, then pieces of words, then bytes.
 *
 * Text is cut into units (a phrase, a word or number with the space before it, a sign, a line break). Byte-pair
 * merges (arXiv:1508.07909) are learned inside units only, so frequent words become one token and no text is
 * unreadable. A word behind an opening sign, as in `click[lamp]`, is read as one behind a space, after a "glue"
 * that takes the space away again. So a name has the same tokens wherever it stands, and a pointer can copy it.
 */

/** Everything that defines a tokenizer, as data. Token ids: specials, bytes, phrases, merges, in this order. */
export interface TokenizerData {
  /** With glue where text has it, with the space before where they were met behind one. */
  readonly phrases: readonly string[];
  /** Pairs of token ids, in the order they were learned. */
  readonly merges: readonly (readonly [number, number])[];
}

/** The end of an agent's reply; token 0 is padding, token 2 glue. */
export const END_OF_REPLY = 1;
const GLUE_TOKEN = 2;
const SPECIALS = 3;
const BYTES = 256;

const GLUE = "\u2060";
const UNIT = / ?\p{L}+| ?\p{N}+|\u2060| ?[^\s\p{L}\p{N}]|\s/gu;

/** Doubles what glue the text itself has, then glues words to the opening signs before them. */
const glue = (text: string) => text.replaceAll(GLUE, GLUE + GLUE).replace(/(?<=[[("<>])(?=[\p{L}\p{N}])/gu, GLUE + " ");
const unglue = (text: string) => text.replace(/\u2060([\u2060 ])/g, (_, next) => (next === GLUE ? GLUE : ""));

/** A space after a phrase belongs to the word that follows, one before it or glue behind it to the phrase. */
function variants(phrase: string): string[] {
  const trimmed = glue(phrase.replace(/(?<=\S) +$/, ""));
  const spaced = /^\S/.test(trimmed) ? [trimmed, " " + trimmed] : [trimmed];
  return /[[("<>]$/.test(trimmed) ? [...spaced, ...spaced.map((p) => p + GLUE)] : spaced;
}

export class Tokenizer {
  readonly size: number;
  private readonly pieces: Uint8Array[] = [];
  private readonly phraseIds = new Map<string, number>();
  private readonly ranks = new Map<number, number>();
  private readonly cache = new Map<string, readonly number[]>();
  private readonly splitter: RegExp;

  constructor(readonly data: TokenizerData) {
    for (let i = 0; i < SPECIALS; i++) this.pieces.push(Buffer.from(i === GLUE_TOKEN ? GLUE : "", "utf8"));
    for (let byte = 0; byte < BYTES; byte++) this.pieces.push(Uint8Array.of(byte));
    for (const phrase of data.phrases) {
      this.phraseIds.set(phrase, this.pieces.length);
      this.pieces.push(Buffer.from(phrase, "utf8"));
    }
    for (const [left, right] of data.merges) {
      this.ranks.set(pairKey(left, right), this.pieces.length);
      this.pieces.push(Buffer.concat([this.pieces[left], this.pieces[right]]));
    }
    this.size = this.pieces.length;
    this.splitter = phraseSplitter(data.phrases);
  }

  /** Learns merges until there are `size` tokens or no pair occurs twice. Ties go to the pair met first. */
  static train(texts: Iterable<string>, options: { size: number; phrases: readonly string[] }): Tokenizer {
    const counts = new Map<string, number>();
    const phrases = [...new Set(options.phrases.flatMap(variants))].filter((p) => p.length > 1);
    const splitter = phraseSplitter(phrases);
    const used = new Map<string, number>();
    for (const text of texts) {
      for (const part of splitPhrases(glue(text), splitter)) {
        if (part.phrase) used.set(part.text, (used.get(part.text) ?? 0) + 1);
        else for (const unit of part.text.match(UNIT) ?? []) counts.set(unit, (counts.get(unit) ?? 0) + 1);
      }
    }
    const kept = phrases.filter((p) => (used.get(p) ?? 0) >= 2);
    const first = SPECIALS + BYTES + kept.length;
    const merges = learnMerges(counts, first, options.size - first);
    return new Tokenizer({ phrases: kept, merges });
  }

  encode(text: string): number[] {
    const ids: number[] = [];
    for (const part of splitPhrases(glue(text), this.splitter)) {
      const phrase = part.phrase ? this.phraseIds.get(part.text) : undefined;
      if (phrase !== undefined) ids.push(phrase);
      else for (const unit of part.text.match(UNIT) ?? []) ids.push(...this.encodeUnit(unit));
    }
    return ids;
  }

  /** The text of some tokens; specials have none. Bytes that are no UTF-8 become U+FFFD. */
  decode(ids: Iterable<number>): string {
    return unglue(Buffer.concat([...ids].map((id) => this.pieces[id] ?? new Uint8Array())).toString("utf8"));
  }

  private encodeUnit(unit: string): readonly number[] {
    if (unit === GLUE) return [GLUE_TOKEN];
    let ids = this.cache.get(unit);
    if (!ids) {
      ids = merge(
        [...Buffer.from(unit, "utf8")].map((byte) => SPECIALS + byte),
        this.ranks,
      );
      if (this.cache.size > 50_000) this.cache.clear();
      this.cache.set(unit, ids);
    }
    return ids;
  }
}

const pairKey = (left: number, right: number) => left * 65536 + right;

function phraseSplitter(phrases: readonly string[]): RegExp {
  const escaped = [...phrases]
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((p) => {
      const body = p.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      const start = /^[\p{L}\p{N}]/u.test(p) ? "(?<![\\p{L}\\p{N}])" : "";
      const end = /[\p{L}\p{N}]$/u.test(p) ? "(?![\\p{L}\\p{N}])" : "";
      return start + body + end;
    });
  return new RegExp(escaped.length ? `(${escaped.join("|")})` : "($^)", "u");
}

function splitPhrases(text: string, splitter: RegExp): { text: string; phrase: boolean }[] {
  return text.split(splitter).flatMap((part, i) => (part ? [{ text: part, phrase: i % 2 === 1 }] : []));
}

/** Applies the learned merges to a list of ids, earliest learned first. */
function merge(ids: number[], ranks: ReadonlyMap<number, number>): number[] {
  while (ids.length > 1) {
    let best = Infinity;
    for (let i = 0; i + 1 < ids.length; i++) best = Math.min(best, ranks.get(pairKey(ids[i], ids[i + 1])) ?? Infinity);
    if (best === Infinity) break;
    const merged: number[] = [];
    for (let i = 0; i < ids.length; i++) {
      const joins = i + 1 < ids.length && ranks.get(pairKey(ids[i], ids[i + 1])) === best;
      merged.push(joins ? best : ids[i]);
      if (joins) i++;
    }
    ids = merged;
  }
  return ids;
}

function learnMerges(counts: ReadonlyMap<string, number>, first: number, limit: number): [number, number][] {
  const units = [...counts].map(([unit, count]) => ({
    ids: [...Buffer.from(unit, "utf8")].map((byte) => SPECIALS + byte),
    count,
  }));
  const merges: [number, number][] = [];
  while (merges.length < limit) {
    const pairs = new Map<number, number>();
    for (const { ids, count } of units) {
      for (let i = 0; i + 1 < ids.length; i++) {
        const key = pairKey(ids[i], ids[i + 1]);
        pairs.set(key, (pairs.get(key) ?? 0) + count);
      }
    }
    let best = -1;
    let most = 1;
    for (const [key, count] of pairs) if (count > most) [best, most] = [key, count];
    if (best < 0) break;
    const ranks = new Map([[best, first + merges.length]]);
    merges.push([Math.floor(best / 65536), best % 65536]);
    for (const unit of units) if (unit.ids.length > 1) unit.ids = merge(unit.ids, ranks);
  }
  return merges;
}
