import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryRoot } from "./data";

/** The version of heldout, recorded in every trajectory and run. */
export const version: string = JSON.parse(
  readFileSync(path.join(repositoryRoot(), "lib", "package.json"), "utf8"),
).version;
