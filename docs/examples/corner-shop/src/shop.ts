import { join } from "node:path";
import { randomUUID } from "node:crypto";
import {
  createPrivacy,
  type HeaderSource,
  type Logger,
  type Privacy,
  storeFromEnvironment,
} from "@miniprivacy/node";
import { openCourier } from "./courier.ts";
import { openNotes } from "./notes.ts";
import { openOrders } from "./orders.ts";
import { note, order, policy } from "./policy.ts";
import type { Sessions } from "./people.ts";

const records = [order, note] as const;
type ShopPrivacy = Privacy<typeof policy, typeof records>;

export interface NewOrder {
  readonly item: string;
  readonly phone: string;
  readonly address: string;
  readonly allergy: string | null;
  readonly note: string;
}

export interface Shop {
  readonly privacy: ShopPrivacy;
  /**
   * Takes an order once the customer has agreed to delivery; otherwise stores nothing and says why. The headers of its
   * request may bring the consent along.
   */
  placeOrder(
    memberId: string,
    order: NewOrder,
    headers: HeaderSource,
  ): Promise<{ readonly id: string } | { readonly reason: string }>;
  /** Takes an order that is picked up by its code: nothing in it leads to a person. */
  placePickup(item: string): Promise<{ readonly code: string }>;
  /** What the courier's label shows of a customer's newest order. */
  courierLabel(memberId: string): Promise<object>;
  /** What the marketing team would see of it. */
  marketingContact(memberId: string): Promise<object>;
  close(): Promise<void>;
}

/**
 * Opens the shop: its own tables and files in one folder, or where `SHOP_DATABASE_URL`, `SHOP_FILES` and `SHOP_REDIS_URL`
 * say; MiniPrivacy's records in another.
 */
export async function openShop(dir: string, sessions: Sessions, logger?: Logger): Promise<Shop> {
  const orders = await openOrders(dir);
  const notes = await openNotes(dir);
  const courier = openCourier();
  const privacy = await createPrivacy({
    policy,
    records,
    // A server of a demo is thrown away with its write-ahead log; yours keeps it for some days, and says so here.
    ...(await storeFromEnvironment({ dir: join(dir, "privacy"), wal: { keptDays: 0 } })),
    connectors: { shop: orders.connector, ...notes.connectors, courier: courier.connector },
    backups: "none",
    authenticate: (request) => sessions.authenticate(request),
    ...(logger && { logger }),
  });

  return {
    privacy,
    async placeOrder(memberId, { item, phone, address, allergy, note: text }, headers) {
      const caller = "checkout";
      const reader = await privacy.access.for(memberId, "delivery", { caller, headers });
      const row = {
        id: `${Date.now()}-${randomUUID()}`,
        memberId,
        item,
        phone,
        address,
        closedAt: null,
      };
      const checked = reader.read("order", row);
      if (!checked.permitted) return { reason: checked.reason };
      const kitchen = await privacy.access.for(memberId, "kitchen", { caller });
      const mayKeepAllergy =
        allergy !== null &&
        kitchen.read("order", { id: row.id, memberId, item, allergy, closedAt: null }).permitted;
      await orders.add({ ...row, allergy: mayKeepAllergy ? allergy : null });
      if (text !== "") await notes.put(memberId, `${row.id}.txt`, text);
      return { id: row.id };
    },
    async placePickup(item) {
      const code = randomUUID().slice(0, 8).toUpperCase();
      await orders.addPickup(code, item);
      return { code };
    },
    async courierLabel(memberId) {
      const reader = await privacy.access.for(memberId, "delivery", { caller: "courier-label" });
      const row = await orders.newest(memberId, reader.columns("order"));
      if (row === undefined) return { permitted: false, reason: "no-order" };
      const label = reader.read("order", row as never);
      if (!label.permitted) return label;
      const { id, item, phone, address } = label.value;
      const handed = await privacy.access.share(
        memberId,
        "delivery",
        "courier",
        { phone, address },
        {
          caller: "courier-label",
          send: (fields) => courier.handOver({ id, memberId, item, ...fields }),
        },
      );
      return handed.permitted ? label : handed;
    },
    async marketingContact(memberId) {
      const reader = await privacy.access.for(memberId, "marketing", { caller: "marketing" });
      const row = await orders.newest(memberId, reader.columns("order"));
      return row === undefined
        ? { permitted: false, reason: "no-order" }
        : reader.read("order", row as never);
    },
    async close() {
      await privacy.close();
      await notes.close();
      await orders.close();
    },
  };
}
