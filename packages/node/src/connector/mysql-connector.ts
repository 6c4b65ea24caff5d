import { PrivacyError } from "@miniprivacy/core/errors";
import { requireKeepDays } from "../retention/keep-days.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import type { Connector } from "./connector.ts";
import { keptRemnants } from "./kept-remnants.ts";
import { mysqlName, mysqlTable } from "./mysql-name.ts";
import { requireTenant } from "./require-tenant.ts";
import {
  blankColumns,
  blankValues,
  clearedColumns,
  columnNames,
  columnOf,
  constraintForbids,
  keyFieldOf,
  mappingOf,
  patchedColumns,
  recordRow,
  selectorOf,
  spelledOtherwise,
  subjectColumns,
  type TableMapping,
  type Tables,
  techniqueOf,
  tenantsApart,
} from "./table-mapping.ts";

/** The host's own pool, as `mysql2/promise` has it. Its connections must use `utf8mb4`. */
export interface MysqlPool {
  execute(text: string, values?: (string | number | Buffer | null)[]): Promise<[unknown, unknown]>;
}

export interface MysqlConnectorOptions {
  readonly pool: MysqlPool;
  /** By record name. */
  readonly tables: Tables;
  /** How many days the undo log and free pages keep old rows: InnoDB purges them when no transaction needs them. */
  readonly undo: { readonly keptDays: number };
  /** How many days binary logs and replicas keep old rows; `'off'` for a server without, which is made sure of. */
  readonly binlog: { readonly keptDays: number } | "off";
}

type Rows = readonly Record<string, unknown>[];
type Values = (string | number | Buffer | null)[];

/**
 * Connects tables of a MySQL or MariaDB database (tested on MariaDB 10.11).
 *
 * @throws TypeError when a name cannot be one; PrivacyError `ERR_CONFIG_INVALID` for `keptDays` that is no whole number of
 *   days.
 */
export function mysqlConnector(options: MysqlConnectorOptions): Connector {
  const { pool, tables, undo, binlog } = options;
  requireKeepDays(undo.keptDays, "undo.keptDays");
  if (binlog !== "off") requireKeepDays(binlog.keptDays, "binlog.keptDays");
  for (const mapping of Object.values(tables)) {
    mysqlTable(mapping.table);
    columnNames(mapping).forEach((name) => mysqlName(name));
  }
  const mapping = ({ name }: { readonly name: string }): TableMapping => mappingOf(tables, name);

  async function chosen(table: TableMapping, of: SubjectIdentity): Promise<Chosen> {
    requireTenant(table.tenant !== undefined, of.tenant);
    const pairs = subjectColumns(table, of);
    if (pairs.some(([, value]) => !isAscii(value))) await requireUtf8(pool);
    return chosenRows(pairs);
  }

  async function blankRows(
    table: TableMapping,
    of: SubjectIdentity,
    blank: ReadonlyMap<string, unknown>,
  ): Promise<void> {
    const { where, spelling, values, spelled } = await chosen(table, of);
    await ask(
      pool,
      `update ${mysqlTable(table.table)} set ${assigned(blank)} where ${where} and ${spelling}`,
      [...given(blank), ...values, ...spelled],
    );
  }

  return {
    kind: "database",
    records: Object.keys(tables),
    separatesTenants: tenantsApart(tables),
    keyField: (record) => keyFieldOf(mapping(record), record),
    async describe(record) {
      const table = mappingOf(tables, record);
      const [row] = await rowsOf(pool, "select version() as version");
      const version = String(row?.["version"]);
      return {
        selector: selectorOf(table),
        technique: techniqueOf(table),
        tool: version.includes("MariaDB") ? "MariaDB" : "MySQL",
        toolVersion: version,
      };
    },
    async find(record, of) {
      const table = mapping(record);
      const { where, spelling, values, spelled } = await chosen(table, of);
      const columns = Object.keys(record.fields).map(
        (field, i) => `${mysqlName(columnOf(table, record, field))} as f${i}`,
      );
      const rows = await rowsOf(
        pool,
        `select ${columns.join(", ")}, ${spelling} as spelt from ${mysqlTable(table.table)} where ${where}`,
        [...spelled, ...values],
      );
      if (rows.some(({ spelt }) => Number(spelt) !== 1)) throw spelledOtherwise();
      return rows.map((row) => recordRow(record, of.subjectId, row));
    },
    async count(record, of) {
      const table = mapping(record);
      const { where, spelling, values, spelled } = await chosen(table, of);
      const [row] = await rowsOf(
        pool,
        `select count(*) as count, coalesce(min(${spelling}), 1) as spelt from ${mysqlTable(table.table)} where ${where}`,
        [...spelled, ...values],
      );
      if (Number(row?.["spelt"]) !== 1) throw spelledOtherwise();
      return Number(row?.["count"]);
    },
    async erase(record, of) {
      if (binlog === "off") await requireNoBinlog(pool);
      const table = mapping(record);
      const { where, spelling, values, spelled } = await chosen(table, of);
      const blank = blankColumns(table, record);
      if (blank === undefined)
        await ask(pool, `delete from ${mysqlTable(table.table)} where ${where} and ${spelling}`, [
          ...values,
          ...spelled,
        ]);
      else await blankRows(table, of, blank);
    },
    async eraseFields(record, of, fields) {
      if (binlog === "off") await requireNoBinlog(pool);
      if (fields.length === 0) return;
      const table = mapping(record);
      await blankRows(table, of, clearedColumns(table, record, fields));
    },
    blankValues: (record) => blankValues(mapping(record)),
    async remnants(_record, now) {
      return keptRemnants(now, {
        "undo log": undo.keptDays,
        "binary log": binlog === "off" ? 0 : binlog.keptDays,
      });
    },
    async rectify(record, of, key, patch) {
      const table = mapping(record);
      const changed = patchedColumns(table, record, patch);
      await requireStrict(pool);
      const { where, spelling, values, spelled } = await chosen(table, of);
      const only = `where ${where} and ${spelling} and ${bytesOf(table.key)} = ?`;
      const chosenValues = [...values, ...spelled, Buffer.from(key)];
      const found = await rowsOf(
        pool,
        `select 1 from ${mysqlTable(table.table)} ${only}`,
        chosenValues,
      );
      if (found.length === 0) return false;
      try {
        await pool.execute(`update ${mysqlTable(table.table)} set ${assigned(changed)} ${only}`, [
          ...given(changed),
          ...chosenValues,
        ]);
        return true;
      } catch (cause) {
        if (isDataFault(cause) || isConstraint(cause))
          throw new PrivacyError("ERR_INPUT_INVALID", { cause });
        throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
      }
    },
  };
}

/**
 * How a person's rows are chosen. Columns are compared as what they are, so that their indexes serve; `spelling` says whether
 * their text is the id, byte by byte: most collations take several spellings for one, and a number takes any text that
 * begins with it.
 */
interface Chosen {
  readonly where: string;
  readonly values: Values;
  readonly spelling: string;
  readonly spelled: Values;
}

function chosenRows(pairs: readonly (readonly [column: string, value: string])[]): Chosen {
  return {
    where: pairs.map(([column]) => `${mysqlName(column)} = ?`).join(" and "),
    values: pairs.map(([, value]) => value),
    spelling: pairs.map(([column]) => `${bytesOf(column)} = ?`).join(" and "),
    spelled: pairs.map(([, value]) => Buffer.from(value)),
  };
}

function bytesOf(column: string): string {
  return `cast(convert(${mysqlName(column)} using utf8mb4) as binary)`;
}

function assigned(columns: ReadonlyMap<string, unknown>): string {
  return Array.from(columns.keys(), (column) => `${mysqlName(column)} = ?`).join(", ");
}

/** Lists and structures are JSON; a yes or no is a number. */
function given(columns: ReadonlyMap<string, unknown>): Values {
  return Array.from(columns.values(), (value) => {
    if (typeof value === "string" || typeof value === "number" || value === null) return value;
    if (typeof value === "boolean") return Number(value);
    return value instanceof Date ? value.toISOString() : JSON.stringify(value);
  });
}

async function rowsOf(pool: MysqlPool, text: string, values: Values = []): Promise<Rows> {
  return (await ask(pool, text, values)) as Rows;
}

/**
 * Asks the host's database. What it says of a failure may quote values: it stays with the process as the cause.
 *
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE`; `ERR_CONFIG_INVALID` when a constraint forbids what is asked.
 */
async function ask(pool: MysqlPool, text: string, values: Values): Promise<unknown> {
  try {
    return (await pool.execute(text, values))[0];
  } catch (cause) {
    if (isConstraint(cause)) throw constraintForbids(cause);
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
  }
}

/** SQLSTATE class 23, which MySQL gives to NOT NULL, UNIQUE and foreign keys. */
function isConstraint(cause: unknown): boolean {
  return String((cause as { sqlState?: unknown }).sqlState).startsWith("23");
}

/** SQLSTATE class 22, and a text its column's character set does not have. */
function isDataFault(cause: unknown): boolean {
  const { sqlState, errno } = cause as { readonly sqlState?: unknown; readonly errno?: unknown };
  return String(sqlState).startsWith("22") || errno === 1366 || errno === 1265;
}

/** Without it a text that does not fit would be cut off without a word. @throws PrivacyError `ERR_CONFIG_INVALID` */
async function requireStrict(pool: MysqlPool): Promise<void> {
  const [row] = await rowsOf(pool, "select @@sql_mode as mode");
  if (/STRICT_(?:TRANS|ALL)_TABLES/.test(String(row?.["mode"]))) return;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "sql_mode is not strict" });
}

/** @throws PrivacyError `ERR_CONFIG_INVALID` where an id would not arrive as it is. */
async function requireUtf8(pool: MysqlPool): Promise<void> {
  const [row] = await rowsOf(pool, "select @@character_set_client as charset");
  if (row?.["charset"] === "utf8mb4") return;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the connection does not use utf8mb4" });
}

/** @throws PrivacyError `ERR_CONFIG_INVALID` where the server writes a binary log. */
async function requireNoBinlog(pool: MysqlPool): Promise<void> {
  const [row] = await rowsOf(pool, "select @@log_bin as log");
  if (Number(row?.["log"]) === 0) return;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the server writes a binary log" });
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
