import assert from "node:assert/strict";
import { after } from "node:test";
import type { View } from "@miniprivacy/core";
import {
  anchor,
  group,
  personal,
  personalRecord,
  plain,
  type PurposeCategory,
  subject,
} from "@miniprivacy/core/policy";
import { createPrivacy, postgresConnector } from "@miniprivacy/node";
import { grant, memoryDatabase } from "@miniprivacy/node/testing";
import pg from "pg";
import * as z from "zod/mini";
import { policy } from "../../docs/examples/corner-shop/src/policy.ts";
import { temporaryDatabase } from "../support/postgres-server.ts";

const order = personalRecord(policy, "order", {
  id: plain(z.string()),
  memberId: subject(z.string()),
  phone: personal("phone", z.string()),
  allergy: personal("allergy", z.string()),
  contact: group({
    street: personal("address", z.string()),
    bell: personal("address", z.string()),
  }),
  closedAt: anchor("order-closed", z.nullable(z.date())),
});

/** A group that is several columns, one of them forbidden to the courier. */
const guest = personalRecord(policy, "guest", {
  id: plain(z.string()),
  memberId: subject(z.string()),
  contact: group({
    mobile: personal("phone", z.string()),
    note: personal("allergy", z.string()),
  }),
});

type Delivery = PurposeCategory<typeof policy, "delivery">;
/** What a courier may see of an order. */
export type DeliveryOrder = View<typeof order.fields, Delivery>;
export type DeliveryGuest = View<typeof guest.fields, Delivery>;

/** Columns of the orders' table whose names the data map does not use. */
export const names = { memberId: "member_id", phone: "rcv_mobile", closedAt: "closed_at" } as const;

export const DELIVERY_ORDER: DeliveryOrder = {
  id: "1",
  memberId: "lin",
  phone: "13912345678",
  contact: { street: "Old Street 1", bell: "Lin" },
  closedAt: null,
};

const TABLES = `
  create table t_order (id text primary key, member_id text not null, rcv_mobile text not null,
    allergy text not null, contact jsonb not null, closed_at timestamptz);
  insert into t_order values
    ('1', 'lin', '13912345678', 'peanuts', '{"street": "Old Street 1", "bell": "Lin"}', null),
    ('2', 'wang', '13812345678', 'peanuts', '{"street": "New Street 2", "bell": "Wang"}', null);
  create table t_guest (id text primary key, member_id text not null, contact_mobile text not null,
    contact_note text not null);
  insert into t_guest values ('1', 'lin', '13712345678', 'peanuts');
  create table t_contact (guest_id text primary key references t_guest, mobile text not null,
    note text not null);
  insert into t_contact values ('1', '13712345678', 'peanuts');`;

const database = await temporaryDatabase();
export const { url } = database;
export const pool: pg.Pool = new pg.Pool({ connectionString: url });
await pool.query(TABLES);
export const privacy = await createPrivacy({
  policy,
  records: [order, guest],
  database: await memoryDatabase(),
  connectors: {
    shop: postgresConnector({
      pool,
      tables: {
        order: { table: "t_order", key: "id", subject: "member_id", columns: names },
        guest: { table: "t_guest", key: "id", subject: "member_id" },
      },
      wal: { keptDays: 7 },
    }),
  },
  backups: "none",
  authenticate: (request) => {
    const subjectId = request.headers.get("x-member");
    return subjectId === null ? null : { subjectId, authenticatedAt: Date.now() };
  },
});
await grant(privacy, "delivery", { "x-member": "lin" });
export const reader = await privacy.access.for("lin", "delivery");
/** For a purpose the policy does not have. */
export const strangeReader = await privacy.access.for("lin", "resale" as "delivery");

after(async () => {
  await privacy.close();
  await pool.end();
  await database.drop();
});

/** What a library sent to the database, as it logs it. */
export class SentQueries {
  readonly #texts: string[] = [];

  add(text: string): void {
    this.#texts.push(text);
  }

  /** The statements since the last call that name the table. */
  take(table: string): string {
    return this.#texts
      .splice(0)
      .filter((text) => text.includes(table))
      .join("\n");
  }
}

/** The table was asked, and not for what the courier may not see. */
export function assertNotAsked(sent: string): void {
  assert.match(sent, /^SELECT /i);
  assert.doesNotMatch(sent, /allergy|note|\*/i);
}
