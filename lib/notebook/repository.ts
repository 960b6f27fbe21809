/** Where the repository is, seen from its sources and from the built library alike. */
import { existsSync } from "node:fs";
import path from "node:path";

/** The nearest folder above this file that holds the notebooks; throws outside of a checkout. */
export function repositoryRoot(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "notebooks", "kernels"))) return folder;
    if (folder === path.dirname(folder)) throw new Error(`no folder above ${__dirname} has notebooks/kernels in it`);
  }
}
