import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";
import { fieldSelection } from "../../packages/node/src/access/select-columns.ts";
import {
  assertNotAsked,
  DELIVERY_ORDER,
  type DeliveryGuest,
  type DeliveryOrder,
  reader,
  SentQueries,
  strangeReader,
  url,
} from "./shop.ts";

const sent = new SentQueries();
const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString: url }),
  log: [{ emit: "event", level: "query" }],
});
prisma.$on("query", ({ query }) => sent.add(query));
const where = { memberId: "lin" };

describe("Prisma", () => {
  after(() => prisma.$disconnect());

  it("reads the columns of a purpose, a group in one JSON column too", async () => {
    const select = fieldSelection(reader.columns("order"));
    const row = (await prisma.order.findFirstOrThrow({ where, select })) as DeliveryOrder;
    assertNotAsked(sent.take("t_order"));
    assert.deepEqual(row, DELIVERY_ORDER);
    assert.deepEqual(reader.read("order", row), { permitted: true, value: DELIVERY_ORDER });
  });

  it("gives rows their types for fields known by name", async () => {
    const select = fieldSelection(["id", "phone"]);
    const row: { id: string; phone: string } = await prisma.order.findFirstOrThrow({
      where,
      select,
    });
    assertNotAsked(sent.take("t_order"));
    assert.deepEqual(row, { id: "1", phone: DELIVERY_ORDER.phone });
  });

  it("reads of a relation the part that is named; it would read all of it", async () => {
    const fields = reader.columns("guest");
    const part = fieldSelection(fields, { contact: { select: { mobile: true } } });
    const row = (await prisma.guest.findFirstOrThrow({ where, select: part })) as DeliveryGuest;
    assertNotAsked(sent.take("t_contact"));
    const value = { id: "1", memberId: "lin", contact: { mobile: "13712345678" } };
    assert.deepEqual(row, value);
    assert.deepEqual(reader.read("guest", row), { permitted: true, value });
    await prisma.guest.findFirstOrThrow({ where, select: fieldSelection(fields) });
    assert.match(sent.take("t_contact"), /"note"/);
  });

  it("reads nothing for a purpose without columns", async () => {
    assert.throws(() => fieldSelection(strangeReader.columns("order")), TypeError);
    await assert.rejects(prisma.order.findMany({ select: {} }), /must not be empty/);
    assert.equal(sent.take("t_order"), "");
  });

  it("would read every column for no selection, which the adapter never gives", async () => {
    await prisma.order.findMany({});
    assert.match(sent.take("t_order"), /"allergy"/);
  });
});
