import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sqlColumns } from "../../packages/node/src/access/select-columns.ts";
import {
  assertNotAsked,
  DELIVERY_ORDER,
  type DeliveryOrder,
  names,
  pool,
  reader,
  strangeReader,
} from "./shop.ts";

describe("plain SQL", () => {
  it("reads the columns of a purpose, under the names of the data map", async () => {
    const sent = `select ${sqlColumns(reader.columns("order"), { names, table: "o" })} from t_order o where o.member_id = $1`;
    const { rows } = await pool.query<DeliveryOrder>(sent, ["lin"]);
    assertNotAsked(sent);
    assert.deepEqual(rows, [DELIVERY_ORDER]);
    assert.deepEqual(reader.read("order", rows[0]!), { permitted: true, value: DELIVERY_ORDER });
  });

  it("takes a name for a name, whatever it holds", async () => {
    const field = 'a" as b, allergy as "c';
    const column = 'x", allergy as "y';
    const sent = `select ${sqlColumns([field], { names: { [field]: column } })} from (select 1 as "x"", allergy as ""y") t`;
    assert.deepEqual((await pool.query(sent)).rows, [{ [field]: 1 }]);
  });

  it("reads nothing for a purpose without columns", async () => {
    assert.throws(() => sqlColumns(strangeReader.columns("order"), { names }), TypeError);
    assert.deepEqual((await pool.query("select from t_order")).rows, [{}, {}]);
  });
});
