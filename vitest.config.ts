import { defineConfig } from "vitest/config";

// Workspace packages are tested from source, not from what was last built.
const ssr = { resolve: { conditions: ["@miniprivacy/source"] } };
const limits = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    reporters: ["default", "./test/support/closing-line.ts"],
    projects: [
      {
        ssr,
        test: {
          name: "core",
          include: ["packages/core/src/**/*.test.ts"],
          setupFiles: ["./test/support/core-purity.ts"],
          ...limits,
        },
      },
      {
        ssr,
        test: {
          name: "rest",
          include: [
            "packages/{web,node}/src/**/*.test.ts",
            "test/**/*.test.ts",
            "docs/examples/**/*.test.ts",
          ],
          ...limits,
        },
      },
    ],
  },
});
