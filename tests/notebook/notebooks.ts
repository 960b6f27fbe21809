import type { CodeCell, Notebook, Output } from "../../lib/notebook/nbformat";

/** A notebook of these code cells. */
export function notebook(...sources: string[]): Notebook {
  const cells = sources.map((source, i): CodeCell => ({
    cell_type: "code",
    id: `c${i}`,
    metadata: {},
    source,
    execution_count: null,
    outputs: [],
  }));
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

/** The outputs of every code cell. */
export function outputs(run: { notebook: Notebook }): Output[][] {
  return run.notebook.cells.map((cell) => (cell as CodeCell).outputs);
}
