/** What all commands share. */

/** Runs a command; an error becomes one line on standard error and exit code 1 (stack with HELDOUT_DEBUG=1). */
export function main(run: () => Promise<void>): void {
  run().catch((error: unknown) => {
    console.error(process.env.HELDOUT_DEBUG ? error : `error: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  });
}
