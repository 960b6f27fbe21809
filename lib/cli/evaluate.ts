/** `npm run evaluate`: avg@k, pass@k, turns and tokens of a policy on test tasks, with intervals. */
import { Command, Option } from "commander";
import path from "node:path";
import { environments } from "../environments";
import { openEnvironment } from "../environments/open";
import { InfrastructureError, notAccepted } from "../errors";
import { evaluate } from "../evaluate";
import { avgAt, passAt, passHat, tokensPerEpisode, turnsPerEpisode } from "../metrics";
import type { Result } from "../metrics";
import { progress } from "../notebook/progress";
import { DEVICES } from "../pocket/runtime";
import type { DeviceOptions } from "../pocket/runtime";
import { openPolicy, POLICIES } from "../policies";
import { ChatPolicy } from "../policies/chat/policy";
import { CostRecord } from "../policies/chat/record";
import { writeAtomically } from "../store";
import { table } from "../table";
import type { EnvironmentDefinition, Policy, Split, Trajectory } from "../types";
import { version } from "../version";
import { addChatOptions, chatOptions } from "./chat-options";
import { addDataOptions, dataOptions, main, wholeNumber } from "./common";

interface Options {
  readonly policy: string;
  readonly env: string;
  readonly level?: string;
  readonly split: Split;
  readonly checkpoint: string;
  readonly device: DeviceOptions["device"];
  readonly tasks?: number;
  readonly k: number;
  readonly out?: string;
  readonly json?: boolean;
}

interface Row {
  readonly env: string;
  readonly level: string;
  readonly avg: Result;
  readonly pass: Result;
  readonly passHat: Result;
  readonly reward: Result;
  readonly turns: Result;
  readonly tokens: Result;
}

function scores(env: string, level: string, k: number, played: readonly Trajectory[]): Row {
  return {
    env,
    level,
    avg: known(() => avgAt(k)(played)),
    pass: known(() => passAt(k)(played)),
    passHat: known(() => passHat(k)(played)),
    reward: known(() => avgAt(k, { score: "reward" })(played)),
    turns: known(() => turnsPerEpisode(played)),
    tokens: known(() => tokensPerEpisode(played)),
  };
}

/** A result, or why there is none: errors can leave too few attempts. */
function known(estimate: () => Result): Result {
  try {
    return estimate();
  } catch (error) {
    return { na: (error as Error).message };
  }
}

/** Rows for all tasks, for each level, and for each value of the environment's breakdown. */
function rowsOf(definition: EnvironmentDefinition, k: number, played: readonly Trajectory[]): Row[] {
  const parts = new Map<string, Trajectory[]>([["all", [...played]]]);
  const put = (name: string, t: Trajectory) => parts.set(name, [...(parts.get(name) ?? []), t]);
  for (const level of Object.keys(definition.levels))
    played.filter((t) => t.task.level === level).forEach((t) => put(level, t));
  const { breakdown } = definition;
  if (breakdown) {
    const named = played.map((t) => ({ t, name: `${breakdown} ${t.task.params[breakdown]}` }));
    named.sort((a, b) => (a.name < b.name ? -1 : 1)).forEach(({ t, name }) => put(name, t));
  }
  return [...parts].map(([level, part]) => scores(definition.id, level, k, part));
}

function print(rows: readonly Row[], k: number): string {
  const plain = { unit: "", scale: 1 } as const;
  return table(rows, [
    { key: "env", kind: "label" },
    { key: "level", kind: "label" },
    { key: "avg", title: "success", metric: `avg@${k}`, threshold: "success" },
    { key: "pass", title: "solved once", metric: `pass@${k}` },
    { key: "passHat", title: "solved always", metric: `pass^${k}` },
    { key: "reward", title: "reward", metric: `avg@${k}` },
    { key: "turns", ...plain },
    { key: "tokens", ...plain },
  ]).toText();
}

/** What an evaluation is called in its folder: all that its result depends on. */
function nameOf(
  policy: Policy,
  definition: EnvironmentDefinition,
  { split, level, k }: Options,
  tasks: number,
): string {
  const prompt = policy instanceof ChatPolicy ? [definition.prompt.version] : [];
  return [policy.id, definition.id, definition.version, ...prompt, split, level ?? "all", tasks, k].join("-");
}

async function evaluateOn(definition: EnvironmentDefinition, policy: Policy, options: Options): Promise<Row[]> {
  const { k, out, split, level } = options;
  const levels = Object.keys(definition.levels);
  if (level && !levels.includes(level)) throw notAccepted("--level", level, levels);
  const tasks = definition.tasks({ split, level }).slice(0, options.tasks);
  const name = nameOf(policy, definition, options, tasks.length);
  const file = out && path.join(out, `${name}.jsonl`);
  const costs = out && policy instanceof ChatPolicy ? new CostRecord(out, name, policy, definition.id) : undefined;
  if (out && policy instanceof ChatPolicy) {
    const { id, settings, source } = policy;
    const about = { policy: id, settings, source, env: definition.id, version: definition.version, heldout: version };
    const run = { ...about, prompt: definition.prompt.version, split, level: level ?? null, tasks: tasks.length, k };
    writeAtomically(path.join(out, `${name}.settings.json`), JSON.stringify(run, null, 2) + "\n");
  }
  const bar = options.json ? undefined : progress(`${options.policy} on ${definition.id}`, tasks.length * k);
  let played: Trajectory[];
  try {
    played = await evaluate(definition, policy, tasks, {
      k,
      file,
      onProgress(done) {
        costs?.save();
        bar?.update(done, policy instanceof ChatPolicy ? watched(policy) : undefined);
      },
    });
  } finally {
    costs?.save(true);
    await bar?.stop();
  }
  const errors = played.filter((t) => t.outcome === "error");
  if (errors.length === played.length)
    throw new InfrastructureError(
      `all ${played.length} episodes ended in an error, the last one: ${errors.at(-1)?.error}`,
    );
  if (errors.length > 0)
    console.error(`${errors.length} of ${played.length} episodes ended in an error; the same command plays them again`);
  const rows = rowsOf(definition, k, played);
  if (out) writeAtomically(path.join(out, `${name}.scores.json`), JSON.stringify(rows, null, 2) + "\n");
  return rows;
}

/** Beside the bar: what a chat model has cost so far. */
function watched({ costs }: ChatPolicy): Record<string, number | string> {
  const { tokens, usd, cached } = costs.report().total;
  return { tokens: tokens.input + tokens.output, ...(cached && { cached }), USD: usd === null ? "?" : usd.toFixed(4) };
}

/** In words, what a chat model has cost. */
function costText({ costs }: ChatPolicy): string {
  const { calls, cached, elsewhere, tokens, estimated, seconds, usd } = costs.report().total;
  const parts = [
    `${calls} calls, ${cached} answers from the cache`,
    `${tokens.input} tokens in, ${tokens.output} out${estimated ? ` (estimated in ${estimated} calls)` : ""}`,
    `${seconds.toFixed(0)} s of waiting`,
    usd === null ? `price of ${costs.model} not known (data/prices.json)` : `${usd.toFixed(4)} US dollars`,
  ];
  const warning =
    `\n${elsewhere} answers come from the cache and were given by another address. If that was another model ` +
    `of the same name, tell them apart with --revision.`;
  return parts.join("; ") + (elsewhere ? warning : "");
}

async function run(): Promise<void> {
  const command = new Command("npm run evaluate --")
    .description("Evaluates a policy on tasks of an environment and prints a table of estimates.")
    .addOption(new Option("--policy <name>", "who acts").choices([...POLICIES, "chat"]).default("pocket"))
    .option("--checkpoint <file>", "of the pocket policy: a file, or the name of a shipped base", "small")
    .addOption(
      new Option("--device <name>", "of the pocket policy; without a GPU the CPU is used")
        .choices(DEVICES)
        .default("cpu"),
    )
    .option("--env <ids>", "environment, several separated by commas, or all", "textcraft")
    .option("--level <level>", "only tasks of this level")
    .addOption(new Option("--split <split>", "which tasks").choices(["test", "train", "demonstration"]).default("test"))
    .option("--tasks <n>", "the first n tasks (default: all)", wholeNumber("--tasks"))
    .option("--k <n>", "attempts per task", wholeNumber("--k"), 8)
    .option("--out <folder>", "keep the trajectories and the table there; an interrupted evaluation resumes")
    .option("--json", "print the rows as JSON");
  const options: Options = addChatOptions(addDataOptions(command)).parse().opts();
  const ids = options.env === "all" ? environments.map(({ id }) => id) : options.env.split(",");
  const definitions = await Promise.all(ids.map((id) => openEnvironment(id, dataOptions(command.opts()))));
  const chat = options.policy === "chat" ? new ChatPolicy(chatOptions(command.opts())) : undefined;
  const policy = chat ?? (await openPolicy(options.policy, options.checkpoint, { device: options.device }));
  const interrupt = () => chat?.stop("interrupted");
  if (chat) process.once("SIGINT", interrupt);
  const rows: Row[] = [];
  try {
    for (const definition of definitions) rows.push(...(await evaluateOn(definition, policy, options)));
  } finally {
    process.off("SIGINT", interrupt);
    if (chat) console.error(costText(chat));
  }
  console.log(options.json ? JSON.stringify(rows) : print(rows, options.k));
}

if (require.main === module) main(run);
