import { PrivacyError } from "@miniprivacy/core/errors";
import type { Catalog } from "./catalog.ts";
import { mayBeSameTable } from "./same-table.ts";
import type { Hop, KeyedHop, KeyedPath, SubjectPath } from "./subject-path.ts";

interface Place {
  readonly table: string;
  readonly column: string;
}

/**
 * Finds out by which column each row of a path is referred to: the one that was named, else the foreign key's, else the
 * primary key.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` where it is not unique by itself: a row might lead to several people.
 */
export async function keyedPath(path: SubjectPath, catalog: Catalog): Promise<KeyedPath> {
  const hops: KeyedHop[] = [];
  let from: Place = path;
  for (const hop of path.hops) {
    hops.push({ ...hop, key: await keyOf(hop, from, catalog) });
    from = hop;
  }
  return { ...path, hops };
}

async function keyOf(hop: Hop, from: Place, catalog: Catalog): Promise<string> {
  const indexes = await catalog.indexes(hop.table);
  const primary = indexes.find((index) => index.primary)?.columns[0];
  const key = hop.key ?? (await referredColumn(hop, from, catalog)) ?? primary;
  const alone = indexes.some(
    ({ unique, columns }) => unique && columns.length === 1 && columns[0] === key,
  );
  if (alone && typeof key === "string") return key;
  throw new PrivacyError("ERR_CONFIG_INVALID", {
    detail: `${from.table}.${from.column} may lead to several rows of ${hop.table}: name a unique column, as in ${hop.table}(column).${hop.column}`,
  });
}

async function referredColumn(
  { table }: Hop,
  from: Place,
  catalog: Catalog,
): Promise<string | undefined> {
  const columns = (await catalog.foreignKeysOf(from.table))
    .filter(({ parent }) => parent.some((name) => mayBeSameTable(name, table)))
    .flatMap((foreignKey) => foreignKey.columns);
  return columns.find(({ column }) => column === from.column)?.key;
}
