import { describe, expect, it } from "vitest";
import { CLAIM_MEASURES } from "../../lib/experiments/claim-measures";
import { claimRows, claimsSentence, claimsTable, judgeClaim } from "../../lib/experiments/claims-results";
import type { EnvironmentFeatures } from "../../lib/experiments/environment-features";
import type { PolicyRecord } from "../../lib/experiments/records";
import { paper } from "../../lib/papers";
import { synthetic, wholeStudy } from "./synthetic";

const estimate = (low: number, high: number) => ({ value: (low + high) / 2, low, high, n: 96, k: 4, method: "95 % t" });
const claim = (expect: "up" | "down" | "none", unit: "%" | "turns" | "correlation" = "%") => ({
  expect,
  unit,
  margin: 5,
});

// What babyai shares with nothing else, and what all others share: as transfer is in the made-up study.
const features = ["textcraft", "babyai", "alfworld", "webshop", "searchqa"].map((env): EnvironmentFeatures => {
  const shared = env === "babyai" ? ["far"] : ["near"];
  return {
    env,
    actionWords: shared,
    observationWords: shared,
    listed: env === "babyai" ? 1 : 0,
    rewardDensity: 0.2,
    turns: 5,
    characters: 100,
  };
});

describe("the verdict on a claim", () => {
  it("rests on the interval, not on the value", () => {
    expect(judgeClaim(claim("up"), estimate(0.01, 0.2)).verdict).toBe("agrees");
    expect(judgeClaim(claim("up"), estimate(-0.2, -0.01)).verdict).toBe("disagrees");
    expect(judgeClaim(claim("up"), estimate(-0.01, 0.4)).verdict).toBe("not decidable");
    expect(judgeClaim(claim("down"), estimate(-0.2, -0.01)).verdict).toBe("agrees");
    expect(judgeClaim(claim("down", "turns"), estimate(1, 2)).verdict).toBe("disagrees");
  });

  it("on 'no difference' needs an interval within the margin, or wholly beyond it", () => {
    expect(judgeClaim(claim("none"), estimate(-0.04, 0.03)).verdict).toBe("agrees");
    expect(judgeClaim(claim("none"), estimate(0.06, 0.2)).verdict).toBe("disagrees");
    expect(judgeClaim(claim("none"), estimate(0.01, 0.07)).verdict).toBe("not decidable");
    expect(judgeClaim(claim("none"), estimate(0.01, 0.07)).why).toContain("reaches beyond 5 points");
  });

  it("says what could have been seen where nothing is decided", () => {
    // Half a width of 9.8 points is 5 standard errors of 1.96; 2.8 of them are seen with 80 % power.
    expect(judgeClaim(claim("up"), estimate(-0.049, 0.049)).why).toBe(
      "the interval covers 0; with 80 % power this study sees 7.0 points or more",
    );
    expect(judgeClaim(claim("up", "correlation"), estimate(-0.49, 0.49)).why).toContain("0.70 of correlation");
  });

  it("is open where there is no number, too few tasks, no variation or no end", () => {
    expect(judgeClaim(claim("up"), { na: "not run" })).toEqual({ verdict: "not decidable", why: "not run" });
    expect(judgeClaim(claim("up"), estimate(0.1, 0.1)).why).toBe("no variation in our sample");
    expect(judgeClaim(claim("up"), { ...estimate(0.1, 0.2), n: 12 }).why).toBe(
      "12 tasks are too few for a verdict, accepted: from 30",
    );
    expect(judgeClaim(claim("up"), estimate(-Infinity, Infinity)).why).toBe("the interval has no end");
  });
});

describe("the claims of the paper", () => {
  it("each name what would decide them and a measure that exists, or none", () => {
    const { claims } = paper("2603.12011");
    expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
    for (const { measure, margin, expect: expected } of claims) {
      if (measure !== null) expect(Object.keys(CLAIM_MEASURES)).toContain(measure);
      expect(margin === null).toBe(expected !== "none");
    }
  });

  it("agree with a study in which they hold", async () => {
    const rows = await claimRows(wholeStudy({ noise: true, tasks: 15, k: 24 }), features);
    const open = ["downstream-gain", "semantic-shift", "interface-shift"];
    for (const { claim, verdict, why } of rows)
      if (!open.includes(claim.id)) expect([claim.id, verdict, why]).toEqual([claim.id, "agrees", why]);
    for (const id of ["semantic-shift", "interface-shift"])
      expect(rows.find((row) => row.claim.id === id)!.ours).toHaveProperty("value", expect.any(Number));
  });

  it("do not agree with a study in which they fail", async () => {
    const rows = await claimRows(wholeStudy({ noise: true, tasks: 15, k: 24, holds: false }), features);
    // Where training alone does harm, whatever comes before it can only help.
    const agreeing = rows.filter(({ verdict }) => verdict === "agrees").map(({ claim }) => claim.id);
    expect(agreeing.filter((id) => id !== "downstream-gain")).toEqual([]);
    expect(rows.filter(({ verdict }) => verdict === "disagrees").length).toBeGreaterThan(12);
  });

  it("on failure modes use the seeds that have labels", () => {
    const measure = (records: PolicyRecord[]) => CLAIM_MEASURES["confirmation-bias"](records, features);
    const records = wholeStudy({ seeds: [1, 2] });
    const unlabelled = records.map((record): PolicyRecord => {
      const tests = record.tests.map((test) => ({ ...test, failures: undefined }));
      return record.seed === 1 ? { ...record, tests } : record;
    });
    expect(measure(unlabelled)).toEqual(measure(records.filter(({ seed }) => seed !== 1)));
    expect(measure(unlabelled.filter(({ seed }) => seed === 1))).toHaveProperty("na");
  });

  it("stay open with the reason where records lack what they are about", async () => {
    const base = synthetic({ base: { textcraft: 0.5 } });
    const rows = await claimRows(base);
    expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(["not decidable"]));
    expect(rows.map(({ why }) => why)).toContain("no policy was trained on babyai and tested on webshop");
    expect(await claimsSentence(base)).toContain("0 agree, 0 disagree");
    const table = await claimsTable(base);
    expect(table.toMarkdown()).toContain("not decidable");
    expect(table.toLatex()).toContain("\\toprule");
  });
});
