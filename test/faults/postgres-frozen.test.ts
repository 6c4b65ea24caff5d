import { describe, expect, it } from "vitest";
import { postgresDatabase } from "@miniprivacy/node";
import { createKeys } from "../../packages/node/src/key/keys.ts";
import { openFixture, row } from "../../packages/node/src/privacy.fixture.ts";
import { clusterPrograms, createCluster } from "../support/postgres-cluster.ts";

const programs = clusterPrograms();
const FRESH_MS = 1000;

describe.skipIf(programs === undefined)(
  `a PostgreSQL server that is frozen${programs === undefined ? " (no initdb on this machine)" : ""}`,
  () => {
    it("WX-4.4.4b: reads are denied, and answered, until it goes on", async () => {
      const cluster = await createCluster(programs!);
      try {
        await cluster.start();
        const database = await postgresDatabase(cluster.url);
        const shop = await openFixture({ ...database, keys: await createKeys() });
        await shop.give("lin", "delivery");
        const kept = await shop.privacy.access.for("lin", "delivery");
        const read = (reader = kept): object => reader.read("order", row("lin") as never);
        expect(read()).toMatchObject({ permitted: true });

        await cluster.freeze();
        const frozenAt = performance.now();
        await expect.poll(read, { interval: 20 }).toMatchObject({ reason: "facts-too-old" });
        expect(performance.now() - frozenAt).toBeLessThan(FRESH_MS + 500);
        const askedAt = performance.now();
        for (const subject of ["lin", "somebody else"])
          await expect(shop.privacy.access.for(subject, "delivery")).rejects.toMatchObject({
            code: "ERR_STORE_UNAVAILABLE",
          });
        expect(performance.now() - askedAt).toBeLessThan(2 * 5000);
        expect(read()).toMatchObject({ reason: "facts-too-old" });

        await cluster.thaw();
        const thawedAt = performance.now();
        const again = async (): Promise<object> =>
          read(await shop.privacy.access.for("lin", "delivery"));
        await expect.poll(again, { interval: 50 }).toMatchObject({ permitted: true });
        expect(performance.now() - thawedAt).toBeLessThan(8000);
        await shop.privacy.close();
      } finally {
        await cluster.thaw();
        await cluster.remove();
      }
    });
  },
);
