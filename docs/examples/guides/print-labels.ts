import { type QueryPool, sqlColumns } from "@miniprivacy/node";
import type { ShopPrivacy } from "./open-privacy.ts";
import { type LabelRow, names } from "./read-by-purpose.ts";

/** The labels of all open orders, of as many people as there are; who did not agree has none. */
export async function printLabels(privacy: ShopPrivacy, pool: QueryPool): Promise<string[]> {
  const delivery = privacy.access.purpose("delivery");
  const columns = sqlColumns(delivery.columns("order"), { names });
  const { rows } = await pool.query(`select ${columns} from orders where closed_at is null`);
  const orders = rows as unknown as readonly LabelRow[];
  const results = await delivery.rows("order", orders, { caller: "label-run" });
  return results.flatMap((result) =>
    result.permitted ? [`${result.value.phone} ${result.value.address}`] : [],
  );
}
