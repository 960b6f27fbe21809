/** What all commands share: how they fail, how they read numbers, the options that name data. */
import type { Command } from "commander";
import type { DataOptions } from "../environments/open";

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

/** The options that put environments on original data or into another variant. */
export function addDataOptions(command: Command): Command {
  return command
    .option("--alfworld-data <folder>", "ALFWorld's game.tw-pddl files instead of generated rooms")
    .option("--webshop-data <folder>", "WebShop's original JSON files instead of the generated catalogue")
    .option("--webshop-price-seed <n>", "Python's random.seed before prices are drawn from ranges", Number)
    .option("--webshop-goals <kind>", "with --webshop-data: generated, human or human-all-prices")
    .option("--searchqa-data <folder>", "questions.jsonl or .parquet and corpus.jsonl instead of the fictional world")
    .option("--searchqa-retriever <url>", "a Search-R1 retrieval server instead of the embedded index")
    .option("--babyai-fidelity <kind>", "original (with the original's faults) or repaired");
}

/** The data options among a command's options. */
export function dataOptions(options: Record<string, unknown>): DataOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => /^(alfworld|webshop|searchqa|babyai)/.test(key)));
}
