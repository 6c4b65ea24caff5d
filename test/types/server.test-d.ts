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
assertType<
  Equal<
    ReturnType<typeof reader.columns<"order">>[number],
    "id" | "memberId" | "phone" | "receiver" | "items" | "total" | "closedAt"
  >
>();

const delivery = privacy.access.purpose("delivery");
const [first] = await delivery.rows("order", []);
if (first?.permitted === true) {
  assertType<Equal<(typeof first)["value"]["phone"], string>>();
  // @ts-expect-error allergy is not a category of delivery
  first.value.allergy;
}
// @ts-expect-error a denial carries no value
first?.value;

const shared = await privacy.access.share("lin", "delivery", "courier", { phone: "1" });
if (shared.permitted) shared.value.phone;
const sent = await privacy.access.share(
  "lin",
  "delivery",
  "courier",
  { phone: "1" },
  {
    send: async (fields) => (fields.phone === undefined ? 0 : 1),
  },
);
if (sent.permitted) assertType<Equal<(typeof sent)["value"], 0 | 1>>();
// @ts-expect-error the policy has no such recipient
privacy.access.share("lin", "delivery", "printer", { phone: "1" });
// @ts-expect-error allergy is not a category of delivery
privacy.access.share("lin", "delivery", "courier", { allergy: ["nuts"] });
// @ts-expect-error no such purpose
privacy.access.purpose("advertising");

const routed = await privacy.access.forRoute("lin");
const routedRow = routed.read("order", row);
if (routedRow.permitted) {
  // @ts-expect-error a purpose known only at run time opens no personal field of one purpose alone
  routedRow.value.allergy;
}

// @ts-expect-error a store must say what becomes of its write-ahead log
postgresConnector({ pool: { query: async () => ({ rows: [] }) }, tables: {} });
