/**
 * Tables of results. A result is an `Estimate` and prints with its interval; a bare number is refused, so that no table
 * can lose its uncertainty. How n, k and the method go with the numbers stands in the notes below the table.
 */
import type { Estimate } from "./types";
import { isEstimate, type NotAvailable } from "./metrics/estimates";
import { csv, html, latex, markdown, text, type Printed, type PrintedCell } from "./table-formats";

/**
 * What a column holds. `estimate`: an Estimate. `label`: words. `count`: a whole number of things (tasks, seeds).
 * `p`: a p-value. `reported`: a number from a paper that came without an interval, marked so in the header.
 * In all of them null is an empty cell and `{ na: reason }` is "n/a" with the reason in the notes.
 */
export type ColumnKind = "estimate" | "label" | "count" | "p" | "reported";

export interface Column<Key extends string = string> {
  readonly key: Key;
  /** Default: the key. */
  readonly title?: string;
  /** Default "estimate". */
  readonly kind?: ColumnKind;
  /** Metric id for the header: "avg@8". */
  readonly metric?: string;
  /** What counts, for the header: "success", "reward > 0". */
  readonly threshold?: string;
  /** Default "%" for estimates and reported numbers: printed values are multiplied by 100. "" for none. */
  readonly unit?: string;
  /** Factor before printing; default 100 for estimates in "%", else 1 (reported numbers are printed as they are). */
  readonly scale?: number;
  /** Digits after the point; default 1, and 3 for p-values. */
  readonly digits?: number;
  /** Print a plus sign: for differences. */
  readonly signed?: boolean;
}

export interface TableOptions {
  readonly caption?: string;
  /** Printed below the table after the notes made from the estimates. */
  readonly notes?: readonly string[];
}

/** A table ready to print in any format. */
export interface Table extends Printed {
  toMarkdown(): string;
  /** A `table` float with booktabs rules. */
  toLatex(): string;
  /** RFC 4180; estimates as value, low, high, n, k, method, unscaled. */
  toCsv(): string;
  toHtml(): string;
  /** For terminals. */
  toText(): string;
  toString(): string;
}

/**
 * A table of `rows`. Throws on a bare number in an estimate column, a key that a row lacks, and unknown column options.
 */
export function table<Row extends object>(
  rows: readonly Row[],
  columns: readonly Column<keyof Row & string>[],
  { caption, notes = [] }: TableOptions = {},
): Table {
  columns.forEach(checkColumn);
  const footnotes = new Footnotes();
  rows.forEach((row, i) => {
    for (const column of columns) footnotes.collect(valueOf(row, column, i));
  });
  const printed: Printed = {
    caption,
    header: columns.map(headerOf),
    fieldNames: columns.flatMap((column) => {
      const title = column.title ?? column.key;
      return isResult(column) ? [title, ...estimateFields.map((field) => `${title} ${field}`)] : [title];
    }),
    align: columns.map((column) => (column.kind === "label" ? "left" : "right")),
    cells: rows.map((row, i) => columns.map((column) => print(valueOf(row, column, i), column, footnotes))),
    notes: [...footnotes.notes(), ...notes],
  };
  return {
    ...printed,
    toMarkdown: () => markdown(printed),
    toLatex: () => latex(printed),
    toCsv: () => csv(printed),
    toHtml: () => html(printed),
    toText: () => text(printed),
    toString: () => text(printed),
  };
}

/** `42.1 [36.0, 48.2]`: times 100 unless told otherwise. */
export function formatEstimate(
  { value, low, high }: Pick<Estimate, "value" | "low" | "high">,
  { scale = 100, digits = 1, signed = false }: Pick<Column, "scale" | "digits" | "signed"> = {},
): string {
  const [v, l, h] = [value, low, high].map((x) => formatNumber(x * scale, digits, signed));
  return `${v} [${l}, ${h}]`;
}

/** Fixed digits, no negative zero, the infinity sign for an interval without an end. */
export function formatNumber(x: number, digits: number, signed = false): string {
  const size = Number.isFinite(x) ? Math.abs(x).toFixed(digits) : "\u221e";
  const zero = Number.isFinite(x) && Number(size) === 0;
  if (zero) return size;
  return (x < 0 ? "-" : signed ? "+" : "") + size;
}

const estimateFields = ["low", "high", "n", "k", "method"] as const;
const kinds: readonly ColumnKind[] = ["estimate", "label", "count", "p", "reported"];
const options = ["key", "title", "kind", "metric", "threshold", "unit", "scale", "digits", "signed"];

function checkColumn(column: Column): void {
  const unknown = Object.keys(column).find((option) => !options.includes(option));
  if (unknown)
    throw new TypeError(`column "${column.key}" has an unknown option "${unknown}"; known: ${options.join(", ")}`);
  if (column.kind !== undefined && !kinds.includes(column.kind))
    throw new TypeError(`column "${column.key}" has kind "${column.kind}"; accepted: ${kinds.join(", ")}`);
}

function isResult({ kind = "estimate" }: Column): boolean {
  return kind === "estimate";
}

function unitOf({ kind = "estimate", unit }: Column): string {
  return unit ?? (kind === "estimate" || kind === "reported" ? "%" : "");
}

/** "after (avg@8, success, %)". */
function headerOf(column: Column): string {
  const { key, title = key, metric, threshold, kind } = column;
  const about = [metric, threshold, unitOf(column), kind === "reported" ? "reported" : ""].filter(Boolean);
  return about.length ? `${title} (${about.join(", ")})` : title;
}

type Value = Estimate | NotAvailable | string | number | null;

/** The value of a cell, or an error that says what the column accepts. */
function valueOf(row: object, column: Column, index: number): Value {
  const { key, kind = "estimate" } = column;
  const value = (row as Record<string, unknown>)[key];
  const fail = (accepted: string): never => {
    const got = typeof value === "string" ? `"${value}"` : JSON.stringify(value);
    throw new TypeError(
      `row ${index + 1}, column "${key}" (${kind}) got ${got}; accepted: ${accepted}, null, { na: reason }`,
    );
  };
  if (value === null || isNotAvailable(value)) return value;
  const numeric = typeof value === "number" && !Number.isNaN(value);
  switch (kind) {
    case "estimate":
      return isEstimate(value) ? value : fail("an Estimate with its interval (bare numbers are refused)");
    case "label":
      return typeof value === "string" ? value : fail("a string (results belong in an estimate column)");
    case "count":
      return numeric && Number.isInteger(value) && value >= 0 ? value : fail("a whole number");
    case "p":
      return numeric && value >= 0 && value <= 1 ? value : fail("a number between 0 and 1");
    case "reported":
      return numeric ? value : fail("a number");
  }
}

function print(value: Value, column: Column, footnotes: Footnotes): PrintedCell {
  const empty = isResult(column) ? ["", ...estimateFields.map(() => "")] : [""];
  if (value === null) return { text: "", fields: empty };
  if (typeof value === "string") return { text: value, fields: [value] };
  if (typeof value === "number") return { text: printNumber(value, column), fields: [String(value)] };
  const mark = footnotes.markOf(value);
  if (isNotAvailable(value)) return { text: "n/a", mark, fields: [...empty.slice(1), `n/a: ${value.na}`] };
  const scale = column.scale ?? (unitOf(column) === "%" ? 100 : 1);
  return {
    text: formatEstimate(value, { ...column, scale }),
    mark,
    fields: [String(value.value), ...estimateFields.map((field) => String(value[field]))],
  };
}

function printNumber(value: number, { kind, scale = 1, digits, signed }: Column): string {
  if (kind === "count") return String(value);
  if (kind !== "p") return formatNumber(value * scale, digits ?? 1, signed);
  const least = 10 ** -(digits ?? 3);
  return value < least ? `< ${least}` : value.toFixed(digits ?? 3);
}

function isNotAvailable(value: unknown): value is NotAvailable {
  return typeof value === "object" && value !== null && typeof (value as NotAvailable).na === "string";
}

/** One note per distinct n, k and method, and per reason of an "n/a"; letters only where there are several. */
class Footnotes {
  private readonly texts: string[] = [];

  collect(value: Value): void {
    const note = noteOf(value);
    if (note !== undefined && !this.texts.includes(note)) this.texts.push(note);
  }

  markOf(value: Value): string | undefined {
    const note = noteOf(value);
    return note !== undefined && this.texts.length > 1 ? letter(this.texts.indexOf(note)) : undefined;
  }

  notes(): string[] {
    return this.texts.map((note, i) => (this.texts.length > 1 ? `${letter(i)}: ${note}` : note));
  }
}

function noteOf(value: Value): string | undefined {
  if (value === null || typeof value !== "object") return undefined;
  return "na" in value ? `n/a: ${value.na}` : `n = ${value.n}, k = ${value.k}; ${value.method}`;
}

/** a, b, ... z, aa, ab, ... */
function letter(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}
