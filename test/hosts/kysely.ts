import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Kysely, PostgresDialect } from "kysely";
import { kyselyColumns } from "../../packages/node/src/access/select-columns.ts";
import {
  assertNotAsked,
  DELIVERY_ORDER,
  type DeliveryOrder,
  names,
  pool,
  reader,
  SentQueries,
  strangeReader,
} from "./shop.ts";

interface Database {
  t_order: {
    id: string;
    member_id: string;
    rcv_mobile: string;
    allergy: string;
    contact: { street: string; bell: string };
    closed_at: Date | null;
  };
  t_guest: { id: string };
}

const sent = new SentQueries();
const db = new Kysely<Database>({
  dialect: new PostgresDialect({ pool }),
  log: ({ query }) => sent.add(query.sql),
});
describe("Kysely", () => {
  it("reads the columns of a purpose, under the names of the data map", async () => {
    const row = await db
      .selectFrom("t_order")
      .select(kyselyColumns(reader.columns("order"), { names }))
      .where("member_id", "=", "lin")
      .$castTo<DeliveryOrder>()
      .executeTakeFirstOrThrow();
    assertNotAsked(sent.take("t_order"));
    assert.deepEqual(row, DELIVERY_ORDER);
    assert.deepEqual(reader.read("order", row), { permitted: true, value: DELIVERY_ORDER });
  });

  it("gives rows their types for fields known by name, in a join too", async () => {
    const fields = ["id", "memberId", "phone", "contact", "closedAt"] as const;
    const row: DeliveryOrder = await db
      .selectFrom("t_order as o")
      .innerJoin("t_guest as g", "g.id", "o.id")
      .select(kyselyColumns(fields, { names, table: "o" }))
      .executeTakeFirstOrThrow();
    assertNotAsked(sent.take("t_order"));
    assert.deepEqual(row, DELIVERY_ORDER);
  });

  it("reads nothing for a purpose without columns", async () => {
    assert.throws(() => kyselyColumns(strangeReader.columns("order"), { names }), TypeError);
    assert.deepEqual(await db.selectFrom("t_order").select([]).execute(), [{}, {}]);
    assertNotAsked(sent.take("t_order"));
  });
});
