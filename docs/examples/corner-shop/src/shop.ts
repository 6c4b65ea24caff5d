import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import {
  createPrivacy,
  type Database,
  embeddedDatabase,
  fileSafe,
  filesConnector,
  type Keys,
  keysFromFolder,
  type Logger,
  postgresConnector,
  postgresDatabase,
  type Privacy,
} from "@miniprivacy/node";
import { note, order, policy } from "./policy.ts";
import type { Sessions } from "./people.ts";
import { openShopDatabase } from "./shop-database.ts";

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
  /** Takes an order once the customer has agreed to delivery; otherwise stores nothing and says why. */
  placeOrder(
    memberId: string,
    order: NewOrder,
  ): Promise<{ readonly id: string } | { readonly reason: string }>;
  /** What the courier's label shows of a customer's newest order. */
  courierLabel(memberId: string): Promise<object>;
  /** What the marketing team would see of it. */
  marketingContact(memberId: string): Promise<object>;
  close(): Promise<void>;
}

/** MiniPrivacy's own records: PostgreSQL where `DATABASE_URL` says so, otherwise embedded in a folder. */
async function privacyStore(
  dir: string,
): Promise<{ readonly database: Database; readonly keys?: Keys }> {
  const { DATABASE_URL, MINIPRIVACY_KEYS } = process.env;
  const database = DATABASE_URL
    ? await postgresDatabase(DATABASE_URL)
    : await embeddedDatabase(join(dir, "privacy"));
  return MINIPRIVACY_KEYS
    ? { database, keys: await keysFromFolder(MINIPRIVACY_KEYS) }
    : { database };
}

/** Opens the shop: its own tables and files in one folder, MiniPrivacy's records in another. */
export async function openShop(dir: string, sessions: Sessions, logger?: Logger): Promise<Shop> {
  const notes = join(dir, "shop-files");
  const database = await openShopDatabase(join(dir, "shop-database"));
  const privacy = await createPrivacy({
    policy,
    records,
    ...(await privacyStore(dir)),
    connectors: {
      shop: postgresConnector({
        pool: database.pool,
        tables: {
          order: {
            table: "orders",
            key: "id",
            subject: "member_id",
            columns: { closedAt: "closed_at" },
          },
        },
        vacuum: "full",
        wal: "switch",
      }),
      notes: filesConnector({
        root: notes,
        record: "note",
        folder: "{subjectId}",
        fields: { name: "name", content: "text" },
      }),
    },
    backups: "none",
    authenticate: (request) => sessions.authenticate(request),
    ...(logger && { logger }),
  });

  async function newestOrder(
    memberId: string,
    fields: readonly string[],
  ): Promise<object | undefined> {
    const columns = fields
      .map((field) => `${COLUMNS[field as keyof typeof COLUMNS]} as "${field}"`)
      .join(", ");
    const { rows } = await database.pool.query(
      `select ${columns} from orders where member_id = $1 order by id desc limit 1`,
      [memberId],
    );
    return rows[0];
  }

  return {
    privacy,
    async placeOrder(memberId, { item, phone, address, allergy, note: text }) {
      const reader = await privacy.access.for(memberId, "delivery", { caller: "checkout" });
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
      const kitchen = await privacy.access.for(memberId, "kitchen", { caller: "checkout" });
      const mayKeepAllergy =
        allergy !== null &&
        kitchen.read("order", { id: row.id, memberId, item, allergy, closedAt: null }).permitted;
      await database.pool.query(
        "insert into orders (id, member_id, item, phone, address, allergy) values ($1, $2, $3, $4, $5, $6)",
        [row.id, memberId, item, phone, address, mayKeepAllergy ? allergy : null],
      );
      if (text !== "") {
        await mkdir(join(notes, fileSafe(memberId)), { recursive: true });
        await writeFile(join(notes, memberId, `${row.id}.txt`), text);
      }
      return { id: row.id };
    },
    async courierLabel(memberId) {
      const reader = await privacy.access.for(memberId, "delivery", { caller: "courier-label" });
      const row = await newestOrder(memberId, reader.columns("order"));
      return row === undefined
        ? { permitted: false, reason: "no-order" }
        : reader.read("order", row as never);
    },
    async marketingContact(memberId) {
      const reader = await privacy.access.for(memberId, "marketing", { caller: "marketing" });
      const row = await newestOrder(memberId, reader.columns("order"));
      return row === undefined
        ? { permitted: false, reason: "no-order" }
        : reader.read("order", row as never);
    },
    async close() {
      await privacy.close();
      await database.close();
    },
  };
}

const COLUMNS = {
  id: "id",
  memberId: "member_id",
  item: "item",
  phone: "phone",
  address: "address",
  allergy: "allergy",
  closedAt: "closed_at",
} as const;
