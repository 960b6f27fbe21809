/** What a run cost, on disk beside its trajectories, and the sum over all runs of the folder in `cost.json`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeAtomically } from "../../store";
import { addCosts, NO_COST, priced } from "./costs";
import type { PricedCost } from "./costs";
import type { ChatPolicy } from "./policy";

/** One run's cost: one model in one environment. */
export interface CostRow extends PricedCost {
  readonly run: string;
  readonly env: string;
  readonly model: string;
  /** US dollars per million tokens. */
  readonly price: { readonly input: number; readonly output: number } | null;
}

const ENDING = ".cost.json";
/** Between two savings, in ms. */
const PAUSE = 1000;

export class CostRecord {
  private saved = -Infinity;

  /** Goes on from what an earlier part of the run has spent. */
  constructor(
    private readonly folder: string,
    private readonly run: string,
    private readonly policy: ChatPolicy,
    private readonly env: string,
  ) {
    const file = path.join(folder, run + ENDING);
    if (existsSync(file)) policy.addEarlier(env, readRow(file));
  }

  /** Writes the files, at most once a second unless it is the `last` time. */
  save(last = false): void {
    const now = performance.now();
    if (!last && now - this.saved < PAUSE) return;
    this.saved = now;
    const { folder, run, policy, env } = this;
    const { model, price } = policy.costs;
    const row: CostRow = { run, env, model, price, ...priced(policy.costs.of(env), price) };
    writeAtomically(path.join(folder, run + ENDING), toText(row));
    writeAtomically(path.join(folder, "cost.json"), toText(sumOf(folder)));
  }
}

/** All runs of a folder, by environment and in total; dollars are null as soon as one price is not known. */
function sumOf(folder: string): object {
  const files = readdirSync(folder).filter((file) => file.endsWith(ENDING));
  const runs = files.sort().map((file) => readRow(path.join(folder, file)));
  const sum = (rows: readonly CostRow[]): PricedCost => {
    const usd = rows.every((row) => row.usd !== null) ? rows.reduce((all, row) => all + row.usd!, 0) : null;
    return { ...rows.reduce(addCosts, NO_COST), usd };
  };
  const names = [...new Set(runs.map(({ env }) => env))];
  const environments = names.map((env) => [env, sum(runs.filter((row) => row.env === env))] as const);
  return { environments: Object.fromEntries(environments), total: sum(runs), runs };
}

function readRow(file: string): CostRow {
  return JSON.parse(readFileSync(file, "utf8"));
}

const toText = (value: object) => JSON.stringify(value, null, 2) + "\n";
