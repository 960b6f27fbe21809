/** What all commands share. */

/** Runs a command; an error becomes one line on standard error and exit code 1 (stack with HELDOUT_DEBUG=1). */
export function main(run: () => Promise<void>): void {
  run().catch((error: unknown) => {
    console.error(process.env.HELDOUT_DEBUG ? error : `error: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  });
}

/** For commander: reads an option's value as a whole number from 1. */
export function wholeNumber(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`${option}: got "${text}", accepted: whole numbers from 1`);
    }
    return value;
  };
}
