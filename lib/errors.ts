/** Something outside the agent and the task failed (a server, a network): recorded apart, never scored as failure. */
export class InfrastructureError extends Error {
  override readonly name = "InfrastructureError";
}

/** The whole run must end (budget used up, key refused, interrupted): no episode is to blame, what is finished stays. */
export class RunStopped extends Error {
  override readonly name = "RunStopped";
}

/** The error for a value that is not among those accepted. */
export function notAccepted(what: string, got: unknown, accepted: readonly unknown[]): RangeError {
  return new RangeError(
    `${what}: got ${JSON.stringify(got)}, accepted: ${accepted.map((a) => JSON.stringify(a)).join(", ")}`,
  );
}

/** Refuses option keys that are not known, with the list of known ones. */
export function refuseUnknownKeys(what: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) if (!known.includes(key)) throw notAccepted(`${what} option`, key, known);
}
