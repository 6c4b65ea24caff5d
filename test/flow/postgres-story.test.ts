import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { postgresMissing, temporaryDatabase } from "../support/postgres-server.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SOURCE = ["--import", "tsx", "--conditions", "@miniprivacy/source"];
const missing = await postgresMissing();

describe.skipIf(missing !== undefined)(
  `the demo on PostgreSQL${missing ? ` (${missing})` : ""}`,
  () => {
    it("tells the same story, with keys of its own and a journal", async () => {
      const dir = await mkdtemp(join(tmpdir(), "story-"));
      const { url, drop } = await temporaryDatabase();
      const keys = join(dir, "keys");
      const journal = join(dir, "journal");
      try {
        await run(process.execPath, [...SOURCE, "packages/node/src/cli.ts", "keys", "init", keys], {
          cwd: ROOT,
        });
        const { stdout } = await run(
          process.execPath,
          [...SOURCE, "docs/examples/corner-shop/src/main.ts", "--once"],
          {
            cwd: ROOT,
            env: {
              ...process.env,
              DATABASE_URL: url,
              MINIPRIVACY_KEYS: keys,
              MINIPRIVACY_JOURNAL: journal,
            },
          },
        );
        expect(stdout).toMatch(/claim deleted/);
        expect(stdout.trimEnd()).toMatch(/demo: \d+ steps, 0 failed$/);
        expect(await readdir(journal)).not.toEqual([]);
      } finally {
        await drop();
        await rm(dir, { recursive: true });
      }
    });
  },
);
