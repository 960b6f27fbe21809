/**
 * What a GRPO step costs in every environment, where its CPU seconds go, its memory, and the same work in PyTorch.
 * Groups without signal are not trained on: `trainSeconds` is near 0 where the shipped policy never succeeds.
 */
import { environment, environments } from "../../lib/environments";
import { loadCheckpoint } from "../../lib/pocket/checkpoint";
import type { PocketModel } from "../../lib/pocket/model";
import { initialModel, SIZES } from "../../lib/pocket/model";
import { PocketPolicy } from "../../lib/pocket/policy";
import { checkpointFile } from "../../lib/policies";
import { single } from "../../lib/schedules";
import { demonstrationStream } from "../../lib/training/demonstrations";
import { playGroups } from "../../lib/training/episodes";
import { trainSettings } from "../../lib/training/settings";
import { train } from "../../lib/training/trainer";
import type { Trajectory } from "../../lib/types";
import { costs } from "./cost";
import { againstPyTorch } from "./pytorch";

const STEPS = 3;

function cpuSeconds(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/** CPU seconds of the environments alone: the actions of the trajectories once more. */
async function replaySeconds(trajectories: readonly Trajectory[]): Promise<number> {
  const before = process.cpuUsage();
  for (const { task, turns } of trajectories) {
    const definition = environment(task.env);
    const live = definition.create();
    await live.reset(task);
    for (const { reply } of turns) {
      const { error, action } = definition.parse(reply);
      if (error === undefined) await live.step(action);
    }
    live.close();
  }
  return cpuSeconds(before);
}

/** Means over all steps but the first; the parts of a step by their share of its wall time. */
async function stepCost(model: PocketModel, env: string): Promise<Record<string, number>> {
  const options = { schedule: single({ env }, STEPS), seed: 1 };
  const settings = trainSettings(model, options);
  const policy = await PocketPolicy.open("bench", model, settings);
  const tasks = environment(env).tasks({ split: "train" }).slice(0, settings.tasksPerStep);
  const groups = tasks.map((task, place) => ({ task, place }));
  const episodes = await playGroups(policy, settings, 0, groups);
  await policy.release();
  const environmentSeconds = await replaySeconds(episodes.map((e) => e.trajectory));

  let [step, play, learn] = [0, 0, 0];
  let [first, last] = [0, 0];
  let before: NodeJS.CpuUsage | undefined;
  let started = 0;
  for await (const { seconds } of train(model, options)) {
    last = process.memoryUsage().rss;
    if (before) {
      const cpu = cpuSeconds(before);
      const share = 1000 / (performance.now() - started);
      step += cpu / (STEPS - 1);
      play += (cpu * seconds.play * share) / (STEPS - 1);
      learn += (cpu * seconds.learn * share) / (STEPS - 1);
    } else {
      first = last;
    }
    before = process.cpuUsage();
    started = performance.now();
  }
  const tokens = episodes.reduce((sum, e) => sum + e.tokens.length, 0);
  return {
    secondsPerStep: step,
    environmentSeconds,
    decodeSeconds: play - environmentSeconds,
    trainSeconds: learn,
    otherSeconds: step - play - learn,
    tokensPerEpisode: tokens / episodes.length,
    tokensPerSecond: tokens / step,
    memoryGrowthMegabytesPerStep: (last - first) / (STEPS - 1) / 1e6,
  };
}

export async function bench(): Promise<Record<string, number>> {
  const { model } = loadCheckpoint(checkpointFile("small"));
  const fresh = initialModel(SIZES.small, model.tokenizer, "bench");
  const source = [{ definition: environment("textcraft"), weight: 1 }];
  const stream = demonstrationStream(source, model.tokenizer, model.config.context, "bench");
  const sequences = Array.from({ length: 64 }, () => ({ ...stream.next().value, weight: 1 }));
  const results: Record<string, number> = await againstPyTorch(model, fresh, sequences);
  for (const { id } of environments) {
    for (const [key, value] of Object.entries(await stepCost(model, id))) results[`train.${id}.${key}`] = value;
  }
  results["train.peakMemoryMegabytes"] = (process.resourceUsage().maxRSS * 1024) / 1e6;
  return { ...results, ...(await costs(model.tokenizer)) };
}
