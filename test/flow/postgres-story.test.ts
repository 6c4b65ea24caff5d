import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { playStory, runSource } from "../support/demo-story.ts";
import { postgresMissing, temporaryDatabase } from "../support/postgres-server.ts";

const missing = await postgresMissing();

describe.skipIf(missing !== undefined)(
  `the demo on PostgreSQL${missing ? ` (${missing})` : ""}`,
  () => {
    it("tells the same story, with keys of its own, a journal, and the shop's tables and files elsewhere", async () => {
      const dir = await mkdtemp(join(tmpdir(), "story-"));
      const { url, drop } = await temporaryDatabase();
      const shop = await temporaryDatabase();
      const keys = join(dir, "keys");
      const journal = join(dir, "journal");
      const files = join(dir, "files");
      try {
        await runSource(["packages/node/src/cli.ts", "keys", "init", keys]);
        const told = await playStory({
          DATABASE_URL: url,
          MINIPRIVACY_KEYS: keys,
          MINIPRIVACY_JOURNAL: journal,
          SHOP_DATABASE_URL: shop.url,
          SHOP_FILES: files,
        });
        expect(told).toMatch(/claim deleted/);
        expect(told.trimEnd()).toMatch(/demo: \d+ steps, 0 failed$/);
        expect(await readdir(journal)).not.toEqual([]);
        expect(told).toContain("notes/note verified-absent 1→0");
        expect(await readdir(files)).toEqual([]);
        expect(told).toContain("shop/order verified-absent 1→0");
        expect(await ordersAt(shop.url)).toBe(0);
      } finally {
        await drop();
        await shop.drop();
        await rm(dir, { recursive: true });
      }
    });
  },
);

async function ordersAt(connectionString: string): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rowCount } = await client.query("select from orders");
  await client.end();
  return rowCount!;
}
