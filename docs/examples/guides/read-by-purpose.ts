import type { View } from "@miniprivacy/core";
import { type QueryPool, sqlColumns } from "@miniprivacy/node";
import type { ShopPrivacy } from "./open-privacy.ts";
import type { order } from "./policy.ts";

/** Columns that are not named like their field. */
export const names = { memberId: "member_id", closedAt: "closed_at" };

export type LabelRow = View<typeof order.fields, "phone" | "address">;

export async function courierLabel(privacy: ShopPrivacy, pool: QueryPool, memberId: string) {
  const reader = await privacy.access.for(memberId, "delivery", { caller: "courier-label" });
  const { rows } = await pool.query(
    `select ${sqlColumns(reader.columns("order"), { names })}
     from orders where member_id = $1 order by id desc limit 1`,
    [memberId],
  );
  if (rows[0] === undefined) return "no-order";
  const result = reader.read("order", rows[0] as unknown as LabelRow);
  if (!result.permitted) return result.reason; // e.g. "consent-withdrawn"
  const { phone, address } = result.value; // `result.value.allergy` does not compile: delivery lists no allergy
  return `${phone} ${address}`;
}
