/** The public API of heldout. */
export type * from "./types";
export { fold, generator } from "./random";
export { environment, environments } from "./environments";
