import { join } from "node:path";
import {
  type Connector,
  mysqlConnector,
  postgresConnector,
  sqlColumns,
  type TableMapping,
} from "@miniprivacy/node";
import mysql from "mysql2/promise";
import pg from "pg";
import { openShopDatabase } from "./shop-database.ts";
import { MYSQL_TABLES, POSTGRES_TABLES } from "./shop-tables.ts";

/** The shop's tables, on whatever database it has. */
export interface Orders {
  readonly connector: Connector;
  add(order: OrderRow): Promise<void>;
  addPickup(code: string, item: string): Promise<void>;
  /** These fields of the order a customer made last. */
  newest(memberId: string, fields: readonly string[]): Promise<object | undefined>;
  close(): Promise<void>;
}

export interface OrderRow {
  readonly id: string;
  readonly memberId: string;
  readonly item: string;
  readonly phone: string;
  readonly address: string;
  readonly allergy: string | null;
}

/** Opens them on the server at a `postgres://` or `mysql://` address, its tables made when missing; else in a folder. */
export function openOrders(dir: string, url = process.env["SHOP_DATABASE_URL"]): Promise<Orders> {
  if (!url) return embeddedOrders(join(dir, "shop-database"));
  return url.startsWith("mysql:") ? mysqlOrders(url) : postgresOrders(url);
}

const order: TableMapping = {
  table: "orders",
  key: "id",
  subject: "member_id",
  columns: { closedAt: "closed_at" },
  blank: { phone: "", address: "" },
};

/** A server of a demo is thrown away with its logs; yours keeps them for some days, and says so here. */
const kept = { keptDays: 0 };

async function embeddedOrders(dir: string): Promise<Orders> {
  const database = await openShopDatabase(dir);
  const { pool } = database;
  const connector = postgresConnector({ pool, tables: { order }, vacuum: "full", wal: "switch" });
  const ask: Ask = async (text, values) => (await pool.query(text, values)).rows;
  return { connector, ...ordersBy(ask, "postgres"), close: () => database.close() };
}

async function postgresOrders(connectionString: string): Promise<Orders> {
  const pool = new pg.Pool({ connectionString });
  pool.on("error", () => {});
  const connector = postgresConnector({ pool, tables: { order }, wal: kept });
  const ask: Ask = async (text, values) => (await pool.query(text, values)).rows;
  for (const statement of POSTGRES_TABLES) await ask(statement, []);
  return { connector, ...ordersBy(ask, "postgres"), close: () => pool.end() };
}

async function mysqlOrders(uri: string): Promise<Orders> {
  const pool = mysql.createPool({ uri, charset: "utf8mb4" });
  const connector = mysqlConnector({ pool, tables: { order }, undo: kept, binlog: kept });
  const ask: Ask = async (text, values) => {
    const [rows] = await pool.execute(text.replaceAll(/\$\d/g, "?"), values);
    return rows as Rows;
  };
  for (const statement of MYSQL_TABLES) await ask(statement, []);
  return { connector, ...ordersBy(ask, "mysql"), close: () => pool.end() };
}

type Rows = readonly Record<string, unknown>[];
/** `$1` and so on stand for the values, in their order. */
type Ask = (text: string, values: (string | null)[]) => Promise<Rows>;

function ordersBy(
  ask: Ask,
  dialect: "postgres" | "mysql",
): Pick<Orders, "add" | "addPickup" | "newest"> {
  return {
    async add({ id, memberId, item, phone, address, allergy }) {
      await ask(
        "insert into orders (id, member_id, item, phone, address, allergy) values ($1, $2, $3, $4, $5, $6)",
        [id, memberId, item, phone, address, allergy],
      );
    },
    async addPickup(code, item) {
      await ask("insert into pickups (code, item) values ($1, $2)", [code, item]);
    },
    async newest(memberId, fields) {
      const columns = sqlColumns(fields, { names: COLUMNS, dialect });
      const [row] = await ask(
        `select ${columns} from orders where member_id = $1 order by id desc limit 1`,
        [memberId],
      );
      return row;
    },
  };
}

/** Columns that are not called like their fields. */
const COLUMNS = { memberId: "member_id", closedAt: "closed_at" };
