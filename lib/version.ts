import { readFileSync } from "node:fs";
import path from "node:path";

/** The version of heldout, recorded in every trajectory and run. */
export const version: string = JSON.parse(readFileSync(packageFile(), "utf8")).version;

function packageFile(): string {
  // Beside this file in the sources, one folder above it when built.
  const here = path.join(__dirname, "package.json");
  return __dirname.endsWith("dist") ? path.join(__dirname, "..", "package.json") : here;
}
