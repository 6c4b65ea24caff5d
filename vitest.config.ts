import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { mutantPlugins } from "./test/mutate/mutant-plugin.ts";
import { POSTGRES_URL, postgresMissing } from "./test/support/postgres-server.ts";

// Workspace packages are tested from source, not from what was last built.
const ssr = { resolve: { conditions: ["@miniprivacy/source"] } };
const titled = "./test/support/titled-tests.ts";
// Files of a project share its processes: an embedded database's first start and the libraries' import are paid once a
// process, not once a file. No module under test keeps state of its own, and no test leaves any behind.
// The limits are for what hangs: a machine with other work takes several times as long.
const shared = {
  isolate: false,
  testTimeout: 120_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
};

const inCi = process.env["CI"] === "true";
const missing = await postgresMissing();
if (missing !== undefined)
  process.stdout.write(`The database suites run embedded only: ${missing}\n`);

export default defineConfig({
  test: {
    maxWorkers: availableParallelism(),
    // Windows side by side in one file: more than two only take each other's time.
    maxConcurrency: 2,
    reporters: ["default", "./test/support/closing-line.ts"],
    projects: [
      {
        ssr,
        plugins: mutantPlugins(),
        test: {
          name: "core",
          include: ["packages/core/src/**/*.test.ts"],
          benchmark: { include: ["packages/core/src/**/*.bench.ts"] },
          setupFiles: ["./test/support/core-purity.ts", titled],
          ...shared,
        },
      },
      {
        ssr,
        plugins: mutantPlugins(),
        test: {
          name: "rest",
          include: [
            "packages/{web,node}/src/**/*.test.ts",
            "test/**/*.test.ts",
            "docs/examples/**/*.test.ts",
          ],
          // Where there is a server, these open their many databases on it. What kills processes is CI's.
          exclude: [
            ...configDefaults.exclude,
            "test/{runtime,faults,mini-program}/**",
            ...(missing === undefined
              ? ["**/erasure/erasure{,-faults}.test.ts", "**/database-journal.test.ts"]
              : []),
            ...(inCi ? [] : ["**/*-restart.test.ts"]),
          ],
          benchmark: {
            include: ["packages/{web,node}/src/**/*.bench.ts", "test/bench/**/*.bench.ts"],
          },
          setupFiles: [titled],
          ...shared,
        },
      },
      // Browsers and servers in processes of their own come after everything else; what only repeats for long is
      // CI's.
      {
        ssr,
        plugins: mutantPlugins(),
        test: {
          name: "processes",
          include: ["test/runtime/**/*.test.ts", ...(inCi ? ["test/faults/**/*.test.ts"] : [])],
          benchmark: { include: [] },
          setupFiles: [titled],
          ...shared,
          // In CI one file at a time: no window waits for another's.
          ...(inCi && { maxWorkers: 1 }),
          testTimeout: 240_000,
          sequence: { groupOrder: 1 },
        },
      },
      // What stands on the database runs on PostgreSQL too, where there is a server; in CI there must be one.
      ...(missing === undefined
        ? [
            {
              ssr,
              plugins: mutantPlugins(),
              test: {
                name: "postgres",
                include: [
                  "packages/node/src/{log,consent,access,erasure,demand,database,journal}/**/*.test.ts",
                  "packages/node/src/http/http.test.ts",
                ],
                exclude: ["**/folder-lock.test.ts"],
                benchmark: {
                  include: ["packages/node/src/{log,consent,access,erasure,demand}/**/*.bench.ts"],
                },
                env: { TEST_DATABASE: POSTGRES_URL },
                setupFiles: [titled],
                ...shared,
              },
            },
          ]
        : []),
    ],
  },
});
