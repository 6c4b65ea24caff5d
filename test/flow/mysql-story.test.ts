import { describe, expect, it } from "vitest";
import { playStory } from "../support/demo-story.ts";
import { createRedis, redisProgramMissing } from "../support/killable-redis.ts";
import { mysqlMissing, temporaryMysql } from "../support/mysql-server.ts";

const missing = (await mysqlMissing()) ?? redisProgramMissing();

describe.skipIf(missing !== undefined)(
  `the demo of a shop on MariaDB and Redis${missing ? ` (${missing})` : ""}`,
  () => {
    it("tells the same story, and leaves nothing of her on either server", async () => {
      const mysql = await temporaryMysql();
      const redis = await createRedis();
      try {
        await redis.start();
        const told = await playStory({ SHOP_DATABASE_URL: mysql.url, SHOP_REDIS_URL: redis.url });
        expect(told).toMatch(/claim deleted/);
        expect(told.trimEnd()).toMatch(/demo: \d+ steps, 0 failed$/);
        expect(told).toContain("shop/order verified-absent 1→0");
        expect((await mysql.pool.query("select * from orders"))[0]).toEqual([]);
        expect(told).toContain("cache/note verified-absent 1→0");
        expect(await redis.send("DBSIZE")).toBe(0);
      } finally {
        await redis.remove();
        await mysql.drop();
      }
    });
  },
);
