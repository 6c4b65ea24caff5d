import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { DataTypes, Sequelize } from "sequelize";
import { sequelizeAttributes } from "../../packages/node/src/access/select-columns.ts";
import {
  assertNotAsked,
  DELIVERY_ORDER,
  type DeliveryOrder,
  reader,
  SentQueries,
  strangeReader,
  url,
} from "./shop.ts";

const sent = new SentQueries();
const sequelize = new Sequelize(url, { logging: (line) => sent.add(line.replace(/^[^:]*: /, "")) });
const Order = sequelize.define(
  "Order",
  {
    id: { type: DataTypes.TEXT, primaryKey: true },
    memberId: { type: DataTypes.TEXT, field: "member_id" },
    phone: { type: DataTypes.TEXT, field: "rcv_mobile" },
    allergy: DataTypes.TEXT,
    contact: DataTypes.JSONB,
    closedAt: { type: DataTypes.DATE, field: "closed_at" },
  },
  { tableName: "t_order", timestamps: false },
);
describe("Sequelize", () => {
  after(() => sequelize.close());

  it("reads the columns of a purpose", async () => {
    const found = await Order.findOne({
      attributes: sequelizeAttributes(reader.columns("order")),
      where: { memberId: "lin" },
      rejectOnEmpty: true,
    });
    const row = found.get() as DeliveryOrder;
    assertNotAsked(sent.take("t_order"));
    assert.deepEqual(row, DELIVERY_ORDER);
    assert.deepEqual(reader.read("order", row), { permitted: true, value: DELIVERY_ORDER });
  });

  it("reads nothing for a purpose without columns", async () => {
    assert.throws(() => sequelizeAttributes(strangeReader.columns("order")), TypeError);
    await assert.rejects(Order.findAll({ attributes: [] }), /without selecting any columns/);
    assert.equal(sent.take("t_order"), "");
  });

  it("would read every column for * and for no attributes, which the adapter never gives", async () => {
    assert.throws(() => sequelizeAttributes(["*"]), TypeError);
    await Order.findAll({ attributes: ["*"] });
    assert.match(sent.take("t_order"), /^SELECT \* /);
    await Order.findAll({});
    assert.match(sent.take("t_order"), /"allergy"/);
  });
});
