/** Held-out tests of a policy: the outcomes as a small file that is whole or absent, the episodes compressed beside it. */
import * as fs from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { environment } from "../environments";
import { evaluate } from "../evaluate";
import { diagnose, modesOf } from "../failures/diagnose";
import { loadCheckpoint, modelHash } from "../pocket/checkpoint";
import { PocketPolicy } from "../pocket/policy";
import { fold, generator } from "../random";
import { settingsHash, writeAtomically } from "../store";
import type { TaskSpec, Trajectory } from "../types";
import type { TaskResult } from "./records";
import type { Timing } from "./timings";

export interface EvaluationPlan {
  readonly env: string;
  readonly tasks: readonly string[];
  readonly k: number;
  readonly maxTurns: number;
  readonly temperature: number;
  readonly maxReplyTokens: number;
  /** Key of the attempts' randomness. Default: the one that all tests share, so that policies compare in pairs. */
  readonly key?: string;
}

/** Episodes played side by side. */
const WAVE = 64;

/** A fixed choice of at most `count` tasks, in their own order; a smaller choice is part of a greater one. */
export function sample(tasks: readonly TaskSpec[], count: number): readonly TaskSpec[] {
  if (tasks.length <= count) return tasks;
  const shuffled = generator(fold("test tasks", tasks[0].id, tasks.length)).shuffle(tasks);
  const chosen = new Set(shuffled.slice(0, count));
  return tasks.filter((task) => chosen.has(task));
}

/** Where an evaluation's outcomes are kept; the name is a hash of everything that determines them but the policy. */
export function testFile(folder: string, plan: EvaluationPlan): string {
  const identity = { ...plan, version: environment(plan.env).version };
  return path.join(folder, `test-${plan.env}-${settingsHash(identity)}.json`);
}

/** The outcomes of a finished evaluation, or undefined. */
export function testResults(folder: string, plan: EvaluationPlan): TaskResult[] | undefined {
  const file = testFile(folder, plan);
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : undefined;
}

/** The episodes of a finished evaluation with all their text; throws where there is none. */
export function testTrajectories(folder: string, plan: EvaluationPlan): Trajectory[] {
  const lines = gunzipSync(fs.readFileSync(`${testFile(folder, plan)}l.gz`)).toString("utf8");
  return lines
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** Plays what is missing of an evaluation. */
export async function runTests(
  folder: string,
  checkpoint: string,
  plan: EvaluationPlan,
  report: (done: number, total: number) => void,
  time: (row: Timing) => void,
): Promise<void> {
  const file = testFile(folder, plan);
  if (fs.existsSync(file)) return;
  const definition = environment(plan.env);
  const { model } = loadCheckpoint(checkpoint);
  const policy = await PocketPolicy.open(modelHash(model), model, plan);
  const tasks = plan.tasks.map((id) => definition.task(id));
  const [began, total] = [performance.now(), tasks.length * plan.k];
  let first: number | undefined;
  const onProgress = (done: number) => {
    first ??= done;
    report(done, total);
  };
  const lines = `${file}l`;
  const played = await evaluate(definition, policy, tasks, { ...evaluation(plan), file: lines, onProgress });
  await policy.release();
  const broken = played.filter((t) => t.outcome === "error");
  if (broken.length > 0) throw new Error(`${broken.length} test episodes failed, the first: ${broken[0].error}`);
  if (first !== undefined && first <= WAVE)
    time({ kind: "test", env: plan.env, episodes: total, seconds: (performance.now() - began) / 1e3 });
  writeAtomically(`${lines}.gz`, gzipSync(fs.readFileSync(lines)));
  writeAtomically(file, JSON.stringify(taskResults(played)) + "\n");
  fs.rmSync(lines);
}

function evaluation({ k, maxTurns, key }: EvaluationPlan) {
  return { k, maxTurns, wave: WAVE, ...(key !== undefined && { key }) };
}

/** Rewards of some environments carry the noise of binary fractions. */
const rounded = (value: number) => Number(value.toFixed(6));

/** Episodes in the order of tasks and attempts as outcomes per task. */
export function taskResults(played: readonly Trajectory[]): TaskResult[] {
  const byTask = new Map<string, Trajectory[]>();
  for (const t of played) byTask.set(t.task.id, [...(byTask.get(t.task.id) ?? []), t]);
  return [...byTask.values()].map((attempts) => {
    const { task } = attempts[0];
    const { breakdown } = environment(task.env);
    return {
      env: task.env,
      task: task.id,
      level: task.level,
      ...(breakdown && { part: String(task.params[breakdown]) }),
      success: attempts.map((t) => (t.outcome === "success" ? 1 : 0)),
      reward: attempts.map((t) => rounded(t.reward)),
      turns: attempts.map((t) => t.turns.length),
      tokens: attempts.map((t) => t.turns.reduce((sum, turn) => sum + (turn.tokens?.output ?? 0), 0)),
      invalid: attempts.map((t) => t.turns.filter((turn) => !turn.valid).length),
      failures: attempts.map((t) => modesOf(diagnose(t))),
    };
  });
}
