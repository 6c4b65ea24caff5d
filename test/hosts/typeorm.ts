import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { AbstractLogger, DataSource, EntitySchema } from "typeorm";
import { fieldSelection } from "../../packages/node/src/access/select-columns.ts";
import { assertNotAsked, DELIVERY_ORDER, reader, SentQueries, strangeReader, url } from "./shop.ts";

interface Order {
  id: string;
  memberId: string;
  phone: string;
  allergy: string;
  contact: { street: string; bell: string };
  closedAt: Date | null;
}
interface Contact {
  mobile: string;
  note: string;
}
interface Guest {
  id: string;
  memberId: string;
  contact: Contact;
}

const text = { type: "text" } as const;
const Order = new EntitySchema<Order>({
  name: "Order",
  tableName: "t_order",
  columns: {
    id: { ...text, primary: true },
    memberId: { ...text, name: "member_id" },
    phone: { ...text, name: "rcv_mobile" },
    allergy: text,
    contact: { type: "jsonb" },
    closedAt: { type: "timestamptz", name: "closed_at", nullable: true },
  },
});
const Contact = new EntitySchema<Contact>({
  name: "Contact",
  columns: { mobile: { ...text, name: "contact_mobile" }, note: { ...text, name: "contact_note" } },
});
const Guest = new EntitySchema<Guest>({
  name: "Guest",
  tableName: "t_guest",
  columns: { id: { ...text, primary: true }, memberId: { ...text, name: "member_id" } },
  embeddeds: { contact: { schema: Contact, prefix: "" } },
});

const sent = new SentQueries();
class Log extends AbstractLogger {
  protected writeLog() {}
  override logQuery = (query: string) => sent.add(query);
}
const source = await new DataSource({
  type: "postgres",
  url,
  entities: [Order, Guest],
  logger: new Log(),
}).initialize();
const orders = source.getRepository(Order);
const guests = source.getRepository(Guest);
const where = { memberId: "lin" };

describe("TypeORM", () => {
  after(() => source.destroy());

  it("reads the columns of a purpose, a group in one JSON column too", async () => {
    const select = fieldSelection(reader.columns("order"));
    const row = await orders.findOneOrFail({ where, select });
    assertNotAsked(sent.take("t_order"));
    assert.deepEqual(row, DELIVERY_ORDER);
    assert.deepEqual(reader.read("order", row), { permitted: true, value: DELIVERY_ORDER });
  });

  it("reads of an embedded entity the part that is named; it would read none of it", async () => {
    const fields = reader.columns("guest");
    const select = fieldSelection(fields, { contact: { mobile: true } });
    const row = await guests.findOneOrFail({ where, select });
    assertNotAsked(sent.take("t_guest"));
    const value = { id: "1", memberId: "lin", contact: { mobile: "13712345678" } };
    assert.deepEqual(row, value);
    assert.deepEqual(reader.read("guest", row), { permitted: true, value });
    const bare = await guests.findOneOrFail({ where, select: fieldSelection(fields) });
    assert.deepEqual(bare, { id: "1", memberId: "lin" });
  });

  it("reads nothing for a purpose without columns; it would read every column", async () => {
    assert.throws(() => fieldSelection(strangeReader.columns("order")), TypeError);
    for (const options of [{}, { select: {} }, { select: { id: false } }]) {
      await orders.find(options);
      assert.match(sent.take("t_order"), /"allergy"/);
    }
  });

  it("reads every column for nothing but an embedded entity: the subject's field must stay in", async () => {
    await guests.find({ select: fieldSelection(["contact"]) });
    assert.match(sent.take("t_guest"), /"contact_note"/);
    await guests.find({ select: fieldSelection(["memberId", "contact"]) });
    assertNotAsked(sent.take("t_guest"));
  });
});
