import { PrivacyError } from "@miniprivacy/core/errors";
import type * as Mysql from "mysql2/promise";
import pg from "pg";
import type { Catalog, ForeignKey, Index } from "../connector/catalog.ts";
import { mysqlCatalog } from "../connector/mysql-catalog.ts";
import { type MysqlPool, mysqlRows } from "../connector/mysql-pool.ts";
import { postgresCatalog } from "../connector/postgres-catalog.ts";
import { ask, type QueryPool } from "../connector/query-pool.ts";

/** What a database says of its tables. No row of them was read for it. */
export interface Schema {
  readonly dialect: Dialect;
  readonly tables: readonly SchemaTable[];
}

export type Dialect = "mysql" | "postgres";

export interface SchemaTable {
  /** As a mapping names it. */
  readonly name: string;
  readonly columns: readonly SchemaColumn[];
  readonly indexes: readonly Index[];
  /** Those of its own columns. */
  readonly foreignKeys: readonly ForeignKey[];
}

export interface SchemaColumn {
  readonly name: string;
  /** What the drivers give of it; `unknown` for dates, structures, bytes and numbers too long for JavaScript. */
  readonly holds: "string" | "number" | "boolean" | "unknown";
  readonly nullable: boolean;
}

/**
 * Reads the schema of the database at a `mysql://` or `postgres://` address.
 *
 * @param work Asks the catalog further while the database is open.
 * @throws PrivacyError `ERR_CONFIG_INVALID` for another address, and for MySQL without the package `mysql2`;
 *   `ERR_STORE_UNAVAILABLE` when the server cannot be asked. Neither holds the address: passwords stand in it.
 */
export async function withSchema<Value>(
  url: string,
  work: (schema: Schema, catalog: Catalog) => Promise<Value>,
): Promise<Value> {
  if (url.startsWith("mysql://")) return onMysql(url, work);
  if (/^postgres(?:ql)?:\/\//.test(url)) return onPostgres(url, work);
  throw new PrivacyError("ERR_CONFIG_INVALID", {
    detail: "--from takes mysql://… or postgres://…",
  });
}

type Work<Value> = (schema: Schema, catalog: Catalog) => Promise<Value>;

async function onMysql<Value>(uri: string, work: Work<Value>): Promise<Value> {
  const { createPool } = await mysql2();
  const pool = createPool({ uri, charset: "utf8mb4", connectionLimit: 1 });
  try {
    return await work(await mysqlSchema(pool), mysqlCatalog(pool));
  } finally {
    await pool.end();
  }
}

async function onPostgres<Value>(connectionString: string, work: Work<Value>): Promise<Value> {
  const pool = new pg.Pool({ connectionString, max: 1 });
  pool.on("error", () => {});
  try {
    return await work(await postgresSchema(pool), postgresCatalog(pool));
  } finally {
    await pool.end();
  }
}

async function mysql2(): Promise<typeof Mysql> {
  try {
    return await import("mysql2/promise");
  } catch (cause) {
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "mysql2 is not installed", cause });
  }
}

async function mysqlSchema(pool: MysqlPool): Promise<Schema> {
  const columns = (await mysqlRows(pool, MYSQL_COLUMNS)) as unknown as readonly ColumnRow[];
  return { dialect: "mysql", tables: await tablesOf(columns, mysqlCatalog(pool)) };
}

async function postgresSchema(pool: QueryPool): Promise<Schema> {
  const columns = (await ask(pool, POSTGRES_COLUMNS)) as unknown as readonly ColumnRow[];
  return { dialect: "postgres", tables: await tablesOf(columns, postgresCatalog(pool)) };
}

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: unknown;
}

/** In both: not what a mapping cannot name. */
const MYSQL_COLUMNS = `
  select c.table_name as \`table\`, c.column_name as name, c.data_type as type, c.is_nullable = 'YES' as nullable
  from information_schema.columns c join information_schema.tables t
    on t.table_schema = c.table_schema and t.table_name = c.table_name
  where c.table_schema = database() and t.table_type = 'BASE TABLE' and c.table_name not like '%.%'
  order by c.table_name, c.ordinal_position`;

const POSTGRES_COLUMNS = `
  select case when pg_table_is_visible(c.oid) then relname else nspname || '.' || relname end as table,
    attname as name, format_type(atttypid, null) as type, not attnotnull as nullable
  from pg_attribute join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace
  where relkind in ('r', 'p') and not relispartition and attnum > 0 and not attisdropped
    and nspname not in ('pg_catalog', 'information_schema') and nspname not like 'pg\\_%'
    and nspname || relname not like '%.%'
  order by nspname, relname, attnum`;

async function tablesOf(
  rows: readonly ColumnRow[],
  catalog: Catalog,
): Promise<readonly SchemaTable[]> {
  const columns = new Map<string, SchemaColumn[]>();
  for (const { table, name, type, nullable } of rows) {
    const column = { name, holds: heldBy(type), nullable: Boolean(nullable) };
    columns.set(table, [...(columns.get(table) ?? []), column]);
  }
  const tables: SchemaTable[] = [];
  for (const [name, own] of columns)
    tables.push({
      name,
      columns: own,
      indexes: await catalog.indexes(name),
      foreignKeys: await catalog.foreignKeysOf(name),
    });
  return tables;
}

function heldBy(type: string): SchemaColumn["holds"] {
  if (/char|text|^uuid$|^enum$|^set$/.test(type)) return "string";
  if (/^(?:boolean|bool)$/.test(type)) return "boolean";
  return /^(?:tinyint|smallint|mediumint|int|integer|real|float|double|double precision)$/.test(
    type,
  )
    ? "number"
    : "unknown";
}
