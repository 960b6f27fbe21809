/** Tables about a study as a whole: what was fixed before it, and which tasks its base finds hard. */
import { environment } from "../environments";
import { mean } from "../metrics";
import { table } from "../table";
import type { Table } from "../table";
import { levelAgreement, splitBySuccess } from "./difficulty";
import type { PolicyRecord, StudyRecords } from "./records";
import { seedWords } from "./record-results";
import type { TurnLimits } from "../training/turn-limits";

const turns = (limits: TurnLimits | null, env: string) =>
  String(limits !== null && typeof limits === "object" && !Array.isArray(limits) ? limits[env as never] : limits);

/** What was the same for all policies, one row per setting. */
export function studySettingsTable({ manifest, records }: StudyRecords): Table {
  const trained = records.filter(({ stages }) => stages.length > 0);
  const each = (of: (record: PolicyRecord) => string) => [...new Set(trained.map(of))].join("; ");
  const last = ({ stages }: PolicyRecord) => stages[stages.length - 1].settings;
  const alone = (env: string) => trained.find(({ name }) => name === env || name.startsWith(`${env}/`));
  const rows = {
    "starts from": `base ${records[0].base.name} (${records[0].base.hash})`,
    profile: manifest.profile,
    policies: `${records.length}, ${seedWords(records)}`,
    "training steps of a stage": each((record) =>
      String(last(record).schedule.reduce((sum, { steps }) => sum + steps, 0)),
    ),
    "episodes per step": each((record) => `${last(record).tasksPerStep} tasks x ${last(record).groupSize} attempts`),
    "objective, peak learning rate": each((record) => `${last(record).estimator}, ${last(record).learningRate}`),
    "KL coefficient": each((record) => String(last(record).klCoefficient)),
    ...Object.fromEntries(
      manifest.tests.map(({ env, tasks, k, maxTurns }) => {
        const training = alone(env);
        const limit = training ? `, ${turns(last(training).maxTurns, env)} while training` : "";
        return [environment(env).title, `${tasks} test tasks x ${k} attempts, ${maxTurns} turns${limit}`];
      }),
    ),
  };
  return table(
    Object.entries(rows).map(([setting, value]) => ({ setting, value })),
    [
      { key: "setting", kind: "label" },
      { key: "value", kind: "label" },
    ],
  );
}

/**
 * Easy and hard by the environments' levels beside easier and harder by the base's own success on the same test tasks, as
 * the paper divides them: how many tasks fall where.
 */
export function difficultyTable(records: readonly PolicyRecord[]): Table {
  const tests = records.filter(({ name }) => name === "base").flatMap((record) => record.tests);
  const rates = (env: string) => new Set(tests.filter((t) => t.env === env).map((t) => mean(t.success))).size;
  const divided = tests.filter(({ env, level }) => rates(env) > 1 && (level === "easy" || level === "hard"));
  const rows = levelAgreement(splitBySuccess(divided)).map(({ env, counts, agreement, kappa }) => ({
    env: environment(env).title,
    easyEasier: counts.easy.easier,
    easyHarder: counts.easy.harder,
    hardEasier: counts.hard.easier,
    hardHarder: counts.hard.harder,
    same: `${Math.round(100 * agreement)} %`,
    kappa: kappa.toFixed(2),
  }));
  return table(
    rows,
    [
      { key: "env", title: "", kind: "label" },
      { key: "easyEasier", title: "easy, easier for the base", kind: "count" },
      { key: "easyHarder", title: "easy, harder for the base", kind: "count" },
      { key: "hardEasier", title: "hard, easier for the base", kind: "count" },
      { key: "hardHarder", title: "hard, harder for the base", kind: "count" },
      { key: "same", title: "divided alike", kind: "label" },
      { key: "kappa", title: "Cohen's kappa", kind: "label" },
    ],
    { caption: "Test tasks by both definitions of difficulty" },
  );
}
