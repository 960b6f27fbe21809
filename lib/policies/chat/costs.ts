/** What calls cost: tokens, seconds, dollars, by environment and in total. */
import { existsSync, readFileSync } from "node:fs";
import { dataFile } from "../../data";
import type { Answer } from "./transport";

export interface Tokens {
  readonly input: number;
  readonly output: number;
}

export interface Cost {
  /** Answers that a server gave. */
  readonly calls: number;
  /** Answers taken from the cache; they cost nothing again. */
  readonly cached: number;
  /** Of `cached`, those that another address gave: the same model, or one of the same name? */
  readonly elsewhere: number;
  /** Requests sent, repetitions included. A server may charge for answers that never arrived whole. */
  readonly requests: number;
  /** Of the answers that a server gave. */
  readonly tokens: Tokens;
  readonly cachedTokens: Tokens;
  /** Of `calls`, those whose tokens the server did not tell and which are estimated from the texts. */
  readonly estimated: number;
  /** Time that calls waited for their answers, summed over calls that ran side by side. */
  readonly seconds: number;
}

/** US dollars per million tokens. */
export type Price = Tokens;

/** A cost with its price; `usd` is null where the model's price is not known. */
export interface PricedCost extends Cost {
  readonly usd: number | null;
}

export interface CostReport {
  readonly model: string;
  /** US dollars per million tokens; null where not known. */
  readonly price: Price | null;
  readonly environments: { readonly [env: string]: PricedCost };
  readonly total: PricedCost;
}

const NONE = { input: 0, output: 0 };
const COUNTS = { calls: 0, cached: 0, elsewhere: 0, requests: 0, estimated: 0, seconds: 0 };
export const NO_COST: Cost = { ...COUNTS, tokens: NONE, cachedTokens: NONE };

export function addCosts(a: Cost, b: Cost): Cost {
  const tokens = (x: Tokens, y: Tokens) => ({ input: x.input + y.input, output: x.output + y.output });
  return {
    calls: a.calls + b.calls,
    cached: a.cached + b.cached,
    elsewhere: a.elsewhere + b.elsewhere,
    requests: a.requests + b.requests,
    tokens: tokens(a.tokens, b.tokens),
    cachedTokens: tokens(a.cachedTokens, b.cachedTokens),
    estimated: a.estimated + b.estimated,
    seconds: a.seconds + b.seconds,
  };
}

/** Adds up what the calls of one model cost. */
export class Costs {
  private readonly byEnvironment = new Map<string, Cost>();

  constructor(
    readonly model: string,
    readonly price: Price | null,
  ) {}

  add(env: string, cost: Partial<Cost>): void {
    this.byEnvironment.set(env, addCosts(this.of(env), { ...NO_COST, ...cost }));
  }

  answered(env: string, { tokens, estimated }: Answer): void {
    this.add(env, { calls: 1, tokens, estimated: Number(estimated) });
  }

  remembered(env: string, { tokens }: Answer, elsewhere: boolean): void {
    this.add(env, { cached: 1, cachedTokens: tokens, elsewhere: Number(elsewhere) });
  }

  of(env: string): Cost {
    return this.byEnvironment.get(env) ?? NO_COST;
  }

  get total(): Cost {
    return [...this.byEnvironment.values()].reduce(addCosts, NO_COST);
  }

  report(): CostReport {
    const { model, price } = this;
    const environments = [...this.byEnvironment].map(([env, cost]) => [env, priced(cost, price)] as const);
    return { model, price, environments: Object.fromEntries(environments), total: priced(this.total, price) };
  }
}

export function priced(cost: Cost, price: Price | null): PricedCost {
  return { ...cost, usd: price && (cost.tokens.input * price.input + cost.tokens.output * price.output) / 1e6 };
}

/**
 * A model's price from a table `{ "models": { "<name>": { "input": 0.15, "output": 0.6 } } }` in US dollars per million
 * tokens, null for a model that is not listed. Throws for a table that is not of this form. Default: `data/prices.json`.
 */
export function priceOf(model: string, file = dataFile("prices.json")): Price | null {
  if (!existsSync(file)) throw new RangeError(`prices: there is no file ${file}`);
  let models: { readonly [name: string]: Partial<Price> } | undefined;
  try {
    models = JSON.parse(readFileSync(file, "utf8")).models;
  } catch (error) {
    throw new RangeError(`prices: ${file} is not JSON (${(error as Error).message})`);
  }
  if (!models || typeof models !== "object") throw new RangeError(`prices: ${file} has no "models"`);
  if (!Object.hasOwn(models, model)) return null;
  const { input, output } = models[model];
  const isPrice = (x: unknown): x is number => typeof x === "number" && x >= 0;
  if (!isPrice(input) || !isPrice(output))
    throw new RangeError(`prices: ${model} in ${file} needs "input" and "output", numbers from 0`);
  return { input, output };
}
