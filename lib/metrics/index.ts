/** Metrics and statistics: plain functions of trajectories, arrays and matrices. */
export * from "./attempts";
export * from "./bootstrap";
export * from "./cells";
export * from "./continual";
export * from "./correlation";
export * from "./curves";
export * from "./estimates";
export * from "./groups";
export * from "./intervals";
export * from "./paired";
export * from "./transfer";
