/** Rows as a danfojs DataFrame, for people who want to sort, group and print; nothing else touches danfojs. */
import { createRequire } from "node:module";
import type { DataFrame } from "danfojs-node";

type Danfo = typeof import("danfojs-node");

/** A flat record: what fits a cell of a data frame. */
export type FrameRow = { readonly [column: string]: string | number | boolean | null | undefined };

let loaded: Danfo | undefined;

/** Loaded on first use only: it takes about a second, most of it TensorFlow.js. */
function danfo(): Danfo {
  if (!loaded) {
    loaded = createRequire(__filename)("danfojs-node") as Danfo;
    // Without this, TensorFlow.js advertises its native build on stderr.
    (loaded.tensorflow as { enableProdMode(): void }).enableProdMode();
  }
  return loaded;
}

/**
 * A DataFrame of `rows`; the columns are the keys of all rows in order of first appearance, missing values are null and
 * numbers are rounded to 6 digits for display. Throws on a value that is not flat (spread an Estimate into value, low
 * and high) and on no rows at all.
 */
export function frame(rows: readonly FrameRow[]): DataFrame {
  if (rows.length === 0) throw new RangeError("frame needs at least one row, got none");
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const table = rows.map((row, i) => columns.map((column) => flat(row[column], column, i)));
  const { DataFrame } = danfo();
  return new DataFrame(table as (string | number | boolean)[][], { columns });
}

function flat(value: unknown, column: string, index: number): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return Number.isInteger(value) ? value : Math.round(value * 1e6) / 1e6;
  if (typeof value === "string" || typeof value === "boolean") return value;
  throw new TypeError(
    `row ${index + 1}, column "${column}" got ${JSON.stringify(value)}; accepted: string, number, boolean, null`,
  );
}
