import { PrivacyError } from "@miniprivacy/core/errors";
import { mayBeSameTable } from "./same-table.ts";
import type { SqlQuoting } from "./joined-path.ts";
import { subjectPath } from "./subject-path.ts";
import type { TableMapping, Tables } from "./table-mapping.ts";

/**
 * Checks what can be seen of mappings without a database.
 *
 * @throws TypeError for what cannot be a name; PrivacyError `ERR_CONFIG_INVALID` where a row of one subject would be
 *   erased with another's.
 */
export function requireMappings(tables: Tables, sql: SqlQuoting): void {
  const mappings = Object.values(tables);
  for (const mapping of mappings) {
    requireNames(mapping, sql);
    for (const other of mappings) requireOwnRows(mapping, other);
  }
}

/**
 * Records in the order they can be erased in: a table by way of which rows of others are found comes after those.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` for tables that lead to each other, or to themselves.
 */
export function erasureOrder(tables: Tables): readonly string[] {
  const left = Object.entries(tables);
  const ordered: string[] = [];
  while (left.length > 0) {
    const next = left.findIndex(([, { table }]) =>
      left.every(([, other]) => !leadsThrough(other, table)),
    );
    if (next < 0)
      throw new PrivacyError("ERR_CONFIG_INVALID", {
        detail: `the subjects of ${left.map(([name]) => name).join(", ")} lead through each other's tables`,
      });
    ordered.push(...left.splice(next, 1).map(([name]) => name));
  }
  return ordered;
}

/** Columns of a table that say whose rows are whose, in any of the mappings. */
export function subjectColumnsOf(table: string, tables: Tables): readonly string[] {
  return Object.values(tables).flatMap((mapping) => {
    const { column, hops } = subjectPath(mapping);
    const own = mayBeSameTable(mapping.table, table) ? [column, mapping.tenant] : [];
    const passed = hops.filter((hop) => mayBeSameTable(hop.table, table));
    return [...own, ...passed.flatMap((hop) => [hop.column, hop.key])].filter(
      (name) => name !== undefined,
    );
  });
}

function leadsThrough(mapping: TableMapping, table: string): boolean {
  return subjectPath(mapping).hops.some((hop) => mayBeSameTable(hop.table, table));
}

function requireNames(mapping: TableMapping, sql: SqlQuoting): void {
  const { table, key, tenant, columns = {}, cascades = [] } = mapping;
  const { column, hops } = subjectPath(mapping);
  const passed = hops.flatMap((hop) => [hop.column, hop.key]);
  [table, ...cascades, ...hops.map((hop) => hop.table)].forEach((name) => sql.table(name));
  [key, column, tenant, ...passed, ...Object.values(columns)].forEach(
    (name) => name !== undefined && sql.name(name),
  );
}

/** A row that has two subjects may be un-linked from one of them, if that leaves it with the other. */
function requireOwnRows(mapping: TableMapping, other: TableMapping): void {
  if (!mayBeSameTable(mapping.table, other.table)) return;
  if (String(mapping.subject) === String(other.subject)) return;
  const { erase = "row" } = mapping;
  if (erase !== "row" && subjectPath(mapping).column !== subjectPath(other).column) return;
  throw new PrivacyError("ERR_CONFIG_INVALID", {
    detail: `rows of ${mapping.table} have two subjects: erasing them for one takes them from the other`,
  });
}
