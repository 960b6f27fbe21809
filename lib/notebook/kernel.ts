/** The Jupyter kernel this code runs in, and the way to put something into its notebook. */

/** Renditions of one thing by MIME type; every front end takes the richest that it knows. */
export interface MimeBundle {
  readonly "text/plain": string;
  readonly [mime: string]: unknown;
}

/** `tslab` or `deno` inside the kernel of that name, `none` in a plain program. */
export type Kernel = "tslab" | "deno" | "none";

interface Tslab {
  require(id: string): { lastWriteDisplayData: ((content: object, update: boolean) => void) | null };
}

interface DenoJupyter {
  broadcast(type: string, content: object): Promise<void>;
}

/** What the kernels leave in the global scope. */
interface KernelGlobals {
  readonly __tslab__?: Tslab;
  readonly Deno?: { readonly jupyter?: DenoJupyter };
}

export function kernel(): Kernel {
  if ((globalThis as KernelGlobals).__tslab__) return "tslab";
  return denoJupyter() ? "deno" : "none";
}

/**
 * Shows a bundle below the running cell; outside of a kernel its `text/plain` goes to the standard output.
 * With an `id` it can be replaced later by {@link updateDisplay}.
 */
export function display(bundle: MimeBundle, id?: string): Promise<void> {
  return send("display_data", bundle, id);
}

/** Replaces what was shown under this id, wherever it stands; outside of a kernel it does nothing. */
export function updateDisplay(id: string, bundle: MimeBundle): Promise<void> {
  return send("update_display_data", bundle, id);
}

async function send(type: "display_data" | "update_display_data", bundle: MimeBundle, id?: string): Promise<void> {
  const content = { data: bundle, metadata: {}, transient: id === undefined ? {} : { display_id: id } };
  switch (kernel()) {
    case "tslab":
      return tslabWriter()(content, type === "update_display_data");
    case "deno":
      return denoJupyter()!.broadcast(type, content);
    case "none":
      if (type === "display_data") console.log(bundle["text/plain"]);
  }
}

/** tslab's public display takes one MIME type at a time; a bundle needs the writer beneath it. */
function tslabWriter() {
  const { lastWriteDisplayData } = (globalThis as KernelGlobals).__tslab__!.require("tslab/dist/jupyter.js");
  if (!lastWriteDisplayData)
    throw new Error(
      "this notebook runs in another copy of tslab than the one in node_modules; choose the kernel (heldout)",
    );
  return lastWriteDisplayData;
}

/** Deno throws on the mere question outside of its kernel. */
function denoJupyter(): DenoJupyter | undefined {
  try {
    return (globalThis as KernelGlobals).Deno?.jupyter;
  } catch {
    return undefined;
  }
}
