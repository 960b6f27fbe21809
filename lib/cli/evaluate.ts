/** `npm run evaluate`: avg@k, pass@k, turns and tokens of a policy on test tasks, with intervals. */
import { Command, Option } from "commander";
import path from "node:path";
import { openEnvironment } from "../environments/open";
import { notAccepted } from "../errors";
import { evaluate } from "../evaluate";
import { avgAt, passAt, passHat, tokensPerEpisode, turnsPerEpisode } from "../metrics";
import type { Result } from "../metrics";
import { progress } from "../notebook/progress";
import { openPolicy, POLICIES } from "../policies";
import { writeAtomically } from "../store";
import { table } from "../table";
import type { EnvironmentDefinition, Split, TaskSpec, Trajectory } from "../types";
import { addDataOptions, dataOptions, main, wholeNumber } from "./common";

interface Options {
  readonly policy: string;
  readonly env: string;
  readonly level?: string;
  readonly split: Split;
  readonly checkpoint: string;
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
    avg: avgAt(k)(played),
    pass: passAt(k)(played),
    passHat: passHat(k)(played),
    reward: avgAt(k, { score: "reward" })(played),
    turns: turnsPerEpisode(played),
    tokens: tokensPerEpisode(played),
  };
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

async function run(): Promise<void> {
  const command = new Command("npm run evaluate --")
    .description("Evaluates a policy on tasks of an environment and prints a table of estimates.")
    .addOption(new Option("--policy <name>", "who acts").choices([...POLICIES]).default("pocket"))
    .option("--checkpoint <file>", "of the pocket policy: a file, or the name of a shipped base", "small")
    .option("--env <id>", "environment", "textcraft")
    .option("--level <level>", "only tasks of this level")
    .addOption(new Option("--split <split>", "which tasks").choices(["test", "train", "demonstration"]).default("test"))
    .option("--tasks <n>", "the first n tasks (default: all)", wholeNumber("--tasks"))
    .option("--k <n>", "attempts per task", wholeNumber("--k"), 8)
    .option("--out <folder>", "keep the trajectories and the table there; an interrupted evaluation resumes")
    .option("--json", "print the rows as JSON");
  const options: Options = addDataOptions(command).parse().opts();
  const definition = await openEnvironment(options.env, dataOptions(command.opts()));
  const levels = Object.keys(definition.levels);
  if (options.level && !levels.includes(options.level)) throw notAccepted("--level", options.level, levels);
  const all: readonly TaskSpec[] = definition.tasks({ split: options.split, level: options.level });
  const policy = await openPolicy(options.policy, options.checkpoint);
  const tasks = all.slice(0, options.tasks);
  const name = [
    policy.id,
    definition.id,
    definition.version,
    options.split,
    options.level ?? "all",
    tasks.length,
    options.k,
  ];
  const file = options.out && path.join(options.out, `${name.join("-")}.jsonl`);
  const bar = options.json ? undefined : progress(`${options.policy} on ${definition.id}`, tasks.length * options.k);
  const played = await evaluate(definition, policy, tasks, {
    k: options.k,
    file,
    onProgress: (done) => bar?.update(done),
  });
  await bar?.stop();
  const rows = rowsOf(definition, options.k, played);
  if (options.out)
    writeAtomically(path.join(options.out, `${name.join("-")}.scores.json`), JSON.stringify(rows, null, 2) + "\n");
  console.log(options.json ? JSON.stringify(rows) : print(rows, options.k));
}

if (require.main === module) main(run);
