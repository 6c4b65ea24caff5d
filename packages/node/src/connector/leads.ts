import { PrivacyError } from "@miniprivacy/core/errors";
import type { Catalog, ForeignKey } from "./catalog.ts";
import type { Lead } from "./joined-path.ts";
import { keyedPath } from "./keyed-path.ts";
import { subjectColumnsOf } from "./mapped-tables.ts";
import { mayBeSameTable } from "./same-table.ts";
import { type KeyedHop, lastColumn, subjectPath } from "./subject-path.ts";
import type { TableMapping, Tables } from "./table-mapping.ts";

/** What is known of all tables: how they are mapped, and what the database says of them. */
export interface KnownTables {
  readonly tables: Tables;
  readonly catalog: Catalog;
}

/**
 * The rows that would be lost with a deleted row: those of other mappings found by way of it, and those the database would
 * delete or let go of by itself.
 *
 * @param references Foreign keys onto the table that matter.
 */
export async function leadsToDeleted(
  table: TableMapping,
  references: readonly ForeignKey[],
  known: KnownTables,
): Promise<readonly Lead[]> {
  const lost = references.filter(
    (reference) =>
      reference.onDelete === "cascade" ||
      (reference.onDelete === "unlink" && tellsWhose(reference, known.tables)),
  );
  return [...(await hopLeads(table, known, () => true)), ...lost.map(referenceLead)];
}

/** The rows of other mappings that would not be found any more once columns of a row have other values. */
export async function leadsToChanged(
  table: TableMapping,
  changed: readonly string[],
  known: KnownTables,
): Promise<readonly Lead[]> {
  const telling = [table.key, ...subjectColumnsOf(table.table, known.tables)];
  if (!changed.some((column) => telling.includes(column))) return [];
  const lost = (await known.catalog.foreignKeysOnto(table.table)).filter(
    (reference) =>
      reference.columns.some(({ key }) => changed.includes(key)) &&
      tellsWhose(reference, known.tables),
  );
  const passes = ({ column, key }: KeyedHop): boolean =>
    changed.includes(column) || changed.includes(key);
  return [...(await hopLeads(table, known, passes)), ...lost.map(referenceLead)];
}

/** Waiting may help: those rows are erased before this table's the next time. */
export function stillLedTo(leads: readonly Lead[]): PrivacyError {
  const names = new Set(leads.map(({ path }) => path.table));
  return new PrivacyError("ERR_STORE_UNAVAILABLE", {
    detail: `rows of ${[...names].join(", ")} still lead to it`,
  });
}

async function hopLeads(
  { table }: TableMapping,
  { tables, catalog }: KnownTables,
  passes: (hop: KeyedHop) => boolean,
): Promise<readonly Lead[]> {
  const leads: Lead[] = [];
  for (const path of Object.values(tables).map(subjectPath)) {
    if (!path.hops.some((hop) => mayBeSameTable(hop.table, table))) continue;
    const keyed = await keyedPath(path, catalog);
    keyed.hops.forEach((hop, i) => {
      if (!mayBeSameTable(hop.table, table) || !passes(hop)) return;
      const before = { ...keyed, hops: keyed.hops.slice(0, i) };
      leads.push({ path: before, ends: [[lastColumn(before), hop.key]] });
    });
  }
  return leads;
}

/** Whether the columns of a reference say whose the rows of a mapped table are. */
function tellsWhose({ child, columns }: ForeignKey, tables: Tables): boolean {
  return Object.values(tables)
    .filter(({ table }) => child.includes(table))
    .some(({ table }) => {
      const telling = subjectColumnsOf(table, tables);
      return columns.some(({ column }) => telling.includes(column));
    });
}

function referenceLead({ child, columns }: ForeignKey): Lead {
  const [table] = child as readonly [string];
  const ends = columns.map(({ column, key }) => [column, key] as const);
  return { path: { table, column: ends[0]![0], hops: [] }, ends };
}
