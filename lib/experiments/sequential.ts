/**
 * Experiment 3: RFT on environments one after the other, and on all of them at once.
 *
 * Each stage has the same number of steps; a joint mixture has as many in all as a sequence through its environments.
 * Sequences with the same beginning share it, down to the single environments of experiment 2.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { mean } from "../metrics";
import { fold, generator } from "../random";
import type { BaseScore } from "../training/base-scores";
import { crossChains } from "./cross";
import type { Order, SequentialSize } from "./profiles";
import { LEVELS } from "./stages";
import type { Chain, Stage } from "./stages";

/** Share of replayed tasks where a sequence replays. */
export const REPLAY = 0.25;

/**
 * Ordered pairs, first those that a smaller study is to have: the paper's WebShop and TextCraft, its negative transfer
 * from BabyAI to WebShop, two environments of one family of actions, two whose interfaces share nothing; each both ways.
 */
const PAIRS: readonly (readonly [string, string])[] = [
  ["webshop", "textcraft"],
  ["babyai", "webshop"],
  ["alfworld", "textcraft"],
  ["searchqa", "babyai"],
];

/** All ordered pairs of the environments, those of the list above first. */
export function orderedPairs(envs: readonly string[]): [string, string][] {
  const listed = PAIRS.flatMap(([a, b]): [string, string][] => [
    [a, b],
    [b, a],
  ]).filter((pair) => pair.every((env) => envs.includes(env)));
  const all = envs.flatMap((a, i) =>
    envs.slice(i + 1).flatMap((b): [string, string][] => [
      [a, b],
      [b, a],
    ]),
  );
  const known = new Set(listed.map(String));
  return [...listed, ...all.filter((pair) => !known.has(String(pair)))];
}

/**
 * Environments from the one that the base is best at to the one it is worst at, by the mean of its easy and hard scores in
 * the `scores.json` beside its checkpoint. What that does not name counts as 0; equal ones stay in the given order.
 */
export function easyFirst(envs: readonly string[], base: string): string[] {
  const file = path.join(path.dirname(base), "scores.json");
  const scores: BaseScore[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const success = (env: string) =>
    mean(LEVELS.map((level) => scores.find((row) => row.env === env && row.level === level)?.avg8.value ?? 0));
  return [...envs].sort((a, b) => success(b) - success(a));
}

/** The environments in this order. */
export function inOrder(order: Order, envs: readonly string[], base: string): string[] {
  if (order === "shuffled") return generator(fold("order of environments", ...envs)).shuffle(envs);
  return order === "easy first" ? easyFirst(envs, base) : easyFirst(envs, base).reverse();
}

/** Single environments, pairs, sequences with and without replay, and joint mixtures. */
export function sequentialChains(envs: readonly string[], size: SequentialSize, base: string): Chain[] {
  if (envs.length < 2) return crossChains(envs);
  const sequences = (orders: readonly Order[], replay?: number) =>
    orders.map((order) =>
      inOrder(order, envs, base).map((env, i): Stage => ({ envs: [env], ...(i > 0 && replay && { replay }) })),
    );
  return [
    ...crossChains(envs),
    ...orderedPairs(envs)
      .slice(0, size.pairs)
      .map((pair) => pair.map((env): Stage => ({ envs: [env] }))),
    ...sequences(size.orders),
    ...sequences(size.replayed, REPLAY),
    ...size.joint.map((shares): Chain => [{ envs, ...(shares === "proportional" && { weights: shares }) }]),
  ];
}
