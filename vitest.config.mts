import { defineConfig } from "vitest/config";
import path from "node:path";

export default defineConfig({
  resolve: { alias: { heldout: path.resolve(import.meta.dirname, "lib/index.ts") } },
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/lab/**"],
    testTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
