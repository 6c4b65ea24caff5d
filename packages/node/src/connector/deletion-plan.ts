import { PrivacyError } from "@miniprivacy/core/errors";
import type { ForeignKey } from "./catalog.ts";
import type { Lead } from "./joined-path.ts";
import { type KnownTables, leadsToDeleted } from "./leads.ts";
import { subjectColumnsOf } from "./mapped-tables.ts";
import type { TableMapping, Tables } from "./table-mapping.ts";

/** What stands between a subject's rows and their deletion. */
export interface DeletionPlan {
  /** References from mapped tables: the subject's own rows let go of what is deleted. */
  readonly unlinks: readonly Unlink[];
  /** While such rows are there, a row stays. */
  readonly leads: readonly Lead[];
  /** Tables whose rows go with it, with their schemas. */
  readonly cascaded: readonly string[];
}

export interface Unlink {
  readonly child: TableMapping;
  /** Columns that become NULL. */
  readonly columns: readonly string[];
  /** Columns of the reference, and those they refer to. */
  readonly links: readonly (readonly [column: string, key: string])[];
}

/**
 * Plans the deletion of rows of a table, from what the catalog says of references to it.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` where rows of other tables would go with them that no mapping tells of.
 */
export async function planDeletion(table: TableMapping, known: KnownTables): Promise<DeletionPlan> {
  const references = await known.catalog.foreignKeysOnto(table.table);
  const cascaded = await cascadedTables(table, references, known);
  const others = references.filter(({ child }) => nameIn(table.cascades, child) === undefined);
  return {
    unlinks: others.flatMap((reference) => unlinksOf(reference, known.tables)),
    leads: await leadsToDeleted(table, others, known),
    cascaded,
  };
}

/** Every table whose rows go with those of this one, at any remove. */
async function cascadedTables(
  table: TableMapping,
  references: readonly ForeignKey[],
  { tables, catalog }: KnownTables,
): Promise<readonly string[]> {
  const found = new Set<string>();
  const cascaded: string[] = [];
  const pending = references.map((reference) => ({ reference, direct: true }));
  for (const { reference, direct } of pending) {
    const { child, onDelete } = reference;
    if (onDelete !== "cascade") continue;
    const isOwn = child.includes(table.table);
    const name = nameIn(table.cascades, child);
    if (name === undefined) {
      // Rows of a mapped table are looked for when the time comes.
      if (direct && !isOwn && isMapped(child, tables)) continue;
      throw new PrivacyError("ERR_CONFIG_INVALID", {
        detail: `rows of ${child[0]} would go with those of ${table.table} (ON DELETE CASCADE): name it in cascades if they are hers alone`,
      });
    }
    found.add(name);
    if (isOwn || cascaded.includes(child[0]!)) continue;
    cascaded.push(child[0]!);
    for (const next of await catalog.foreignKeysOnto(child[0]!))
      pending.push({ reference: next, direct: false });
  }
  const unfound = table.cascades?.find((name) => !found.has(name));
  if (unfound === undefined) return cascaded;
  throw new PrivacyError("ERR_CONFIG_INVALID", {
    detail: `no rows of ${unfound} go with those of ${table.table} (ON DELETE CASCADE)`,
  });
}

/** Columns that say whose a row is are never let go of: it could not be found again. */
function unlinksOf({ child, columns, onDelete }: ForeignKey, tables: Tables): readonly Unlink[] {
  if (onDelete === "unlink") return [];
  const links = columns.map(({ column, key }) => [column, key] as const);
  return Object.values(tables)
    .filter(({ table }) => child.includes(table))
    .map((mapping) => {
      const kept = subjectColumnsOf(mapping.table, tables);
      const loose = columns.filter(({ column, nullable }) => nullable && !kept.includes(column));
      return { child: mapping, columns: loose.map(({ column }) => column), links };
    })
    .filter((unlink) => unlink.columns.length > 0);
}

function isMapped(child: readonly string[], tables: Tables): boolean {
  return Object.values(tables).some(({ table }) => child.includes(table));
}

function nameIn(names: readonly string[] = [], child: readonly string[]): string | undefined {
  return names.find((name) => child.includes(name));
}
