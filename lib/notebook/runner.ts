/**
 * Runs a notebook without a browser and without Python: starts one of the repository's kernels, runs the code cells in
 * order, keeps their outputs. A notebook is told its parameters by environment variables.
 */
import path from "node:path";
import { startKernel, type KernelMessage, type RunningKernel } from "./jupyter-client";
import type { CodeCell, Notebook, Output } from "./nbformat";
import { repositoryRoot } from "../data";

export interface RunOptions {
  readonly notebook: Notebook;
  /** `tslab` or `deno`, or a folder with a kernel.json. */
  readonly kernel: string;
  /** Working directory of the kernel; packages are looked up from here. Default: the repository's notebooks folder. */
  readonly cwd?: string;
  /** Set in the kernel's environment besides this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Hears what the running cell says, as it says it. */
  readonly onOutput?: (event: RunEvent) => void;
  /** Seconds a single cell may take. Default: no limit. */
  readonly timeout?: number;
}

/** `cell` counts the code cells from 1. A `display` with an `id` replaces the earlier text of the same id. */
export type RunEvent =
  | { readonly kind: "start" | "end"; readonly cell: number; readonly cells: number; readonly source: string }
  | { readonly kind: "stdout" | "stderr"; readonly cell: number; readonly text: string }
  | { readonly kind: "display"; readonly cell: number; readonly text: string; readonly id?: string };

export interface RunResult {
  /** The notebook with the outputs up to the failing cell, which is the last to have some. */
  readonly notebook: Notebook;
  readonly ok: boolean;
  /** Which cell failed and what it or the kernel said. */
  readonly error?: string;
}

/** Runs all code cells, stopping at the first that fails. Rejects only if the kernel cannot be started. */
export async function executeNotebook(options: RunOptions): Promise<RunResult> {
  const name = path.basename(options.kernel);
  const folder = options.kernel === name ? path.join(repositoryRoot(), "notebooks/kernels", name) : options.kernel;
  const cwd = options.cwd ?? path.join(repositoryRoot(), "notebooks");
  const kernel = await startKernel(folder, { cwd, env: options.env });
  const leave = stopWithParent(kernel);
  const { display_name, language } = kernel.spec;
  const notebook: Notebook = {
    ...options.notebook,
    cells: options.notebook.cells.map((cell) =>
      cell.cell_type === "code" ? { ...cell, execution_count: null, outputs: [] } : cell,
    ),
    metadata: {
      ...options.notebook.metadata,
      kernelspec: { name, display_name, language },
      language_info: kernel.languageInfo,
    },
  };
  const error = await runCells(kernel, notebook, options);
  leave();
  await kernel.stop();
  return { notebook, ok: error === undefined, error };
}

async function runCells(kernel: RunningKernel, notebook: Notebook, options: RunOptions): Promise<string | undefined> {
  const cells = notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
  const displays = new Map<string, { data: unknown; metadata: unknown }[]>();
  for (const [index, cell] of cells.entries()) {
    const number = index + 1;
    if (cell.source.trim() === "") continue;
    options.onOutput?.({ kind: "start", cell: number, cells: cells.length, source: cell.source });
    const listen = (message: KernelMessage) => {
      const event = record(message, cell, displays);
      if (event) options.onOutput?.({ ...event, cell: number });
    };
    const problem = await runCell(kernel, cell, number, listen, options.timeout);
    if (problem) return `code cell ${number} of ${cells.length} failed: ${problem}\n\nThe cell:\n${cell.source}`;
    options.onOutput?.({ kind: "end", cell: number, cells: cells.length, source: cell.source });
  }
  return undefined;
}

/** Runs one cell; returns what went wrong. */
async function runCell(
  kernel: RunningKernel,
  cell: CodeCell,
  number: number,
  listen: (message: KernelMessage) => void,
  timeout?: number,
): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    if (timeout === undefined) return;
    timer = setTimeout(() => reject(new Error(`it took longer than ${timeout} s`)), timeout * 1000);
  });
  try {
    const { content } = await Promise.race([kernel.execute(cell.source, listen), limit]);
    cell.execution_count = typeof content.execution_count === "number" ? content.execution_count : number;
    return content.status === "ok" ? undefined : said(cell) || String(content.evalue ?? content.status);
  } catch (error) {
    return [(error as Error).message, said(cell)].filter(Boolean).join("\n");
  } finally {
    clearTimeout(timer);
  }
}

/** The failing cell's own words: Deno sends an error, tslab writes it to the standard error. */
function said(cell: CodeCell): string {
  const words = cell.outputs.map((output) => {
    if (output.output_type === "error") return output.traceback.join("\n") || `${output.ename}: ${output.evalue}`;
    return output.output_type === "stream" && output.name === "stderr" ? output.text : "";
  });
  return words
    .join("")
    .replace(/\u001b\[[0-9;]*m/g, "")
    .trim()
    .slice(-4000);
}

/** Adds a kernel's message to the outputs of its cell; returns what a listener should hear. */
function record(
  { type, content }: KernelMessage,
  cell: CodeCell,
  displays: Map<string, { data: unknown; metadata: unknown }[]>,
): { kind: "stdout" | "stderr"; text: string } | { kind: "display"; text: string; id?: string } | undefined {
  const { outputs } = cell;
  if (type === "stream") {
    const { name, text } = content as { name: "stdout" | "stderr"; text: string };
    const last = outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text += text;
    else outputs.push({ output_type: "stream", name, text });
    return { kind: name, text };
  }
  if (type === "error") {
    const { ename, evalue, traceback } = content as { ename: string; evalue: string; traceback: string[] };
    outputs.push({ output_type: "error", ename, evalue, traceback });
    return { kind: "stderr", text: `${ename}: ${evalue}\n` };
  }
  if (type !== "display_data" && type !== "execute_result" && type !== "update_display_data") return undefined;
  const {
    data,
    metadata = {},
    transient,
  } = content as {
    data: Record<string, unknown>;
    metadata?: object;
    transient?: { display_id?: string };
  };
  const id = transient?.display_id;
  if (type === "update_display_data") {
    for (const shown of displays.get(id ?? "") ?? []) Object.assign(shown, { data, metadata });
  } else {
    const execution_count = (content.execution_count as number | undefined) ?? null;
    const output: Exclude<Output, { output_type: "stream" | "error" }> =
      type === "display_data"
        ? { output_type: type, data, metadata }
        : { output_type: type, data, metadata, execution_count };
    outputs.push(output);
    if (id !== undefined) displays.set(id, [...(displays.get(id) ?? []), output]);
  }
  return { kind: "display", text: String(data["text/plain"] ?? ""), id };
}

/** A kernel survives an interrupt, so it has to be taken along when this process is told to end. */
function stopWithParent(kernel: RunningKernel): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const end = (signal: NodeJS.Signals) => {
    leave();
    void kernel.stop().finally(() => process.kill(process.pid, signal));
  };
  const leave = () => signals.forEach((signal) => process.off(signal, end));
  signals.forEach((signal) => process.on(signal, end));
  return leave;
}
