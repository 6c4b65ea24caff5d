import type { QueryPool } from "@miniprivacy/node";
import type { ShopPrivacy } from "./open-privacy.ts";

interface LabelRow {
  id: string;
  memberId: string;
  item: string;
  phone: string;
  address: string;
  closedAt: string | null;
}

export async function courierLabel(privacy: ShopPrivacy, pool: QueryPool, memberId: string) {
  const reader = await privacy.access.for(memberId, "delivery", { caller: "courier-label" });
  const { rows } = await pool.query(
    `select id, member_id as "memberId", item, phone, address, closed_at as "closedAt"
     from orders where member_id = $1 order by id desc limit 1`,
    [memberId],
  );
  if (rows[0] === undefined) return "no-order";
  const result = reader.read("order", rows[0] as unknown as LabelRow);
  if (!result.permitted) return result.reason; // e.g. "consent-withdrawn"
  const { phone, address } = result.value; // `result.value.allergy` does not compile: delivery lists no allergy
  return `${phone} ${address}`;
}
