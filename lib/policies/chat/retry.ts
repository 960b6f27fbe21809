/** When to try again: what the server asks for, or a wait that doubles and is spread by chance. */
import { generator } from "../../random";

const LONGEST_SECONDS = 60;

/**
 * Seconds before try `n` (from 1 for the first repetition): `base` doubled each time, at most 60, of which a part
 * between a half and all. The part comes from `key`, so that requests that failed together do not return together.
 */
export function backoffSeconds(base: number, n: number, key: string): number {
  const whole = Math.min(LONGEST_SECONDS, base * 2 ** (n - 1));
  return whole * (0.5 + generator(key).next() / 2);
}

/** What a `Retry-After` header asks for, in seconds: a number, or a date compared with the response's own date. */
export function retryAfterSeconds(header: string | null, date: string | null): number | undefined {
  if (header === null || !header.trim()) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const sent = Date.parse(date ?? "");
  const now = Number.isNaN(sent) ? performance.timeOrigin + performance.now() : sent;
  const wait = (Date.parse(header) - now) / 1000;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
