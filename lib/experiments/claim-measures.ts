/** One number per claim of the paper, from records: what decides it. Differences are paired by task where they can be. */
import { bwt, derive, isEstimate, mean } from "../metrics";
import type { Cell, Result } from "../metrics";
import { heldRows, trainedAlone, transferStudy } from "./cross-results";
import type { EnvironmentFeatures } from "./environment-features";
import { orderPairs } from "./order-results";
import { difference, levelsOf, recordCell, testedEnvironments } from "./record-results";
import type { Measure, Records } from "./record-results";
import { jointPolicy, sequencesOf, stageCells } from "./sequential-results";
import { shiftRows } from "./shift-results";
import { regimePolicy } from "./within-results";

export type ClaimMeasure = (records: Records, features: readonly EnvironmentFeatures[]) => Result;

/** Before and after on one kind of tasks. */
type Pair = readonly [Cell | undefined, Cell | undefined];

/** The mean change over all pairs that are complete; n/a where none is. */
function meanChange(pairs: readonly Pair[], missing: string): Result {
  const complete = pairs.filter((pair): pair is readonly [Cell, Cell] => pair.every((cell) => cell !== undefined));
  if (complete.length === 0) return { na: missing };
  return difference(
    complete.map(([before]) => before),
    complete.map(([, after]) => after),
  ).change;
}

/** A regime against another (or the base) in every environment, on the easier or harder tasks or on all. */
function regimes(
  records: Records,
  before: string,
  after: string,
  { level, measure = "success" }: { readonly level?: "easy" | "hard"; readonly measure?: Measure } = {},
): Result {
  const [easy, hard] = levelsOf(records);
  const name = (env: string, regime: string) => (regime === "base" ? "base" : regimePolicy(records, env, regime));
  const pairs = testedEnvironments(records).map((env): Pair => {
    const place = { env, ...(level && { level: level === "easy" ? easy : hard }) };
    return [
      recordCell(records, name(env, before), place, measure),
      recordCell(records, name(env, after), place, measure),
    ];
  });
  return meanChange(pairs, `no environment has policies for "${before}" and "${after}"`);
}

/** The change on one environment after training on another. */
function transfer(records: Records, train: string, test: string): Result {
  const pair = ["base", train].map((policy) => recordCell(records, policy, { env: test }));
  return meanChange([[pair[0], pair[1]]], `no policy was trained on ${train} and tested on ${test}`);
}

function held(records: Records, train: string, key: "heldIn" | "heldOut"): Result {
  const row = trainedAlone(records).length > 0 ? heldRows(records).find((r) => r.train === train) : undefined;
  return (
    row?.[key] ?? {
      na: train === "mean" ? "no policy was trained on one environment" : `no policy was trained on ${train}`,
    }
  );
}

function heldInMinusHeldOut(records: Records): Result {
  if (trainedAlone(records).length === 0) return { na: "no policy was trained on one environment" };
  const { test, base, rows } = transferStudy(records);
  const width = test.length;
  if (width < 2) return { na: "needs a second environment" };
  const cells = [...base, ...rows.flatMap((row) => row.cells)];
  const weaker = (means: readonly number[]) => {
    const differences = rows.map(({ train }, i) => {
      const change = test.map((_, j) => means[(i + 1) * width + j] - means[j]);
      return change[test.indexOf(train)] - mean(change.filter((_, j) => test[j] !== train));
    });
    return { difference: mean(differences) };
  };
  return derive(cells, weaker).difference;
}

function shift(records: Records, features: readonly EnvironmentFeatures[], feature: "words" | "interface"): Result {
  if (trainedAlone(records).length === 0) return { na: "no policy was trained on one environment" };
  return shiftRows(records, features).find((row) => row.feature === feature)!.correlation;
}

const plain = (records: Records) => sequencesOf(records).filter(({ replay }) => replay === 0);

function downstreamGain(records: Records): Result {
  const pairs = plain(records).map(({ name, order }): Pair => {
    const last = { env: order[order.length - 1] };
    return [recordCell(records, last.env, last), recordCell(records, name, last)];
  });
  return meanChange(pairs, "no sequence whose last environment was also trained on alone");
}

function backwardTransfer(records: Records): Result {
  const studies = plain(records).map((sequence) => {
    // A sequence through half of the environments forgets those only.
    return stageCells(records, sequence).map((row) => row.slice(0, sequence.order.length));
  });
  if (studies.length === 0) return { na: "no sequence" };
  const backward = (means: readonly number[]) => {
    let at = 0;
    const values = studies.map((R) => bwt(R.map((row) => row.map(() => means[at++]))));
    return { backward: mean(values) };
  };
  return derive(studies.flat(2), backward).backward;
}

/** The greatest difference between two orders; the interval holds for all pairs at once (Bonferroni). */
function greatestOrderDifference(records: Records): Result {
  const pairs = orderPairs(records.filter(({ name }) => !name.includes("replay"))).map(({ first, second, envs }) =>
    [first, second].map(({ name }) => envs.map((env) => recordCell(records, name, { env })!)),
  );
  if (pairs.length === 0) return { na: "no two orders of the same environments" };
  const level = 1 - 0.05 / pairs.length;
  const oriented = pairs.map(([before, after]) => {
    const change = (means: readonly number[]) => {
      const n = before.length;
      return { change: mean(means.slice(n)) - mean(means.slice(0, n)) };
    };
    const found = derive([...before, ...after], change, { level }).change;
    if (!isEstimate(found) || found.value >= 0) return found;
    return { ...found, value: -found.value, low: -found.high, high: -found.low };
  });
  const known = oriented.filter(isEstimate);
  const of = (key: "value" | "low" | "high") => Math.max(...known.map((e) => e[key]));
  const method = `${known[0].method}; greatest of ${known.length} pairs of orders, 95 % for all together`;
  return { ...known[0], value: of("value"), low: of("low"), high: of("high"), method };
}

function sequenceMinusJoint(records: Records): Result {
  const pairs = plain(records).flatMap(({ name, order }) => {
    const joint = jointPolicy(records, order);
    if (joint === undefined) return [];
    return order.map((env): Pair => [recordCell(records, joint, { env }), recordCell(records, name, { env })]);
  });
  return meanChange(pairs, "no sequence with joint training on the same environments");
}

function jointMinusAlone(records: Records): Result {
  const envs = testedEnvironments(records);
  const joint = jointPolicy(records, envs);
  if (joint === undefined) return { na: "no joint training on all tested environments" };
  const pairs = trainedAlone(records).flatMap((alone) =>
    envs.map((env): Pair => [recordCell(records, alone, { env }), recordCell(records, joint, { env })]),
  );
  return meanChange(pairs, "no policy was trained on one environment");
}

/** How far confirmation bias exceeds a tenth of the failures of trained policies, where it is least common; by the seeds that have labels. */
function leastConfirmationBias(all: Records): Result {
  const records = all.filter(({ tests }) => tests.some(({ failures }) => failures));
  const alone = trainedAlone(records);
  if (alone.length === 0) return { na: "no policy of one environment whose records hold failure modes" };
  const envs = testedEnvironments(records);
  const cells = envs.map((env) =>
    alone.flatMap((policy) => recordCell(records, policy, { env }, "confirmationBias") ?? []),
  );
  if (cells.some((own) => own.length === 0)) return { na: "an environment without failures" };
  const least = (means: readonly number[]) => {
    let at = 0;
    return { excess: Math.min(...cells.map((own) => mean(own.map(() => means[at++])))) - 0.1 };
  };
  return derive(cells.flat(), least).excess;
}

/** The measures by the name that claims give. */
export const CLAIM_MEASURES: { readonly [name: string]: ClaimMeasure } = {
  "easy-to-hard": (records) => regimes(records, "base", "easy", { level: "hard" }),
  "curriculum-over-easy": (records) => regimes(records, "easy", "easy then hard"),
  "curriculum-over-hard": (records) => regimes(records, "hard", "easy then hard"),
  "fewer-turns": (records) => regimes(records, "base", "mixed", { measure: "turns" }),
  "fewer-tokens": (records) => regimes(records, "base", "mixed", { measure: "tokens" }),
  "held-in": (records) => held(records, "mean", "heldIn"),
  "held-in-minus-held-out": heldInMinusHeldOut,
  "held-out": (records) => held(records, "mean", "heldOut"),
  "babyai-webshop": (records) => transfer(records, "babyai", "webshop"),
  "babyai-held-out": (records) => held(records, "babyai", "heldOut"),
  "searchqa-webshop": (records) => transfer(records, "searchqa", "webshop"),
  "semantic-shift": (records, features) => shift(records, features, "words"),
  "interface-shift": (records, features) => shift(records, features, "interface"),
  "downstream-gain": downstreamGain,
  "backward-transfer": backwardTransfer,
  order: greatestOrderDifference,
  "sequence-minus-joint": sequenceMinusJoint,
  "joint-minus-alone": jointMinusAlone,
  "confirmation-bias": leastConfirmationBias,
};
