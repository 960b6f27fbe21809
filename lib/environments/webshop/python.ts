/** Corners of Python's text handling that show in the original's pages only. */
import { hex } from "../python";

/** `repr(float)` for prices and rewards, whose size never calls for an exponent. */
export function floatText(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** A string-to-string dictionary as Flask's `tojson` writes it: keys sorted, ASCII only, `<>&'` escaped as well. */
export function flaskJson(entries: Iterable<readonly [string, string]>): string {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = sorted.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(", ");
  return `{${text}}`.replace(/[^ -~]|[<>&']/g, (char) => `\\u${hex(char.charCodeAt(0), 4)}`);
}
