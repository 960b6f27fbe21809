import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dataFile } from "../../lib/data";
import { environment, environments } from "../../lib/environments";
import { loadCheckpoint, modelHash } from "../../lib/pocket/checkpoint";
import { SIZES } from "../../lib/pocket/model";
import type { Size } from "../../lib/pocket/model";
import { checkpointFile } from "../../lib/policies";
import { BASES, baseRecord } from "../../lib/training/base";
import type { BaseScore } from "../../lib/training/base-scores";
import { nameCopying } from "../../lib/training/name-copying";

const read = (size: Size, file: string) => JSON.parse(readFileSync(dataFile("base", size, file), "utf8"));

const shipped = (Object.keys(SIZES) as Size[]).filter((size) => existsSync(dataFile("base", size)));

describe.each(shipped)("the shipped base %s", (size) => {
  const { model } = loadCheckpoint(checkpointFile(size));

  it("is the model that its settings name", () => {
    const record = read(size, "settings.json");
    expect(record.hash).toBe(modelHash(model));
    expect(record).toEqual({ ...JSON.parse(JSON.stringify(baseRecord(BASES[size], model))), version: record.version });
  });

  it("has some skill in every environment, more on easy tasks, and room to grow", () => {
    const scores: BaseScore[] = read(size, "scores.json");
    for (const { id } of environments) {
      const [easy, hard] = ["easy", "hard"].map(
        (level) => scores.find((row) => row.env === id && row.level === level)!.avg8.value,
      );
      expect((easy + hard) / 2, id).toBeGreaterThan(0.1);
      expect((easy + hard) / 2, id).toBeLessThan(0.6);
      expect(easy, id).toBeGreaterThan(hard);
    }
  });

  it.each(environments.map(({ id }) => id))("copies names of %s that it was never trained on", async (id) => {
    const definition = environment(id);
    const rows = await nameCopying(model, definition, definition.tasks({ split: "test", level: "easy" }).slice(0, 12));
    const invented = rows.map((row) => row.invented);
    expect(invented.reduce((a, b) => a + b, 0) / invented.length).toBeGreaterThan(0.5);
  });
});
