import type { ShopPrivacy } from "./open-privacy.ts";
import type { LabelRow } from "./read-by-purpose.ts";

/** `book` calls the courier's API. It is called only if the courier may have the data, and answers a parcel number. */
export async function handOver(
  privacy: ShopPrivacy,
  { id, memberId, phone, address }: LabelRow,
  book: (parcel: object) => Promise<string>,
): Promise<string> {
  const fields = { phone, address }; // by category, not by field
  const result = await privacy.access.share(memberId, "delivery", "courier", fields, {
    caller: "hand-over",
    send: (shared) => book({ id, ...shared }),
  });
  return result.permitted ? result.value : result.reason; // e.g. "recipient-not-listed"
}
