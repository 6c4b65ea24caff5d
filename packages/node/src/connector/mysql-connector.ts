import { PrivacyError } from "@miniprivacy/core/errors";
import { requireKeepDays } from "../retention/keep-days.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { planDeletion, type Unlink } from "./deletion-plan.ts";
import {
  equal,
  type JoinedPath,
  joinSubject,
  type Lead,
  ledTo,
  subjectColumns,
} from "./joined-path.ts";
import { keptRemnants } from "./kept-remnants.ts";
import { keyedPath } from "./keyed-path.ts";
import { leadsToChanged, stillLedTo } from "./leads.ts";
import { erasureOrder, requireMappings, subjectColumnsOf } from "./mapped-tables.ts";
import { missingIndexes } from "./missing-indexes.ts";
import { assigned, bytesOf, given, requireArrival, unled } from "./mysql-assignment.ts";
import { mysqlBulk } from "./mysql-bulk.ts";
import { mysqlCatalog } from "./mysql-catalog.ts";
import { MYSQL_QUOTING, mysqlName } from "./mysql-name.ts";
import {
  askMysql,
  isConstraint,
  isMysqlDataFault,
  type MysqlPool,
  mysqlRows,
  type MysqlValues,
} from "./mysql-pool.ts";
import { mysqlSubjects } from "./mysql-subjects.ts";
import { requireTenant } from "./require-tenant.ts";
import type { SqlConnector } from "./sql-connector.ts";
import { subjectPath } from "./subject-path.ts";
import {
  blankColumns,
  blankValues,
  clearedColumns,
  columnOf,
  keyFieldOf,
  mappingOf,
  patchedColumns,
  recordRow,
  selectorOf,
  spelledOtherwise,
  type TableMapping,
  type Tables,
  techniqueOf,
  tenantsApart,
} from "./table-mapping.ts";

export interface MysqlConnectorOptions {
  readonly pool: MysqlPool;
  /** By record name. */
  readonly tables: Tables;
  /** How many days the undo log and free pages keep old rows: InnoDB purges them when no transaction needs them. */
  readonly undo: { readonly keptDays: number };
  /** How many days binary logs and replicas keep old rows; `'off'` for a server without, which is made sure of. */
  readonly binlog: { readonly keptDays: number } | "off";
}

/**
 * Connects tables of a MySQL or MariaDB database (tested on MariaDB 10.11).
 *
 * @throws TypeError when a name cannot be one; PrivacyError `ERR_CONFIG_INVALID` for `keptDays` that is no whole number of
 *   days, and for mappings that take rows from others or lead in a circle.
 */
export function mysqlConnector(options: MysqlConnectorOptions): SqlConnector {
  const { pool, tables, undo, binlog } = options;
  requireKeepDays(undo.keptDays, "undo.keptDays");
  if (binlog !== "off") requireKeepDays(binlog.keptDays, "binlog.keptDays");
  requireMappings(tables, MYSQL_QUOTING);
  const records = erasureOrder(tables);
  const catalog = mysqlCatalog(pool);
  const mapping = ({ name }: { readonly name: string }): TableMapping => mappingOf(tables, name);

  async function requireRules(): Promise<void> {
    if (binlog === "off") await requireNoBinlog(pool);
  }

  async function rowsOf(
    table: TableMapping,
    of: SubjectIdentity,
    alias = "target",
  ): Promise<ChosenRows> {
    requireTenant(table.tenant !== undefined, of.tenant);
    await requireArrival(pool, of.subjectId + of.tenant);
    const path = await keyedPath(subjectPath(table), catalog);
    return chosenRows(joinSubject({ mapping: table, path }, of, { alias, sql: MYSQL_QUOTING }));
  }

  async function blankRows(
    table: TableMapping,
    of: SubjectIdentity,
    blank: ReadonlyMap<string, unknown>,
  ): Promise<void> {
    const rows = await rowsOf(table, of);
    const leads = await leadsToChanged(table, [...blank.keys()], { tables, catalog });
    const { from, where, values } = rows;
    const text = `update ${from} set ${assigned(blank)} where ${where}${unled(leads)}`;
    await askMysql(pool, text, [...given(blank), ...values]);
    await requireNoneLed(rows, leads);
  }

  async function deleteRows(table: TableMapping, of: SubjectIdentity): Promise<void> {
    const rows = await rowsOf(table, of);
    const { unlinks, leads } = await planDeletion(table, { tables, catalog });
    for (const unlink of unlinks) await unlinkRows(unlink, table, of);
    const { from, where, values } = rows;
    await askMysql(pool, `delete target from ${from} where ${where}${unled(leads)}`, values);
    await requireNoneLed(rows, leads);
  }

  async function unlinkRows(
    { child, columns, links }: Unlink,
    table: TableMapping,
    of: SubjectIdentity,
  ): Promise<void> {
    const rows = await rowsOf(child, of);
    const gone = await rowsOf(table, of, "gone");
    const linked = links.map(
      ([column, key]) => [`target.${mysqlName(column)}`, `gone.${mysqlName(key)}`] as const,
    );
    await askMysql(
      pool,
      `update ${rows.from}, ${gone.from} set ${assigned(new Map(columns.map((column) => [column, null])))}
        where ${rows.where} and ${gone.where} and ${equal(linked)}`,
      [...columns.map(() => null), ...rows.values, ...gone.values],
    );
  }

  /** Rows that others lead to were left as they are. */
  async function requireNoneLed(rows: ChosenRows, leads: readonly Lead[]): Promise<void> {
    const led = ledTo(leads, MYSQL_QUOTING);
    if (led === undefined) return;
    const { from, where, values } = rows;
    const left = await mysqlRows(
      pool,
      `select 1 from ${from} where ${where} and ${led} limit 1`,
      values,
    );
    if (left.length > 0) throw stillLedTo(leads);
  }

  return {
    kind: "database",
    records,
    separatesTenants: tenantsApart(tables),
    keyField: (record) => keyFieldOf(mapping(record), record),
    async describe(record) {
      const table = mappingOf(tables, record);
      const [row] = await mysqlRows(pool, "select version() as version");
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
      const { from, found, spelling, foundValues } = await rowsOf(table, of);
      const columns = Object.keys(record.fields).map(
        (field, i) => `target.${mysqlName(columnOf(table, record, field))} as f${i}`,
      );
      const rows = await mysqlRows(
        pool,
        `select ${columns.join(", ")}, ${spelling} as spelt from ${from} where ${found}`,
        foundValues,
      );
      if (rows.some(({ spelt }) => Number(spelt) !== 1)) throw spelledOtherwise();
      return rows.map((row) => recordRow(record, of.subjectId, row));
    },
    async count(record, of) {
      const { from, found, spelling, foundValues } = await rowsOf(mapping(record), of);
      const [row] = await mysqlRows(
        pool,
        `select count(*) as count, coalesce(min(${spelling}), 1) as spelt from ${from} where ${found}`,
        foundValues,
      );
      if (Number(row?.["spelt"]) !== 1) throw spelledOtherwise();
      return Number(row?.["count"]);
    },
    async erase(record, of) {
      await requireRules();
      const table = mapping(record);
      const blank = blankColumns(table, record);
      if (blank === undefined) await deleteRows(table, of);
      else await blankRows(table, of, blank);
    },
    async eraseFields(record, of, fields) {
      await requireRules();
      if (fields.length === 0) return;
      const table = mapping(record);
      await blankRows(table, of, clearedColumns(table, record, fields));
    },
    async *subjects(record) {
      const table = mapping(record);
      const path = await keyedPath(subjectPath(table), catalog);
      yield* mysqlSubjects(pool, subjectColumns({ mapping: table, path }, MYSQL_QUOTING));
    },
    missingIndexes: () => missingIndexes(tables, catalog),
    blankValues: (record) => blankValues(mapping(record)),
    bulk: mysqlBulk({ pool, tables, catalog }, requireRules),
    async remnants(_record, now) {
      return keptRemnants(now, {
        "undo log": undo.keptDays,
        "binary log": binlog === "off" ? 0 : binlog.keptDays,
      });
    },
    async rectify(record, of, key, patch) {
      const table = mapping(record);
      const fixed = subjectColumnsOf(table.table, tables);
      const changed = patchedColumns({ table, fixed }, record, patch);
      await requireStrict(pool);
      const { from, where, values } = await rowsOf(table, of);
      const only = `where ${where} and ${bytesOf(`target.${mysqlName(table.key)}`)} = ?`;
      const chosen = [...values, Buffer.from(key)];
      const found = await mysqlRows(pool, `select 1 from ${from} ${only}`, chosen);
      if (found.length === 0) return false;
      try {
        await pool.execute(`update ${from} set ${assigned(changed)} ${only}`, [
          ...given(changed),
          ...chosen,
        ]);
        return true;
      } catch (cause) {
        if (isMysqlDataFault(cause) || isConstraint(cause))
          throw new PrivacyError("ERR_INPUT_INVALID", { cause });
        throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
      }
    },
  };
}

/**
 * How a person's rows are chosen. Columns are compared as what they are, so that their indexes serve; `spelling` says whether
 * their text is the id, byte by byte: most collations take several spellings for one, and a number takes any text that
 * begins with it. Columns of which one refers to the other are compared likewise.
 */
interface ChosenRows {
  readonly from: string;
  /** Rows as the columns take the id, and whether they have it. */
  readonly found: string;
  readonly spelling: string;
  /** Of `spelling`, then of `found`. */
  readonly foundValues: MysqlValues;
  /** Rows that have it. */
  readonly where: string;
  readonly values: MysqlValues;
}

function chosenRows({ tables, joins, values: held }: JoinedPath): ChosenRows {
  const found = equal([...joins, ...held.map(([column]) => [column, "?"] as const)]);
  const spelling = equal([
    ...joins.map(([from, to]) => [bytesOf(from), bytesOf(to)] as const),
    ...held.map(([column]) => [bytesOf(column), "?"] as const),
  ]);
  const values = held.map(([, value]) => value);
  const spelled = values.map((value) => Buffer.from(value));
  return {
    from: tables.join(", "),
    found,
    spelling,
    foundValues: [...spelled, ...values],
    where: `${found} and ${spelling}`,
    values: [...values, ...spelled],
  };
}

/** Without it a text that does not fit would be cut off without a word. @throws PrivacyError `ERR_CONFIG_INVALID` */
async function requireStrict(pool: MysqlPool): Promise<void> {
  const [row] = await mysqlRows(pool, "select @@sql_mode as mode");
  if (/STRICT_(?:TRANS|ALL)_TABLES/.test(String(row?.["mode"]))) return;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "sql_mode is not strict" });
}

/** @throws PrivacyError `ERR_CONFIG_INVALID` where the server writes a binary log. */
async function requireNoBinlog(pool: MysqlPool): Promise<void> {
  const [row] = await mysqlRows(pool, "select @@log_bin as log");
  if (Number(row?.["log"]) === 0) return;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the server writes a binary log" });
}
