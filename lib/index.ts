/** The public API of heldout. */
export type * from "./types";
export { fold, generator } from "./random";
export { environment, environments } from "./environments";
export { band, errorBars, hover, palette, type Figure, type Trace } from "./figures/figure";
export { show, type Page, type Showable } from "./notebook/show";
export { progress, progressGroup, type ProgressBar, type ProgressGroup } from "./notebook/progress";
