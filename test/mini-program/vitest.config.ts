import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: "container", include: ["checks/*.test.ts"] } },
      {
        extends: true,
        test: { name: "package", include: ["package/*.test.ts"], globalSetup: "package/app.ts" },
      },
    ],
  },
});
