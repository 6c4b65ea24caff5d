import { postgresConnector, type QueryPool, type SqlConnector } from "@miniprivacy/node";

/** Only `member` knows your id of a person: parcels lead to orders, and orders to members. */
export function connectOrders(pool: QueryPool): SqlConnector {
  return postgresConnector({
    pool,
    tables: {
      member: { table: "member", key: "id", subject: "openid" },
      order: {
        table: "orders",
        key: "id",
        subject: ["member_id", "member.openid"], // own column, then table.column it leads to
        cascades: ["order_item"],
      },
      parcel: {
        table: "parcel",
        key: "id",
        subject: ["order_id", "orders.member_id", "member.openid"],
      },
    },
    wal: { keptDays: 7 },
  });
}
