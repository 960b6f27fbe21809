/**
 * Failure analysis: why episodes failed, by rules and, on request, by an LLM judge.
 *
 * `modes.ts` defines the modes; each family of rules is a file of data (`fabrication`, `confirmation`, `state`, `logic`,
 * `mechanical`); `diagnose` applies them; `agreement` measures them against the labelled trajectories; `rates` counts.
 */
export * from "./agreement";
export * from "./diagnose";
export * from "./judge";
export { labelledTrajectories, type Labelled, type Part } from "./labelled";
export { MODES, MODE_NAMES, type Mode } from "./modes";
export * from "./rates";
export type { Evidence, Rule } from "./rule";
