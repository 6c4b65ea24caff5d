import { afterAll, describe, expect, it } from "vitest";
import { keepTestDatabase } from "../database/database.fixture.ts";
import { type Fixture, memoryStore, openFixture, row } from "../privacy.fixture.ts";
import { filesConnector } from "./files-connector.ts";
import { postgresConnector } from "./postgres-connector.ts";
import type { QueryPool } from "./query-pool.ts";

const openDatabase = keepTestDatabase();
const opened: Fixture[] = [];
afterAll(() => Promise.all(opened.map(({ privacy }) => privacy.close())));

const tenantOf = (request: Request): string => request.headers.get("x-test-tenant") ?? "";
const at = (tenant: string) => ({ as: "lin", headers: { "x-test-tenant": tenant } });

describe("tenants with the same subjectId", () => {
  it("see, correct and erase their own rows, never each other's", async () => {
    const store = memoryStore();
    store.rows.push(row("lin", { tenant: "north" }), row("lin", { tenant: "south" }));
    const shop = await openFixture(await openDatabase(), { store, tenantOf });
    opened.push(shop);
    const [north] = store.rows;

    const phone = { phone: "13800000000" };
    const path = "/data/order/order-of-lin";
    const corrected = await shop.call("PUT", path, { ...at("south"), body: phone });
    expect(corrected.status).toBe(200);
    expect(store.rows).toEqual([north, row("lin", { tenant: "south", ...phone })]);
    const { body } = await shop.call("GET", "/data", at("north"));
    expect(JSON.stringify(body)).not.toContain(phone.phone);

    const erase = { ...at("south"), body: { kind: "erase" } };
    expect((await shop.call("POST", "/requests", erase)).status).toBe(201);
    await shop.privacy.idle();
    expect(store.rows).toEqual([north]);
  });

  it.each([
    [
      "postgresConnector",
      postgresConnector({
        pool: { query: async () => ({ rows: [] }) },
        tables: { order: { table: "orders", key: "id", subject: "member_id" } },
        wal: { keptDays: 0 },
      }),
    ],
    [
      "filesConnector",
      filesConnector({
        root: "/nowhere",
        record: "order",
        path: "{subjectId}/*",
        fields: { name: "id", content: "address" },
      }),
    ],
  ])("start no deployment whose %s cannot tell them apart", async (_name, connector) => {
    await expect(
      openFixture(await openDatabase(), { connectors: { shop: connector }, tenantOf }),
    ).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
  });

  it("are refused one by one by a connector without a tenant column, before it asks its database", async () => {
    const asked: string[] = [];
    const pool: QueryPool = {
      async query(text) {
        asked.push(text);
        return { rows: [] };
      },
    };
    const record = { name: "order", fields: { memberId: { kind: "subject" } } } as never;
    const single = postgresConnector({
      pool,
      tables: { order: { table: "orders", key: "id", subject: "member_id" } },
      wal: { keptDays: 0 },
    });
    const of = { tenant: "north", subjectId: "lin" };
    const refusal = { code: "ERR_CONFIG_INVALID" };
    await expect(single.find(record, of)).rejects.toMatchObject(refusal);
    await expect(single.count(record, of)).rejects.toMatchObject(refusal);
    await expect(single.erase(record, of)).rejects.toMatchObject(refusal);
    await expect(single.rectify(record, of, "k", { phone: "1" })).rejects.toMatchObject(refusal);
    expect(asked).toEqual([]);
  });
});
