import { defineConfig } from "vitest/config";

/** `npm run test:lab`: figures in a real JupyterLab in a real browser; needs Python, JupyterLab and Chromium. */
export default defineConfig({
  test: { include: ["tests/lab/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 180_000 },
});
