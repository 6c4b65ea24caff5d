import { type Connector, redisConnector } from "@miniprivacy/node";
import { memoryDatabase } from "@miniprivacy/node/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Fixture, openFixture } from "../../packages/node/src/privacy.fixture.ts";
import { askErasure, expectErased, expectFailing } from "../support/asked-erasure.ts";
import { createRedis, type KillableRedis, redisProgramMissing } from "../support/killable-redis.ts";

const missing = redisProgramMissing();

describe.skipIf(missing !== undefined)(
  `a shop's Redis server${missing ? ` (${missing})` : ""}`,
  () => {
    let server: KillableRedis;
    let shop: Fixture;
    /** What happens once, just before keys are erased. */
    let before: (() => Promise<void>) | undefined;

    beforeAll(async () => {
      server = await createRedis();
      // What is taken at once would pass the calls below by.
      const { atOnce: _, ...redis } = redisConnector({
        url: server.url,
        record: "order",
        keys: ["order:{subjectId}:*"],
        fields: { name: "id", content: "address" },
        persistence: "none",
      });
      const cache: Connector = {
        ...redis,
        async erase(...of) {
          const happens = before;
          before = undefined;
          await happens?.();
          return redis.erase(...of);
        },
      };
      shop = await openFixture(await memoryDatabase(), { connectors: { cache } });
    });
    beforeEach(async () => {
      await server.start();
      await server.send("MSET", "order:lin:1", "Garden Road 8", "order:wang:1", "Lane 3");
      await shop.give("lin", "delivery");
    });
    afterEach(() => server.kill());
    afterAll(async () => {
      await shop?.privacy.close();
      await server?.remove();
    });

    it("that is gone leaves the erasure open; back with a snapshot of hers, it is erased from", async () => {
      await server.send("SAVE");
      await server.kill();
      const asked = await askErasure(shop, "lin");
      await expectFailing(asked, "cache");
      await server.start("saved");
      await shop.privacy.idle();
      await expectErased(asked, ["cache"]);
      expect(await server.send("KEYS", "*")).toEqual(["order:wang:1"]);
    });

    it("that is gone, and comes back empty, held nothing as far as anybody knows", async () => {
      await server.kill();
      const asked = await askErasure(shop, "lin");
      await expectFailing(asked, "cache");
      await server.start();
      await shop.privacy.idle();
      const { state, outcomes } = await asked.view();
      expect(state).toBe("fulfilled");
      expect(outcomes[0]).toMatchObject({ outcome: "not-found", countBefore: 0, countAfter: 0 });
    });

    it("that is killed with what was counted comes back without it: absent, by another reading", async () => {
      before = () => server.kill();
      const asked = await askErasure(shop, "lin");
      await expectFailing(asked, "cache");
      await server.start();
      await shop.privacy.idle();
      await expectErased(asked, ["cache"]);
      expect(await server.send("DBSIZE")).toBe(0);
    });

    it("that somebody empties meanwhile is read back all the same", async () => {
      before = async () => void (await server.send("FLUSHALL"));
      const asked = await askErasure(shop, "lin");
      await shop.privacy.idle();
      await expectErased(asked, ["cache"]);
      expect(await server.send("DBSIZE")).toBe(0);
    });
  },
);
