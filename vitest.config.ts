import { defineConfig } from "vitest/config";
import { POSTGRES_URL, postgresMissing } from "./test/support/postgres-server.ts";

// Workspace packages are tested from source, not from what was last built.
const ssr = { resolve: { conditions: ["@miniprivacy/source"] } };
const titled = "./test/support/titled-tests.ts";
const limits = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig(async () => ({
  test: {
    reporters: ["default", "./test/support/closing-line.ts"],
    projects: [
      {
        ssr,
        test: {
          name: "core",
          include: ["packages/core/src/**/*.test.ts"],
          benchmark: { include: ["packages/core/src/**/*.bench.ts"] },
          setupFiles: ["./test/support/core-purity.ts", titled],
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
          benchmark: { include: ["packages/{web,node}/src/**/*.bench.ts"] },
          setupFiles: [titled],
          ...limits,
        },
      },
      // What stands on the database runs on PostgreSQL too, where there is a server; in CI there must be one.
      ...((await postgresMissing()) === undefined
        ? [
            {
              ssr,
              test: {
                name: "postgres",
                include: [
                  "packages/node/src/{http,log,consent,access,erasure,database}/**/*.test.ts",
                ],
                exclude: ["**/folder-lock.test.ts"],
                benchmark: { include: ["packages/node/src/log/**/*.bench.ts"] },
                env: { TEST_DATABASE: POSTGRES_URL },
                setupFiles: [titled],
                ...limits,
              },
            },
          ]
        : []),
    ],
  },
}));
