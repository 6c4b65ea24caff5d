import type { PersonalRecord } from "@miniprivacy/core/policy";
import { inBatches, type KeyRange } from "./bulk-batches.ts";
import type { BulkErasure, BulkSelection } from "./bulk-erasure.ts";
import { planDeletion, type Unlink } from "./deletion-plan.ts";
import { equal, unled } from "./joined-path.ts";
import { type KnownTables, leadsToChanged } from "./leads.ts";
import { differing, type GivenRow, givenRow } from "./given-row.ts";
import { ask, type QueryPool } from "./query-pool.ts";
import { requireTenant } from "./require-tenant.ts";
import { POSTGRES_QUOTING, sqlName, sqlTable } from "./sql-name.ts";
import { subjectPath } from "./subject-path.ts";
import { bulkBlank, columnOf, mappingOf, type TableMapping } from "./table-mapping.ts";

/**
 * Erases rows of everybody in the order of their keys. Rows that others still lead to are left as they are.
 *
 * @param clearRemnants What makes erased rows of tables unreadable, where the connector does that.
 */
export function postgresBulk(
  { pool, ...known }: KnownTables & { readonly pool: QueryPool },
  clearRemnants: (tables: readonly string[]) => Promise<void>,
): BulkErasure {
  return {
    async count(record, selection) {
      const rows = selectedRows(known, record, selection);
      const [row] = await ask(
        pool,
        `select count(*) as rows, count(distinct ${rows.person}::text) as persons from ${rows.from} where ${rows.where}`,
        rows.values,
      );
      return { rows: Number(row?.["rows"]), persons: Number(row?.["persons"]) };
    },
    async *erase(record, selection) {
      const rows = selectedRows(known, record, selection);
      const cascaded = yield* eraseRows(pool, known, rows);
      await clearRemnants([rows.table.table, ...cascaded]);
    },
  };
}

/** The rows of a selection that hold something to be erased. */
interface SelectedRows {
  readonly table: TableMapping;
  /** What their columns become; undefined where they go. */
  readonly blank: ReadonlyMap<string, unknown> | undefined;
  readonly own: string;
  /** The values their columns get. */
  readonly given: GivenRow | undefined;
  readonly from: string;
  readonly where: string;
  readonly values: readonly unknown[];
  /** Who they are of, and what tells them apart; quoted. */
  readonly person: string;
  readonly key: string;
}

function selectedRows(
  { tables }: Pick<KnownTables, "tables">,
  record: PersonalRecord,
  selection: BulkSelection,
): SelectedRows {
  const { tenant, collected } = selection;
  const table = mappingOf(tables, record.name);
  requireTenant(table.tenant !== undefined, tenant);
  const blank = bulkBlank(table, record, selection.fields);
  const own = `${sqlTable(table.table)} as target`;
  const conditions = ["true"];
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  if (table.tenant !== undefined) {
    const column = `target.${sqlName(table.tenant)}`;
    conditions.push(`${column} = ${parameter(tenant)}`);
    conditions.push(`${column}::text collate "C" = ${parameter(tenant)}`);
  }
  if (collected !== undefined) {
    const column = `target.${sqlName(columnOf(table, record, collected.field))}`;
    const until = parameter(collected.until.toISOString());
    conditions.push(`(${column} is null or ${column}::timestamptz <= ${until}::timestamptz)`);
  }
  const given = blank && givenRow(table.table, blank, values.length + 1);
  if (blank !== undefined && given !== undefined) {
    values.push(given.value);
    conditions.push(`(${differing(blank)})`);
  }
  return {
    table,
    blank,
    own,
    given,
    from: given === undefined ? own : `${own}, ${given.from}`,
    where: conditions.join(" and "),
    values,
    person: `target.${sqlName(subjectPath(table).column)}`,
    key: `target.${sqlName(table.key)}`,
  };
}

/** @returns Tables whose rows went with them. */
async function* eraseRows(
  pool: QueryPool,
  known: KnownTables,
  rows: SelectedRows,
): AsyncGenerator<number, readonly string[]> {
  const { table, blank, given, key } = rows;
  const plan = blank === undefined ? await planDeletion(table, known) : undefined;
  const leads = plan?.leads ?? (await leadsToChanged(table, [...blank!.keys()], known));
  const led = unled(leads, POSTGRES_QUOTING);

  async function pick(after: unknown, size: number): Promise<unknown> {
    const within = after === undefined ? "" : ` and ${key} > $${rows.values.length + 1}`;
    const [row] = await ask(
      pool,
      `select key::text as last from (
        select ${key} as key from ${rows.from} where ${rows.where}${within} order by 1 limit ${size}) as batch
        order by key desc limit 1`,
      [...rows.values, ...(after === undefined ? [] : [after])],
    );
    return row?.["last"];
  }

  async function change(range: KeyRange<unknown>): Promise<number> {
    const { where, values } = withinRange(rows, range);
    for (const unlink of plan?.unlinks ?? []) await unlinkRows(pool, unlink, rows, range);
    const text =
      given === undefined
        ? `delete from ${rows.own} where ${where}${led}`
        : `update ${rows.own} set ${given.assigned} from ${given.from} where ${where}${led}`;
    const [row] = await ask(
      pool,
      `with changed as (${text} returning 1) select count(*) as count from changed`,
      values,
    );
    return Number(row?.["count"]);
  }

  yield* inBatches({ pick, change });
  return plan?.cascaded ?? [];
}

/** Rows that refer to those of a batch let go of them. */
async function unlinkRows(
  pool: QueryPool,
  { child, columns, links }: Unlink,
  rows: SelectedRows,
  range: KeyRange<unknown>,
): Promise<void> {
  const { where, values } = withinRange(rows, range);
  const linked = links.map(
    ([column, key]) => [`child.${sqlName(column)}`, `target.${sqlName(key)}`] as const,
  );
  await ask(
    pool,
    `update ${sqlTable(child.table)} as child set ${columns.map((column) => `${sqlName(column)} = null`).join(", ")}
      from ${rows.from} where ${where} and ${equal(linked)}`,
    values,
  );
}

function withinRange(
  { where, values, key }: SelectedRows,
  { after, last }: KeyRange<unknown>,
): { readonly where: string; readonly values: readonly unknown[] } {
  const n = values.length;
  const upTo = `${where} and ${key} <= $${n + 1}`;
  if (after === undefined) return { where: upTo, values: [...values, last] };
  return { where: `${upTo} and ${key} > $${n + 2}`, values: [...values, last, after] };
}
