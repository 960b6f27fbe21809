/** The paper's claims, each with the number that decides it here, and the verdict of that number's interval. */
import { isEstimate } from "../metrics";
import type { Result } from "../metrics";
import { paper } from "../papers";
import type { Claim, Verdict } from "../papers";
import { table } from "../table";
import type { Table } from "../table";
import { CLAIM_MEASURES } from "./claim-measures";
import { trainedAlone } from "./cross-results";
import { environmentFeatures } from "./environment-features";
import type { EnvironmentFeatures } from "./environment-features";
import { seedWords, testedEnvironments } from "./record-results";
import type { Records } from "./record-results";

export interface ClaimVerdict {
  readonly verdict: Verdict;
  readonly why: string;
}

/** Points, turns, tokens or a correlation: how a claim's number is printed. */
const scaleOf = ({ unit }: Pick<Claim, "unit">) => (unit === "%" ? 100 : 1);
const unitOf = ({ unit }: Pick<Claim, "unit">) =>
  unit === "%" ? "points" : unit === "correlation" ? "of correlation" : unit;

/**
 * The verdict on a claim by the interval of what was measured, never by its value. For "up" and "down" the interval has
 * to leave out 0; for "none" it has to lie within the margin (agrees) or wholly beyond (disagrees). What is not decided
 * says what difference could have been seen with 80 % power.
 */
export function judgeClaim(claim: Pick<Claim, "expect" | "margin" | "unit">, ours: Result): ClaimVerdict {
  if (!isEstimate(ours)) return { verdict: "not decidable", why: ours.na };
  const scale = scaleOf(claim);
  const [low, high] = [ours.low * scale, ours.high * scale];
  const undecided = (why: string): ClaimVerdict => ({
    verdict: "not decidable",
    why: `${why}${powerWords(low, high, claim)}`,
  });
  const decided = (agrees: boolean, why: string): ClaimVerdict => ({ verdict: agrees ? "agrees" : "disagrees", why });
  if (!Number.isFinite(low) || !Number.isFinite(high))
    return { verdict: "not decidable", why: "the interval has no end" };
  if (ours.n < FEWEST_TASKS)
    return {
      verdict: "not decidable",
      why: `${ours.n} tasks are too few for a verdict, accepted: from ${FEWEST_TASKS}`,
    };
  if (low === high) return { verdict: "not decidable", why: "no variation in our sample" };
  if (claim.expect === "none") {
    const margin = claim.margin ?? 0;
    if (low > -margin && high < margin) return decided(true, `within ${margin} ${unitOf(claim)} of 0`);
    if (low > margin || high < -margin) return decided(false, `more than ${margin} ${unitOf(claim)} from 0`);
    return undecided(`the interval reaches beyond ${margin} ${unitOf(claim)}`);
  }
  if (low <= 0 && high >= 0) return undecided("the interval covers 0");
  const up = low > 0;
  return decided(up === (claim.expect === "up"), up ? "the interval lies above 0" : "the interval lies below 0");
}

/** Percentile intervals of fewer tasks are too narrow to be believed. */
const FEWEST_TASKS = 30;

/** The difference that 80 % power sees, from the width of a 95 % interval: 2.8 standard errors. */
function powerWords(low: number, high: number, claim: Pick<Claim, "unit">): string {
  const standardError = (high - low) / 2 / 1.96;
  const seen = (2.8 * standardError).toFixed(claim.unit === "correlation" ? 2 : 1);
  return `; with 80 % power this study sees ${seen} ${unitOf(claim)} or more`;
}

export interface ClaimRow extends ClaimVerdict {
  readonly claim: Claim;
  readonly ours: Result;
}

/** Every claim of the study with its number and verdict. `features` may be measured once and passed in. */
export async function claimRows(records: Records, features?: readonly EnvironmentFeatures[]): Promise<ClaimRow[]> {
  const measured =
    features ?? (trainedAlone(records).length > 0 ? await environmentFeatures(testedEnvironments(records)) : []);
  return paper("2603.12011").claims.map((claim) => {
    const ours = measure(claim, records, measured);
    const { verdict, why } = judgeClaim(claim, ours);
    const seeds = seedWords(records);
    const about = verdict !== "not decidable" && /^1 /.test(seeds) ? `; ${seeds}: of these policies` : "";
    return { claim, ours, verdict, why: why + about };
  });
}

function measure({ measure }: Claim, records: Records, features: readonly EnvironmentFeatures[]): Result {
  if (measure === null) return { na: "not measured here" };
  const of = CLAIM_MEASURES[measure];
  if (!of)
    throw new RangeError(`a claim names the measure "${measure}"; known: ${Object.keys(CLAIM_MEASURES).join(", ")}`);
  return of(records, features);
}

/** Claim | known numbers | what decides it | ours | verdict | why, and why sizes differ. */
export async function claimsTable(records: Records, features?: readonly EnvironmentFeatures[]): Promise<Table> {
  const rows = await claimRows(records, features);
  return table(
    rows.map(({ claim, ours, verdict, why }) => ({
      claim: claim.claim,
      known: claim.known,
      decidedBy: claim.decidedBy,
      ours: printable(ours, claim),
      unit: unitOf(claim),
      verdict,
      why,
      scale: claim.scale,
    })),
    [
      { key: "claim", title: "claim of the paper", kind: "label" },
      { key: "known", title: "known numbers", kind: "label" },
      { key: "decidedBy", title: "what decides it", kind: "label" },
      { key: "ours", unit: "", scale: 1, digits: 2, signed: true },
      { key: "unit", kind: "label" },
      { key: "verdict", kind: "label" },
      { key: "why", kind: "label" },
      { key: "scale", title: "why sizes differ", kind: "label" },
    ],
    {
      caption: `Claims of arXiv 2603.12011 and what was measured (${seedWords(records)})`,
      notes: [
        "The verdict is that of the 95 % interval: of twenty claims about nothing, one would seem decided by chance. With 1 seed it is " +
          "about these trained policies, not about training; with few seeds a 95 % interval covers the truth less often than that.",
      ],
    },
  );
}

function printable(ours: Result, claim: Claim): Result {
  if (!isEstimate(ours)) return ours;
  const scale = scaleOf(claim);
  return { ...ours, value: ours.value * scale, low: ours.low * scale, high: ours.high * scale };
}

/** How many claims agree, disagree and are open, in one sentence. */
export async function claimsSentence(records: Records, features?: readonly EnvironmentFeatures[]): Promise<string> {
  const rows = await claimRows(records, features);
  const count = (verdict: Verdict) => rows.filter((row) => row.verdict === verdict).length;
  return `Of ${rows.length} claims ${count("agrees")} agree, ${count("disagrees")} disagree and ${count("not decidable")} cannot be decided with these records (${seedWords(records)}).`;
}
