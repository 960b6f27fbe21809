/** Token counts where no server tells them. */

/** Bytes of UTF-8 that one token of a large model covers in English text, roughly. */
const BYTES = 4;

/** A guess at the tokens of a text. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text, "utf8") / BYTES);
}
