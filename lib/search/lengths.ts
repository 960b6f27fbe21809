/**
 * Document lengths in one byte, as Lucene's SmallFloat.intToByte4 keeps them: exact up to 39, then four
 * significant bits. Scores depend on it, so it belongs to the ranking.
 */

/** Lengths below this are their own byte; the codes of larger ones start here. */
const EXACT = 24;

/** The byte for a length of 0 to 2^31 - 1 terms. */
export function encodeLength(length: number): number {
  return length < EXACT ? length : EXACT + toFloat4(length - EXACT);
}

/** The length that a byte stands for: the largest power-of-two step not above the real one. */
export function decodeLength(byte: number): number {
  return byte < EXACT ? byte : EXACT + fromFloat4(byte - EXACT);
}

/** A float with four significant bits (the first implied) and five of exponent. */
function toFloat4(value: number): number {
  const bits = 32 - Math.clz32(value);
  if (bits < 4) return value;
  const shift = bits - 4;
  return ((value >>> shift) & 7) | ((shift + 1) << 3);
}

function fromFloat4(code: number): number {
  const shift = (code >>> 3) - 1;
  return shift < 0 ? code & 7 : ((code & 7) | 8) * 2 ** shift;
}
