/** Where the repository's `data/` lies, found the same way from the sources and from the built `lib/dist`. */
import { existsSync } from "node:fs";
import path from "node:path";

/** The nearest folder above this file that holds both `data/` and `notebooks/`; throws when there is none. */
export function repositoryRoot(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "data")) && existsSync(path.join(folder, "notebooks"))) return folder;
    if (folder === path.dirname(folder))
      throw new Error(`no folder above ${__dirname} holds data/ and notebooks/: heldout runs from its repository`);
  }
}

/** Absolute path of a file under `data/`: `dataFile("textcraft", "recipes.json")`. */
export function dataFile(...parts: readonly string[]): string {
  return path.join(repositoryRoot(), "data", ...parts);
}
