import type { PersonalRecord } from "@miniprivacy/core/policy";
import { planDeletion, type Unlink } from "./deletion-plan.ts";
import { assigned, given } from "./mysql-assigned.ts";
import { equal, type Lead, ledTo, unled } from "./joined-path.ts";
import { leadsToChanged, stillLedTo } from "./leads.ts";
import { makeMysqlChange, type MysqlChange } from "./mysql-change.ts";
import { MYSQL_QUOTING, mysqlName } from "./mysql-name.ts";
import { type MysqlPool, mysqlRows, type MysqlValues } from "./mysql-pool.ts";
import { chooseMysqlRows, type ChosenMysqlRows, type MysqlCall } from "./mysql-rows.ts";
import { blankColumns, mappingOf, type TableMapping } from "./table-mapping.ts";

/** @param count How many rows the record is thought to have (they are counted). */
export async function eraseMysqlRows(
  call: MysqlCall,
  record: PersonalRecord,
  count?: number,
): Promise<void> {
  const table = mappingOf(call.known.tables, record.name);
  const blank = blankColumns(table, record);
  if (blank === undefined) await deleteRows(call, table, count);
  else await blankMysqlRows(call, table, blank, count);
}

/** Gives columns of a person's rows other values. */
export async function blankMysqlRows(
  call: MysqlCall,
  table: TableMapping,
  blank: ReadonlyMap<string, unknown>,
  count?: number,
): Promise<void> {
  const rows = await chooseMysqlRows(call, table);
  const leads = await leadsToChanged(table, [...blank.keys()], call.known);
  const text = `update ${rows.from} set ${assigned(blank)}`;
  await makeMysqlChange(call.pool, changeOf(table, rows, leads, text, given(blank)), count);
  await requireNoneLed(call.pool, rows, leads);
}

async function deleteRows(call: MysqlCall, table: TableMapping, count?: number): Promise<void> {
  const rows = await chooseMysqlRows(call, table);
  const { unlinks, leads } = await planDeletion(table, call.known);
  for (const unlink of unlinks)
    await makeMysqlChange(call.pool, await unlinking(call, unlink, table));
  const text = `delete target from ${rows.from}`;
  await makeMysqlChange(call.pool, changeOf(table, rows, leads, text), count);
  await requireNoneLed(call.pool, rows, leads);
}

function changeOf(
  { key }: TableMapping,
  { from, where, values }: ChosenMysqlRows,
  leads: readonly Lead[],
  text: string,
  before: MysqlValues = [],
): MysqlChange {
  return {
    text,
    given: before,
    from,
    where: where + unled(leads, MYSQL_QUOTING),
    values,
    key: `target.${mysqlName(key)}`,
  };
}

async function unlinking(
  call: MysqlCall,
  { child, columns, links }: Unlink,
  table: TableMapping,
): Promise<MysqlChange> {
  const rows = await chooseMysqlRows(call, child);
  const gone = await chooseMysqlRows(call, table, "gone");
  const linked = links.map(
    ([column, key]) => [`target.${mysqlName(column)}`, `gone.${mysqlName(key)}`] as const,
  );
  const from = `${rows.from}, ${gone.from}`;
  return {
    text: `update ${from} set ${assigned(new Map(columns.map((column) => [column, null])))}`,
    given: columns.map(() => null),
    from,
    where: `${rows.where} and ${gone.where} and ${equal(linked)}`,
    values: [...rows.values, ...gone.values],
    key: `target.${mysqlName(child.key)}`,
  };
}

/** Rows that others lead to were left as they are. */
async function requireNoneLed(
  pool: MysqlPool,
  { from, where, values }: ChosenMysqlRows,
  leads: readonly Lead[],
): Promise<void> {
  const led = ledTo(leads, MYSQL_QUOTING);
  if (led === undefined) return;
  const text = `select 1 from ${from} where ${where} and ${led} limit 1`;
  if ((await mysqlRows(pool, text, values)).length > 0) throw stillLedTo(leads);
}
