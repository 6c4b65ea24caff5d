import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { postgresDatabase } from "@miniprivacy/node";
import { createKeys } from "../../packages/node/src/key/keys.ts";
import { recomputeLog } from "../../packages/node/src/log/recompute-log.ts";
import { decision, openFixture } from "../../packages/node/src/privacy.fixture.ts";
import { clusterPrograms, createCluster } from "../support/postgres-cluster.ts";

const programs = clusterPrograms();

describe.skipIf(programs === undefined)(
  `a PostgreSQL server that is killed${programs === undefined ? " (no initdb on this machine)" : ""}`,
  () => {
    it("while a deployment writes, loses nothing acknowledged, and the deployment goes on", async () => {
      const cluster = await createCluster(programs!);
      try {
        await cluster.start();
        const database = await postgresDatabase(cluster.url);
        const shop = await openFixture({ ...database, keys: await createKeys() });
        const refuse = (as: string) => {
          const body = { decisions: [decision({ decision: "refused", purpose: "marketing" })] };
          return shop.call("POST", "/consents", { as, body });
        };
        const acknowledged: string[] = [];
        const writers = Array.from({ length: 8 }, async (_, writer) => {
          for (let i = 0; ; i++) {
            const as = `person-${writer}-${i}`;
            const { status } = await refuse(as);
            if (status !== 201) return status;
            acknowledged.push(as);
          }
        });
        while (acknowledged.length < 60) await sleep(5);
        await cluster.kill();
        expect(await Promise.all(writers)).toEqual(writers.map(() => 503));

        await cluster.start();
        await expect.poll(async () => (await refuse("next")).status, { timeout: 5000 }).toBe(201);
        for (const as of acknowledged) {
          const { text } = await shop.call("GET", "/consents", { as });
          expect([as, text.includes('"refused"')]).toEqual([as, true]);
        }
        const { size } = await recomputeLog(database.tables);
        expect(size).toBeGreaterThan(acknowledged.length);
        const leaves = await database.tables.selectFrom("log_leaf").select("leaf_index").execute();
        expect(leaves).toHaveLength(size);
        await shop.privacy.close();
      } finally {
        await cluster.remove();
      }
    });
  },
);
