/** Chat models as agents: the same held-out tasks, prompts and metrics for every model behind an endpoint. */
import path from "node:path";
import { repositoryRoot } from "../data";
import { environment, environments } from "../environments";
import { evaluate } from "../evaluate";
import { avgAt, tokensPerEpisode, turnsPerEpisode } from "../metrics";
import type { Result } from "../metrics";
import { progressGroup } from "../notebook/progress";
import { checkpointFile } from "../policies";
import { ChatPolicy } from "../policies/chat/policy";
import { CostRecord } from "../policies/chat/record";
import type { ChatOptions } from "../policies/chat/settings";
import { loadCheckpoint } from "../pocket/checkpoint";
import { serveOpenAI } from "../serve/openai";
import { pocketResponder } from "../serve/pocket";
import { openRun } from "../store";
import { table } from "../table";
import type { Table } from "../table";
import type { Trajectory } from "../types";
import { optionsFromEnvironment, profile } from "./profiles";

/** Test tasks per level by profile: fewer than for the pocket policy, since calls cost. */
const TASKS: { readonly [profile: string]: number } = { smoke: 2, quick: 12, standard: 60, full: 240 };
const LOCAL_TASKS = 4;
/** The server in this process never fails, but on a busy machine it may be slow. */
const LOCAL = { model: "heldout-pocket", timeoutSeconds: 600 };

export interface Agents {
  readonly policies: readonly ChatPolicy[];
  /** Ids of the environments. */
  readonly envs: readonly string[];
  /** Test tasks per level. */
  readonly tasks: number;
  /** Attempts at each task. */
  readonly k: number;
  readonly root: string;
}

export interface AgentRun {
  readonly policy: ChatPolicy;
  readonly env: string;
  readonly trajectories: readonly Trajectory[];
}

export interface AgentsStudy extends Agents {
  readonly runs: readonly AgentRun[];
}

/**
 * The models that the process environment names: HELDOUT_MODEL (several separated by commas, such as a base and its
 * checkpoints) at HELDOUT_ENDPOINT or HELDOUT_PROVIDER, with the key in the variable that HELDOUT_KEY_ENV names; on
 * HELDOUT_ENVS, or all environments. Without an endpoint a server in this process answers from the pocket policy, on
 * fewer tasks. `options` are for all models.
 */
export async function agentsFromEnvironment(
  options: Partial<ChatOptions> = {},
  env: { readonly [name: string]: string | undefined } = process.env,
): Promise<Agents> {
  const study = optionsFromEnvironment(env);
  const { name, k } = profile(study.profile ?? "quick");
  const named = (list?: string) => list?.split(",").map((part) => part.trim());
  const { HELDOUT_ENDPOINT: endpoint, HELDOUT_PROVIDER: provider, HELDOUT_MODEL: models } = env;
  const remote = endpoint !== undefined || provider !== undefined;
  if (remote && !models)
    throw new RangeError("HELDOUT_MODEL: got none; name the model beside the endpoint or provider");
  const root = study.root ?? path.join(repositoryRoot(), "runs");
  const common = { cache: path.join(root, "chat-cache"), ...options };
  const policies = remote
    ? named(models)!.map(
        (model) => new ChatPolicy({ model, endpoint, provider, keyEnv: env.HELDOUT_KEY_ENV, ...common }),
      )
    : [new ChatPolicy({ ...LOCAL, endpoint: await localServer(), ...common })];
  const envs = named(env.HELDOUT_ENVS) ?? environments.map(({ id }) => id);
  const tasks = remote ? TASKS[name] : Math.min(TASKS[name], LOCAL_TASKS);
  return { policies, envs: envs.map((id) => environment(id).id), tasks, k, root };
}

async function localServer(): Promise<string> {
  const { model } = loadCheckpoint(checkpointFile("small"));
  return (await serveOpenAI({ model: LOCAL.model, respond: pocketResponder("small", model) })).url;
}

/** Plays every environment with every model, with progress bars. Finished episodes stay in `root`; errors are played again. */
export async function runAgents(agents: Agents): Promise<AgentsStudy> {
  const group = progressGroup();
  const runs: AgentRun[] = [];
  try {
    for (const policy of agents.policies) {
      for (const env of agents.envs) runs.push(await runAgent(agents, policy, env, group));
    }
  } finally {
    await group.stop();
  }
  return { ...agents, runs };
}

async function runAgent(
  { tasks: perLevel, k, root }: Agents,
  policy: ChatPolicy,
  env: string,
  group: ReturnType<typeof progressGroup>,
): Promise<AgentRun> {
  const definition = environment(env);
  const { version, prompt, levels } = definition;
  const about = { experiment: "llm-agents", policy: policy.id, settings: policy.settings };
  const folder = openRun(root, { ...about, env, version, prompt: prompt.version, tasks: perLevel, k });
  const tasks = Object.keys(levels).flatMap((level) => definition.tasks({ split: "test", level }).slice(0, perLevel));
  const costs = new CostRecord(folder, "trajectories", policy, env);
  const bar = group.add(`${policy.settings.model} on ${definition.title}`, tasks.length * k);
  try {
    const trajectories = await evaluate(definition, policy, tasks, {
      k,
      file: path.join(folder, "trajectories.jsonl"),
      onProgress(done) {
        costs.save();
        bar.update(done, { USD: dollars(policy.costs.report().total.usd) });
      },
    });
    return { policy, env, trajectories };
  } finally {
    costs.save(true);
    await bar.stop();
  }
}

/** The models' settings: what the results below depend on. */
export function agentsTable({ policies, envs, tasks, k }: Agents): Table {
  const rows = policies.map(({ id, settings, source }) => {
    const { model, temperature, maxTokens, history, format, prompt, contextTokens } = settings;
    const context = contextTokens === null ? "as the server allows" : `${contextTokens} tokens`;
    return {
      model,
      source,
      sampling: `temperature ${temperature}, ${maxTokens} tokens`,
      history: history === "full" ? "full" : `first and latest ${history}`,
      context,
      format,
      prompt,
      id,
    };
  });
  const keys = ["model", "source", "sampling", "history", "context", "format", "prompt", "id"] as const;
  return table(
    rows,
    keys.map((key) => ({ key, kind: "label" as const })),
    { notes: [`${envs.join(", ")}: up to ${tasks} held-out tasks per level, ${k} attempts at each`] },
  );
}

/** Success, reward, turns and tokens by model, environment and level. */
export function agentsScores({ runs, k }: AgentsStudy): Table {
  const rows = runs.flatMap(({ policy, env, trajectories }) => {
    const { title, levels } = environment(env);
    return Object.keys(levels).map((level) => {
      const played = trajectories.filter(({ task }) => task.level === level);
      const known = (estimate: () => Result): Result => {
        try {
          return estimate();
        } catch (error) {
          return { na: (error as Error).message };
        }
      };
      return {
        model: policy.settings.model,
        environment: title,
        level,
        success: known(() => avgAt(k)(played)),
        reward: known(() => avgAt(k, { score: "reward" })(played)),
        turns: known(() => turnsPerEpisode(played)),
        tokens: known(() => tokensPerEpisode(played)),
        errors: played.filter(({ outcome }) => outcome === "error").length,
      };
    });
  });
  const plain = { unit: "", scale: 1 } as const;
  return table(rows, [
    { key: "model", kind: "label" },
    { key: "environment", kind: "label" },
    { key: "level", kind: "label" },
    { key: "success", metric: `avg@${k}`, threshold: "success" },
    { key: "reward", metric: `avg@${k}` },
    { key: "turns", ...plain },
    { key: "tokens", title: "tokens written", ...plain },
    { key: "errors", kind: "count" },
  ]);
}

/** The episodes of each model, as the failure tables and figures want them. */
export function agentsEpisodes({ policies, runs }: AgentsStudy): { readonly [model: string]: readonly Trajectory[] } {
  const of = (policy: ChatPolicy) => runs.filter((run) => run.policy === policy).flatMap((run) => run.trajectories);
  return Object.fromEntries(policies.map((policy) => [policy.settings.model, of(policy)]));
}

/** What the runs cost so far, by model and environment. */
export function agentsCosts({ policies, envs }: Agents): Table {
  const rows = policies.flatMap(({ costs, settings }) => {
    const { environments: byEnv, total } = costs.report();
    const parts = [...envs.map((env) => [environment(env).title, byEnv[env]] as const), ["all", total] as const];
    return parts.flatMap(([name, cost]) =>
      cost
        ? [
            {
              model: settings.model,
              environment: name,
              calls: cost.calls,
              cached: cost.cached,
              input: cost.tokens.input,
              output: cost.tokens.output,
              minutes: (cost.seconds / 60).toFixed(1),
              usd: dollars(cost.usd),
            },
          ]
        : [],
    );
  });
  return table(rows, [
    { key: "model", kind: "label" },
    { key: "environment", kind: "label" },
    { key: "calls", kind: "count" },
    { key: "cached", title: "from the cache", kind: "count" },
    { key: "input", title: "tokens in", kind: "count" },
    { key: "output", title: "tokens out", kind: "count" },
    { key: "minutes", title: "minutes of waiting", kind: "label" },
    { key: "usd", title: "US dollars", kind: "label" },
  ]);
}

const dollars = (usd: number | null) => (usd === null ? "not known" : usd.toFixed(4));
