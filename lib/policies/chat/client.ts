/** Asks until there is an answer: from the cache, or from the server with patience, within limits of number and money. */
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { repositoryRoot } from "../../data";
import { InfrastructureError, RunStopped } from "../../errors";
import { AnswerCache } from "./cache";
import { Costs, priced, priceOf } from "./costs";
import { backoffSeconds } from "./retry";
import { plainAddress } from "./secrets";
import type { ChatOptions, ChatSettings } from "./settings";
import { Slots } from "./slots";
import { Fault, Transport } from "./transport";
import type { Answer, ChatRequest } from "./transport";

export const DEFAULT_CONCURRENCY = 16;

/** On whose behalf a request is made. */
export interface Asker {
  readonly env: string;
  readonly attempt: number;
}

export class ChatClient {
  readonly costs: Costs;
  private readonly transport: Transport;
  private readonly cache: AnswerCache | undefined;
  private readonly slots: Slots;
  private readonly waiting = new Set<AbortController>();
  /** In ms of performance.now(): before this a server wants to hear nothing. */
  private quietUntil = 0;
  private stopped: RunStopped | undefined;

  constructor(
    private readonly options: ChatOptions,
    private readonly settings: ChatSettings,
  ) {
    const { concurrency = DEFAULT_CONCURRENCY, cache = path.join(repositoryRoot(), "runs", "chat-cache") } = options;
    this.transport = new Transport(options, settings);
    this.costs = new Costs(settings.model, priceOf(settings.model, options.prices));
    this.cache = cache === false ? undefined : new AnswerCache(cache, sourceOf(options));
    this.slots = new Slots(concurrency);
    if (options.budgetUsd !== undefined && !this.costs.price)
      throw new RangeError(
        `budgetUsd: the price of ${settings.model} is not known; add it to data/prices.json, or limit tokens instead`,
      );
  }

  /**
   * The answer to a request. Throws an InfrastructureError when the server gives none, a {@link Fault} "too long" when
   * the request exceeds the model's context, and {@link RunStopped} when no more requests are to be made.
   */
  async complete(request: ChatRequest, { env, attempt }: Asker): Promise<Answer> {
    const identity = this.identity(request, attempt);
    const known = await this.cache?.read(identity);
    if (this.stopped) throw this.stopped;
    if (known) {
      this.costs.remembered(env, known.answer, known.elsewhere);
      return known.answer;
    }
    const began = performance.now();
    try {
      const answer = await this.insist(request, env, identity);
      this.costs.answered(env, answer);
      return (await this.cache?.keep(identity, answer)) ?? answer;
    } finally {
      this.costs.add(env, { seconds: (performance.now() - began) / 1000 });
    }
  }

  /** Ends the run: requests under way are dropped, and all get the reason. The first reason counts. */
  stop(reason: string): RunStopped {
    this.stopped ??= new RunStopped(reason);
    for (const controller of this.waiting) controller.abort();
    return this.stopped;
  }

  private async insist(request: ChatRequest, env: string, identity: string): Promise<Answer> {
    const { retries = 6, backoffSeconds: base = 1, maxWaitSeconds = 600 } = this.options;
    for (let n = 1; ; n++) {
      try {
        return await this.slots.use(() => this.try(request, env));
      } catch (error) {
        if (!(error instanceof Fault) || error.kind === "too long") throw error;
        if (error.kind === "stop") throw this.stop(error.message);
        if (error.kind === "refused") throw error;
        if (n > retries) throw new InfrastructureError(`no answer after ${n} tries, the last one: ${error.message}`);
        const { afterSeconds = 0 } = error;
        if (afterSeconds > maxWaitSeconds)
          throw this.stop(
            `${error.message}, and asks to wait ${Math.ceil(afterSeconds)} s (${maxWaitSeconds} allowed)`,
          );
        this.quietUntil = Math.max(this.quietUntil, performance.now() + 1000 * afterSeconds);
        await this.wait(1000 * Math.max(afterSeconds, backoffSeconds(base, n, `${identity} ${n}`)));
      }
    }
  }

  private async try(request: ChatRequest, env: string): Promise<Answer> {
    const { timeoutSeconds = 180 } = this.options;
    for (let rest; (rest = this.quietUntil - performance.now()) > 0;) await this.wait(rest);
    this.checkBudget();
    this.costs.add(env, { requests: 1 });
    return this.whileRunning(async (controller) => {
      const timer = setTimeout(() => controller.abort(), 1000 * timeoutSeconds);
      try {
        return await this.transport.ask(request, controller.signal);
      } catch (error) {
        if (controller.signal.aborted) throw new Fault(`no answer within ${timeoutSeconds} s`, "again");
        throw error;
      } finally {
        clearTimeout(timer);
      }
    });
  }

  private wait(milliseconds: number): Promise<void> {
    return this.whileRunning(({ signal }) => sleep(Math.ceil(milliseconds), undefined, { signal }));
  }

  /** Work that ends with the reason as soon as the run is stopped. */
  private async whileRunning<T>(work: (controller: AbortController) => Promise<T>): Promise<T> {
    if (this.stopped) throw this.stopped;
    const controller = new AbortController();
    this.waiting.add(controller);
    try {
      return await work(controller);
    } catch (error) {
      throw this.stopped ?? error;
    } finally {
      this.waiting.delete(controller);
    }
  }

  private checkBudget(): void {
    const { budgetTokens = Infinity, budgetUsd = Infinity } = this.options;
    const { tokens, usd } = priced(this.costs.total, this.costs.price);
    const spent = tokens.input + tokens.output;
    if (spent >= budgetTokens) throw this.stop(`the budget of ${budgetTokens} tokens is used up (${spent} in and out)`);
    if (usd !== null && usd >= budgetUsd)
      throw this.stop(`the budget of ${budgetUsd} US dollars is used up (${usd.toFixed(4)})`);
  }

  /** All that decides an answer, but not which server gives it. */
  private identity({ messages, tools, seed }: ChatRequest, attempt: number): string {
    const { model, revision, temperature, topP, maxTokens, stop } = this.settings;
    const settings = { model, revision, temperature, topP, maxTokens, stop };
    return AnswerCache.identity({ version: 1, settings, messages, tools: tools ?? null, seed, attempt });
  }
}

/** Where answers come from, as records name it. */
export function sourceOf({ endpoint, provider = "auto" }: ChatOptions): string {
  return endpoint === undefined ? `Hugging Face, provider ${provider}` : plainAddress(endpoint);
}
