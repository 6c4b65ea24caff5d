import { PrivacyError } from "@miniprivacy/core/errors";
import type { PersonalRecord } from "@miniprivacy/core/policy";
import { inBatches, type KeyRange } from "./bulk-batches.ts";
import type { BulkErasure, BulkSelection } from "./bulk-erasure.ts";
import { planDeletion, type Unlink } from "./deletion-plan.ts";
import { equal, unled } from "./joined-path.ts";
import { type KnownTables, leadsToChanged } from "./leads.ts";
import { assigned, given } from "./mysql-assigned.ts";
import { schemaAndName } from "./mysql-catalog.ts";
import { MYSQL_QUOTING, mysqlName } from "./mysql-name.ts";
import {
  affectedRows,
  askMysql,
  type MysqlPool,
  mysqlRows,
  type MysqlValues,
} from "./mysql-pool.ts";
import { lastMysqlKey, type MysqlKey, type RangedRows, withinMysqlRange } from "./mysql-ranges.ts";
import { bytesOf, requireArrival } from "./mysql-rows.ts";
import { requireTenant } from "./require-tenant.ts";
import { subjectPath } from "./subject-path.ts";
import { bulkBlank, columnOf, mappingOf, type TableMapping } from "./table-mapping.ts";

type Known = KnownTables & { readonly pool: MysqlPool };

/**
 * Erases rows of everybody in the order of their keys. Rows that others still lead to are left as they are.
 *
 * @param requireRules Makes sure that what the host says of the server holds.
 */
export function mysqlBulk(known: Known, requireRules: () => Promise<void>): BulkErasure {
  return {
    async count(record, selection) {
      const { from, where, values, person } = await selectedRows(known, record, selection);
      const [row] = await mysqlRows(
        known.pool,
        `select count(*) as found, count(distinct ${bytesOf(person)}) as persons from ${from} where ${where}`,
        values,
      );
      return { rows: Number(row?.["found"]), persons: Number(row?.["persons"]) };
    },
    async *erase(record, selection) {
      await requireRules();
      yield* eraseRows(known, await selectedRows(known, record, selection));
    },
  };
}

/** The rows of a selection that hold something to be erased. */
interface SelectedRows extends RangedRows {
  readonly table: TableMapping;
  /** What their columns become; undefined where they go. */
  readonly blank: ReadonlyMap<string, unknown> | undefined;
  /** Who they are of; quoted. */
  readonly person: string;
}

async function selectedRows(
  { pool, tables }: Known,
  record: PersonalRecord,
  selection: BulkSelection,
): Promise<SelectedRows> {
  const { tenant, collected } = selection;
  const table = mappingOf(tables, record.name);
  requireTenant(table.tenant !== undefined, tenant);
  await requireArrival(pool, tenant);
  const blank = bulkBlank(table, record, selection.fields);
  const conditions = ["true"];
  const values: MysqlValues = [];
  if (table.tenant !== undefined) {
    const column = `target.${mysqlName(table.tenant)}`;
    conditions.push(`${column} = ? and ${bytesOf(column)} = ?`);
    values.push(tenant, Buffer.from(tenant));
  }
  if (collected !== undefined) {
    const name = columnOf(table, record, collected.field);
    await requireMoments(pool, table.table, name);
    const column = `target.${mysqlName(name)}`;
    conditions.push(`(${column} is null or ${column} <= ?)`);
    values.push(collected.until);
  }
  if (blank !== undefined) {
    const differs = Array.from(blank.keys(), (name) => `not (target.${mysqlName(name)} <=> ?)`);
    conditions.push(`(${differs.join(" or ")})`);
    values.push(...given(blank));
  }
  return {
    table,
    blank,
    from: `${MYSQL_QUOTING.table(table.table)} as target`,
    where: conditions.join(" and "),
    values,
    person: `target.${mysqlName(subjectPath(table).column)}`,
    key: `target.${mysqlName(table.key)}`,
  };
}

/** A text would be compared with a moment by the letters it begins with. @throws PrivacyError `ERR_CONFIG_INVALID` */
async function requireMoments(pool: MysqlPool, table: string, column: string): Promise<void> {
  const [row] = await mysqlRows(
    pool,
    `select data_type as type from information_schema.columns
      where table_schema = coalesce(?, database()) and table_name = ? and column_name = ?`,
    [...schemaAndName(table), column],
  );
  if (["datetime", "timestamp", "date"].includes(String(row?.["type"]))) return;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `${table}.${column} holds no moments` });
}

async function* eraseRows(known: Known, rows: SelectedRows): AsyncGenerator<number> {
  const { pool } = known;
  const { table, blank, from } = rows;
  const plan = blank === undefined ? await planDeletion(table, known) : undefined;
  const leads = plan?.leads ?? (await leadsToChanged(table, [...blank!.keys()], known));
  const led = unled(leads, MYSQL_QUOTING);

  async function change(range: KeyRange<MysqlKey>): Promise<number> {
    for (const unlink of plan?.unlinks ?? []) await unlinkRows(pool, unlink, rows, range);
    const { where, values } = withinMysqlRange(rows, range);
    const changed =
      blank === undefined
        ? await askMysql(pool, `delete target from ${from} where ${where}${led}`, values)
        : await askMysql(pool, `update ${from} set ${assigned(blank)} where ${where}${led}`, [
            ...given(blank),
            ...values,
          ]);
    return affectedRows(changed);
  }

  yield* inBatches({
    pick: (after: MysqlKey | undefined, size) => lastMysqlKey(pool, rows, after, size),
    change,
  });
}

/** Rows that refer to those of a batch let go of them. */
async function unlinkRows(
  pool: MysqlPool,
  { child, columns, links }: Unlink,
  rows: SelectedRows,
  range: KeyRange<MysqlKey>,
): Promise<void> {
  const { where, values } = withinMysqlRange(rows, range);
  const linked = links.map(
    ([column, key]) => [`child.${mysqlName(column)}`, `target.${mysqlName(key)}`] as const,
  );
  const loose = columns.map((column) => `child.${mysqlName(column)} = null`);
  await askMysql(
    pool,
    `update ${MYSQL_QUOTING.table(child.table)} as child, ${rows.from} set ${loose.join(", ")}
      where ${where} and ${equal(linked)}`,
    values,
  );
}
