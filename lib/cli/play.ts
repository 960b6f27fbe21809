/** `npm run play`: a task by hand in the terminal, or scripted actions as JSON lines. */
import { Command } from "commander";
import * as fs from "node:fs";
import readline from "node:readline";
import { openEnvironment } from "../environments/open";
import type { DataOptions } from "../environments/open";
import type { EnvironmentDefinition, Observation } from "../types";
import { addDataOptions, dataOptions, main } from "./common";

interface BatchLine {
  readonly env: string;
  readonly task: number | string | { readonly file: string };
  readonly actions: readonly string[];
}

/** Plays one line's actions as they are, without parsing, and reports what the environment's server would return. */
export async function playLine(definition: EnvironmentDefinition, line: BatchLine) {
  const environment = definition.create();
  try {
    const initial = await environment.reset(taskOf(definition, line.task));
    const steps = [];
    for (const action of line.actions) {
      const { observation, reward, done, success, valid } = await environment.step(action);
      steps.push({ action, observation: observation.text, reward, done, success, valid, ...available(observation) });
    }
    return { env: line.env, task: line.task, initial: initial.text, ...available(initial), steps };
  } finally {
    environment.close();
  }
}

const available = (observation: Observation) => (observation.actions ? { available: observation.actions } : {});

function taskOf(definition: EnvironmentDefinition, task: BatchLine["task"]) {
  if (typeof task !== "object") return definition.task(task);
  if (!definition.fileTask) throw new RangeError(`${definition.id} has no tasks that are files`);
  if (typeof task?.file !== "string")
    throw new RangeError(`a task is a number, an id or {"file": …}, got ${JSON.stringify(task)}`);
  return definition.fileTask(task.file);
}

const areTexts = (actions: unknown) => Array.isArray(actions) && actions.every((action) => typeof action === "string");

async function batch(file: string, options: DataOptions): Promise<void> {
  const opened = new Map<string, Promise<EnvironmentDefinition>>();
  const open = (env: string) => {
    if (!opened.has(env)) opened.set(env, openEnvironment(env, options));
    return opened.get(env)!;
  };
  const input = file === "-" ? process.stdin : fs.createReadStream(file);
  for await (const text of readline.createInterface({ input, crlfDelay: Infinity })) {
    if (!text.trim()) continue;
    let line: Partial<BatchLine> = {};
    let answer: unknown;
    try {
      line = (JSON.parse(text) as Partial<BatchLine> | null) ?? {};
      if (!line.env || line.task === undefined || !areTexts(line.actions)) {
        throw new RangeError(`a line needs {"env": …, "task": …, "actions": […]}, got ${text.slice(0, 200)}`);
      }
      answer = await playLine(await open(line.env), line as BatchLine);
    } catch (error) {
      answer = { env: line.env, task: line.task, error: (error as Error).message };
      process.exitCode = 1;
    }
    process.stdout.write(JSON.stringify(answer) + "\n");
  }
}

async function byHand(env: string, task: string, options: DataOptions): Promise<void> {
  const definition = await openEnvironment(env, options);
  const spec = definition.task(/^\d+$/.test(task) ? Number(task) : task);
  const environment = definition.create();
  const show = (observation: Observation, turn: number) =>
    console.log(`\n${definition.render?.(observation, turn) ?? observation.text}\n`);
  console.log(`${definition.title}, task ${spec.id} (${spec.level}). An empty line ends the game.`);
  show(await environment.reset(spec), 0);
  const terminal = readline.createInterface({ input: process.stdin, output: process.stdout, prompt: "> " });
  terminal.prompt();
  let turn = 0;
  for await (const action of terminal) {
    if (!action) break;
    const step = await environment.step(action);
    show(step.observation, ++turn);
    if (step.success || step.done) {
      console.log(`reward ${step.reward} after ${turn} turns`);
      break;
    }
    terminal.prompt();
  }
  terminal.close();
  environment.close();
}

async function run(): Promise<void> {
  const command = new Command("npm run play --")
    .description("Play a task by hand, or scripted actions from a file.")
    .option("--env <id>", "environment", "textcraft")
    .option("--task <id>", "the original's number of a task, or one of our ids", "0")
    .option("--batch <file>", 'JSON lines {env, task, actions} from a file or "-"; answers one line each');
  const { env, task, batch: file, ...options } = addDataOptions(command).parse().opts();
  if (file) await batch(file, dataOptions(options));
  else await byHand(env, task, dataOptions(options));
}

if (require.main === module) main(run);
