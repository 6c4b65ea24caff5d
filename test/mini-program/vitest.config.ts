import { defineConfig } from "vitest/config";

// The host for tests comes from source; what is tested comes from the tarball.
const resolve = { conditions: ["@miniprivacy/source"] };

export default defineConfig({
  resolve,
  ssr: { resolve },
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
