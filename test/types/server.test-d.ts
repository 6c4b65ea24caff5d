import { createPrivacy, type Database, postgresConnector } from "@miniprivacy/node";
import { assertType, type Equal } from "./equal.ts";
import { order, policy } from "./shop.ts";

declare const database: Database;
const connectors = {
  shop: postgresConnector({
    pool: { query: async () => ({ rows: [] }) },
    tables: {},
    wal: { keptDays: 1 },
  }),
};
const privacy = await createPrivacy({
  policy,
  records: [order],
  database,
  connectors,
  authenticate: () => null,
});

const reader = await privacy.access.for("lin", "marketing");
declare const row: Parameters<typeof reader.read<"order">>[1];
const result = reader.read("order", row);
if (result.permitted) {
  assertType<Equal<(typeof result)["value"]["phone"], string>>();
  // @ts-expect-error address is not a category of marketing
  result.value.address;
}
// @ts-expect-error no such purpose
privacy.access.for("lin", "advertising");
// @ts-expect-error no such record
reader.read("invoice", row);
// @ts-expect-error a store must say what becomes of its write-ahead log
postgresConnector({ pool: { query: async () => ({ rows: [] }) }, tables: {} });
