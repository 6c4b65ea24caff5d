import type { Catalog } from "./catalog.ts";
import { subjectPath } from "./subject-path.ts";
import type { Tables } from "./table-mapping.ts";

/** The columns that lead to subjects and that no index begins with, after the tenant's column or without. */
export async function missingIndexes(tables: Tables, catalog: Catalog): Promise<readonly string[]> {
  const missing = new Set<string>();
  for (const mapping of Object.values(tables)) {
    const { table, column, hops } = subjectPath(mapping);
    if (!(await isIndexed(table, column, mapping.tenant))) missing.add(`${table}.${column}`);
    for (const hop of hops)
      if (!(await isIndexed(hop.table, hop.column))) missing.add(`${hop.table}.${hop.column}`);
  }
  return [...missing];

  async function isIndexed(table: string, column: string, tenant?: string): Promise<boolean> {
    return (await catalog.indexes(table)).some(
      ({ columns: [first, second] }) =>
        first === column || (tenant !== undefined && first === tenant && second === column),
    );
  }
}
