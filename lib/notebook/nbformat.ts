/** Notebooks as files: nbformat 4.5, read into plain strings and written as Jupyter writes them. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: Record<string, unknown>; metadata: object }
  | { output_type: "execute_result"; data: Record<string, unknown>; metadata: object; execution_count: number | null }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

export interface CodeCell {
  cell_type: "code";
  id: string;
  metadata: Record<string, unknown>;
  source: string;
  execution_count: number | null;
  outputs: Output[];
}

export interface TextCell {
  cell_type: "markdown" | "raw";
  id: string;
  metadata: Record<string, unknown>;
  source: string;
}

export interface Notebook {
  cells: (CodeCell | TextCell)[];
  metadata: Record<string, unknown>;
  nbformat: 4;
  nbformat_minor: number;
}

/** Reads a notebook without its outputs; throws on another format than 4. Cells without an id get one. */
export function readNotebook(file: string): Notebook {
  const raw = JSON.parse(readFileSync(file, "utf8"));
  if (raw.nbformat !== 4) throw new Error(`${file} has nbformat ${raw.nbformat}; 4 is supported`);
  const cells = raw.cells.map((cell: Record<string, unknown>, index: number) => {
    const source = Array.isArray(cell.source) ? cell.source.join("") : cell.source;
    const common = { cell_type: cell.cell_type, id: cell.id ?? `cell-${index}`, metadata: cell.metadata ?? {}, source };
    return cell.cell_type === "code" ? { ...common, execution_count: null, outputs: [] } : common;
  });
  return { cells, metadata: raw.metadata ?? {}, nbformat: 4, nbformat_minor: 5 };
}

/** Writes a notebook with long texts as lists of lines, so that a change of one line is a change of one line. */
export function writeNotebook(file: string, notebook: Notebook): void {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: lines(cell.source),
    ...(cell.cell_type === "code" && { outputs: cell.outputs.map(outputLines) }),
  }));
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...notebook, cells }, null, 1) + "\n");
}

function outputLines(output: Output): object {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([mime, value]) => [
    mime,
    typeof value === "string" ? lines(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
