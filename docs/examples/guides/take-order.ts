import type { HeaderSource } from "@miniprivacy/node";
import type { ShopPrivacy } from "./open-privacy.ts";

export interface NewOrder {
  readonly id: string;
  readonly memberId: string;
  readonly phone: string;
  readonly address: string;
  readonly closedAt: null;
}

/** `headers` are those of the order's own request: the consent in them is recorded first, then the order is read. */
export async function takeOrder(privacy: ShopPrivacy, order: NewOrder, headers: HeaderSource) {
  const reader = await privacy.access.for(order.memberId, "delivery", { headers });
  return reader.read("order", { ...order, item: "Bread" });
}
