import { randomUUID } from "node:crypto";
import { personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import { createPrivacy, redisConnector, type RedisConnectorOptions } from "@miniprivacy/node";
import { connectorContract, memoryDatabase } from "@miniprivacy/node/testing";
import { createClient } from "@redis/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { policy } from "./note-policy.ts";
import { connectRedis } from "../../docs/examples/guides/connect-redis.ts";
import { policy as shop } from "../../docs/examples/guides/policy.ts";
import { REDIS_URL, redisMissing } from "../support/redis-server.ts";
import { keyStore } from "./connector-stores.ts";

const record = personalRecord(policy, "cart", {
  name: plain(z.string()),
  memberId: subject(z.string()),
  value: personal("note", z.string()),
});
const own = randomUUID();
const options: RedisConnectorOptions = {
  url: REDIS_URL,
  record: "cart",
  keys: [`${own}:sess:{subjectId}`, `${own}:cart:{subjectId}:*`],
  fields: { name: "name", content: "value" },
  persistence: { keptDays: 7 },
};
const of = (subjectId: string, tenant = "") => ({ tenant, subjectId });
const config = { code: "ERR_CONFIG_INVALID" };

describe("redisConnector", () => {
  it.each([
    [[]],
    [["sess:*"]],
    [["*:{subjectId}"]],
    [["{subjectId}*"]],
    [["{tenant}{subjectId}:"]],
    [["{tenant}:{subjectId}", "sess:{subjectId}"]],
  ])("takes no keys that tell nobody from another: %j", (keys) => {
    expect(() => redisConnector({ ...options, keys })).toThrow(TypeError);
  });

  it("takes no keptDays that is no whole number of days", () => {
    const persistence = { keptDays: 0.5 };
    expect(() => redisConnector({ ...options, persistence })).toThrow(
      expect.objectContaining(config),
    );
  });

  it.each(["", "lin:x", ":", "a:"])(
    "refuses the id %j, whose keys could be another's",
    async (id) => {
      const { find, erase, count } = redisConnector(options);
      for (const call of [find, erase, count])
        await expect(call(record, of(id))).rejects.toMatchObject(config);
    },
  );

  it("names what it leaves behind, and until when", async () => {
    const now = new Date("2026-11-28T00:00:00.000Z");
    expect(await redisConnector(options).remnants(record, now)).toEqual([
      { where: "append-only files, snapshots, replicas", until: "2026-12-05T00:00:00.000Z" },
    ]);
  });

  it("says that a server cannot be reached, and nothing of whom it was asked", async () => {
    const down = redisConnector({ ...options, url: "redis://127.0.0.1:1" });
    const failure: unknown = await down.count(record, of("who-4711")).catch((error) => error);
    expect(failure).toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
    expect(String(failure)).not.toContain("4711");
  });
});

const missing = await redisMissing();
describe.skipIf(missing !== undefined)(
  `redisConnector on Redis${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    const client = createClient({ url: REDIS_URL });
    beforeAll(async () => void (await client.connect()));
    afterAll(async () => {
      const left = await client.keys(`${own}:*`);
      if (left.length > 0) await client.unlink(left);
      client.destroy();
    });

    describe.each([false, true])("tenants apart: %s", (tenants) => {
      it.each(connectorContract(() => keyStore(REDIS_URL, tenants)))("$name", async ({ run }) => {
        await expect(run()).resolves.toBeUndefined();
      });
    });

    it("PIPL-45: shows what a key holds, whatever its type", async () => {
      const key = (name: string): string => `${own}:cart:mei:${name}`;
      await Promise.all([
        client.set(key("string"), "一"),
        client.hSet(key("hash"), { size: "L", colour: "red" }),
        client.rPush(key("list"), ["a", "b"]),
        client.sAdd(key("set"), "x"),
        client.zAdd(key("zset"), { score: 2, value: "two" }),
        client.xAdd(key("stream"), "1-1", { step: "paid" }),
        client.set(`${own}:sess:mei`, "token"),
      ]);
      const rows = await redisConnector(options).find(record, of("mei"));
      expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual({
        [`${own}:sess:{subjectId}`]: "token",
        [`${own}:cart:{subjectId}:string`]: "一",
        [`${own}:cart:{subjectId}:hash`]: '{"size":"L","colour":"red"}',
        [`${own}:cart:{subjectId}:list`]: '["a","b"]',
        [`${own}:cart:{subjectId}:set`]: '["x"]',
        [`${own}:cart:{subjectId}:zset`]: '[["two","2"]]',
        [`${own}:cart:{subjectId}:stream`]: '[["1-1",["step","paid"]]]',
      });
    });

    it("WX-4.4.7b: erases keys of every pattern, and none that only look alike", async () => {
      const others = [
        `${own}:cart:linda:a`,
        `${own}:cart:li*:a`,
        `${own}:sess:lin2`,
        `${own}:cart:lin`,
      ];
      const hers = [
        `${own}:cart:lin:a`,
        `${own}:cart:lin:b:c`,
        `${own}:cart:lin:`,
        `${own}:sess:lin`,
      ];
      await Promise.all([...others, ...hers].map((key) => client.set(key, "x")));
      const { count, erase } = redisConnector(options);
      expect(await count(record, of("lin"))).toBe(hers.length);
      await erase(record, of("lin"));
      expect(await client.exists(hers)).toBe(0);
      expect(await client.exists(others)).toBe(others.length);
      expect(await count(record, of("li*"))).toBe(1);
      expect(await count(record, of("l?n"))).toBe(0);
    });

    it("WX-4.4.7b: erases many keys, and counts what is found of them without reading it", async () => {
      const keys = Array.from({ length: 1200 }, (_, i) => `${own}:cart:many:${i}`);
      await client.mSet(keys.map((key) => [key, "-"] as [string, string]));
      await client.hSet(`${own}:cart:many:hash`, "field", "-");
      const { atOnce, erase, find } = redisConnector(options);
      expect(await atOnce!.count([record], of("many"))).toEqual([1201]);
      expect(await atOnce!.countFound([record], of("many"))).toEqual([1201]);
      expect(await find(record, of("many"))).toHaveLength(1201);
      await erase(record, of("many"));
      expect(await atOnce!.countFound([record], of("many"))).toEqual([0]);
      expect(await find(record, of("many"))).toEqual([]);
    });

    it("WX-4.4.7a: corrects a text, whose end stays as it was, and nothing else", async () => {
      const { rectify } = redisConnector({ ...options, keys: [`${own}:cart:{subjectId}:*`] });
      await client.set(`${own}:cart:wang:a`, "old", { EX: 100 });
      await client.rPush(`${own}:cart:wang:l`, "1");
      expect(await rectify(record, of("wang"), "a", { value: "new" })).toBe(true);
      expect(await client.get(`${own}:cart:wang:a`)).toBe("new");
      expect(await client.ttl(`${own}:cart:wang:a`)).toBeGreaterThan(90);
      for (const [name, patch] of [
        ["l", { value: "text" }],
        ["a", { value: 1 }],
        ["a", { value: "x", name: "b" }],
      ] as const)
        await expect(rectify(record, of("wang"), name, patch)).rejects.toMatchObject({
          code: "ERR_INPUT_INVALID",
        });
    });

    it("WX-4.4.7b: a person deletes her session and her carts by herself", async () => {
      const subjectId = `mei-${own}`;
      const cart = personalRecord(shop, "cart", {
        name: plain(z.string()),
        memberId: subject(z.string()),
        content: personal("address", z.string()),
      });
      const privacy = await createPrivacy({
        policy: shop,
        records: [cart],
        database: await memoryDatabase(),
        connectors: { sessions: connectRedis(REDIS_URL) },
        authenticate: () => ({ subjectId, authenticatedAt: Date.now() }),
      });
      const keys = [`sess:${subjectId}`, `cart:${subjectId}:1`, `cart:${subjectId}:2`];
      await Promise.all(keys.map((key) => client.set(key, "x")));
      const answer = await privacy.fetch(
        new Request("http://shop.example/privacy/requests", {
          method: "POST",
          body: JSON.stringify({ kind: "erase" }),
          headers: { "content-type": "application/json" },
        }),
      );
      const { id, requestToken } = (await answer.json()) as {
        readonly id: string;
        readonly requestToken: string;
      };
      await privacy.idle();
      expect(await client.exists(keys)).toBe(0);
      const view = await privacy.fetch(
        new Request(`http://shop.example/privacy/requests/${id}`, {
          headers: { "x-request-token": requestToken },
        }),
      );
      expect(await view.json()).toMatchObject({
        // Append-only files, snapshots and replicas keep them for the days that were declared.
        state: "partly-fulfilled",
        outcomes: expect.arrayContaining([
          {
            store: "sessions",
            record: "cart",
            outcome: "residual-until",
            countBefore: 3,
            countAfter: 0,
          },
        ]),
      });
      await privacy.close();
    });

    it("WX-4.7b: erases nothing of a server that keeps copies, where none were declared", async () => {
      const alone = redisConnector({ ...options, persistence: "none" });
      await client.set(`${own}:sess:copied`, "x");
      const { save } = await client.configGet("save");
      await client.configSet("save", "3600 1");
      try {
        await expect(alone.erase(record, of("copied"))).rejects.toMatchObject(config);
        expect(await client.exists(`${own}:sess:copied`)).toBe(1);
      } finally {
        await client.configSet("save", save ?? "");
      }
      await alone.erase(record, of("copied"));
      expect(await client.exists(`${own}:sess:copied`)).toBe(0);
    });
  },
);
