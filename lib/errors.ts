/** Errors that a caller tells apart by class. */

/**
 * Something outside the experiment failed (a server is down, slow or answers nonsense), so nothing is known about the
 * agent: rollouts retry it, then record the outcome "error"; it is never scored as a failure.
 */
export class InfrastructureError extends Error {
  override readonly name = "InfrastructureError";
}
