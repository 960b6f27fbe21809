/**
 * Words of a text by the Unicode word-break rules (UAX #29) with the choices Lucene's StandardTokenizer makes:
 * ideographs and hiragana one character each, South-East Asian runs in one piece, emoji sequences as words.
 */

/** Longer words are cut into pieces of this many UTF-16 units, as Lucene's scanner does. */
export const MAX_TOKEN_LENGTH = 255;

const southEastAsian =
  "[[\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmr}\\p{sc=Mymr}\\p{sc=Tale}\\p{sc=Talu}\\p{sc=Lana}\\p{sc=Tavt}\\p{sc=Ahom}]&&[\\p{L}\\p{M}]]";
const katakana = "[\\p{sc=Katakana}\\u3031-\\u3035\\u309B\\u309C\\u30A0\\u30FC\\uFF70]";
const ignorable = "[\\p{Grapheme_Extend}\\p{Mc}[\\p{Cf}--\\u200B]]";
const hebrew = "[\\p{sc=Hebrew}&&\\p{Lo}]";
const letter =
  "[[\\p{Alphabetic}\\u02C2-\\u02C5\\u02D2-\\u02D7\\u02DE\\u02DF\\u02ED\\u02EF-\\u02FF\\u05F3]" +
  `--[\\p{Ideographic}\\p{sc=Han}\\p{sc=Hiragana}${katakana}${southEastAsian}${ignorable}]]`;

/** The classes below are followed by any number of ignorable characters, which belong to the word (rule WB4). */
const run = (characters: string) => `(?:${characters}${ignorable}*)`;

const N = run("\\p{Nd}");
const L = run(letter);
const K = run(katakana);
const join = run("\\p{Pc}");
const midLetter = run(
  "[:\\u00B7\\u0387\\u05F4\\u2027\\uFE13\\uFE55\\uFF1A.\\u2018\\u2019\\u2024\\uFE52\\uFF07\\uFF0E']",
);
const midNumber = run(
  "[,;\\u037E\\u0589\\u060C\\u060D\\u066C\\u07F8\\u2044\\uFE10\\uFE14\\uFE50\\uFE54\\uFF0C\\uFF1B.\\u2018\\u2019\\u2024\\uFE52\\uFF07\\uFF0E']",
);
const H = run(hebrew);
const part =
  `(?:${K}(?:${join}*${K})*|(?:${L}(?:(?:${join}*|${midLetter})${L})*|${N}(?:(?:${join}*|${midNumber})${N})*` +
  `|${H}(?:${run("'")}|${run('"')}${H}))+)`;
// What may come before a word is bounded: a match that fails after it is tried again at every character of it.
const word = `${join}{0,255}${part}(?:${join}+${part})*${join}*`;

const presentation = "\\uFE0E\\uFE0F";
/** Extended_Pictographic as of Unicode 14, Lucene 9's version: the engine's own list changes with its age. */
const pictographs =
  "A9 AE 203C 2049 2122 2139 2194-2199 21A9-21AA 231A-231B 2328 2388 23CF 23E9-23F3 23F8-23FA 24C2 25AA-25AB " +
  "25B6 25C0 25FB-25FE 2600-2605 2607-2612 2614-2685 2690-2705 2708-2712 2714 2716 271D 2721 2728 2733-2734 " +
  "2744 2747 274C 274E 2753-2755 2757 2763-2767 2795-2797 27A1 27B0 27BF 2934-2935 2B05-2B07 2B1B-2B1C 2B50 " +
  "2B55 3030 303D 3297 3299 1F000-1F0FF 1F10D-1F10F 1F12F 1F16C-1F171 1F17E-1F17F 1F18E 1F191-1F19A " +
  "1F1AD-1F1E5 1F201-1F20F 1F21A 1F22F 1F232-1F23A 1F23C-1F23F 1F249-1F3FA 1F400-1F53D 1F546-1F64F " +
  "1F680-1F6FF 1F774-1F77F 1F7D5-1F7FF 1F80C-1F80F 1F848-1F84F 1F85A-1F85F 1F888-1F88F 1F8AE-1F8FF " +
  "1F90C-1F93A 1F93C-1F945 1F947-1FAFF 1FC00-1FFFD";
const pictograph = `[${pictographs.replace(/[0-9A-F]+/g, "\\u{$&}").replaceAll(" ", "")}]`;
/** Ignorable characters after a pictograph, but not the joiner that begins the next pictograph of a sequence. */
const trail = `(?:(?!\\u200D{1,255}${pictograph})[${ignorable}--[${presentation}]])*`;
const emojiUnit = `(?:(?:\\p{Emoji_Modifier_Base}${trail})?\\p{Emoji_Modifier}${trail}|${pictograph}${trail}\\uFE0F?)`;
const emoji =
  `\\u200D{0,255}${emojiUnit}(?:[\\u{E0020}-\\u{E007E}]+\\u{E007F}|(?:\\u200D+${emojiUnit})*)` +
  `|[0-9#*][${ignorable}--[${presentation}\\u20E3]]*\\uFE0F?\\u20E3${trail}|${run("\\p{Regional_Indicator}")}{2}`;

const anyToken = [word, emoji, `${run(southEastAsian)}+`, run("\\p{sc=Han}"), run("\\p{sc=Hiragana}")].join("|");

const scanner = new RegExp(anyToken, "gv");
const beginning = new RegExp(`^(?:${anyToken})`, "v");

/** Calls `visit` with every word of `text` in order, as written. Takes time linear in the text, whatever it is. */
export function eachToken(text: string, visit: (token: string) => void): void {
  scanner.lastIndex = 0;
  for (let match = scanner.exec(text); match !== null; match = scanner.exec(text)) {
    if (match[0].length <= MAX_TOKEN_LENGTH) visit(match[0]);
    else {
      const piece = beginning.exec(text.slice(match.index, match.index + MAX_TOKEN_LENGTH))?.[0];
      scanner.lastIndex = match.index + (piece?.length ?? 1);
      if (piece !== undefined) visit(piece);
    }
  }
}
