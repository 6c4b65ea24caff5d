import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { equal, type JoinedPath, joinSubject } from "./joined-path.ts";
import { keyedPath } from "./keyed-path.ts";
import type { KnownTables } from "./leads.ts";
import type { QueryPool } from "./query-pool.ts";
import { requireTenant } from "./require-tenant.ts";
import { POSTGRES_QUOTING } from "./sql-name.ts";
import { subjectPath } from "./subject-path.ts";
import type { TableMapping } from "./table-mapping.ts";

/**
 * How a person's rows are chosen. The columns are compared as what they are, so that their indexes serve; `spelling` says
 * whether their text is the id, letter by letter: a number, a UUID or a text without case takes several spellings for one.
 */
export interface ChosenRows {
  /** What FROM lists: the table, and those by way of which its rows are found. */
  readonly from: string;
  readonly own: string;
  readonly others: readonly string[];
  readonly where: string;
  readonly spelling: string;
  readonly values: readonly unknown[];
}

/** A place in a statement: the alias of the table, and the number of its first parameter. */
export interface RowsPlace {
  readonly alias: string;
  readonly first: number;
}

/** What one call is about. */
export interface SubjectCall {
  readonly pool: QueryPool;
  readonly known: KnownTables;
  readonly subject: SubjectIdentity;
}

export async function chooseRows(
  { known, subject }: SubjectCall,
  table: TableMapping,
  { alias, first }: RowsPlace = { alias: "target", first: 1 },
): Promise<ChosenRows> {
  requireTenant(table.tenant !== undefined, subject.tenant);
  const path = await keyedPath(subjectPath(table), known.catalog);
  const joined = joinSubject({ mapping: table, path }, subject, { alias, sql: POSTGRES_QUOTING });
  return chosenRows(joined, first);
}

function chosenRows({ tables, joins, values }: JoinedPath, first: number): ChosenRows {
  const [own, ...others] = tables as readonly [string, ...string[]];
  const held = values.map(
    ([column], i) => [column, `$${first + 2 * i}`, `$${first + 2 * i + 1}`] as const,
  );
  return {
    from: tables.join(", "),
    own,
    others,
    where: equal([...joins, ...held.map(([column, value]) => [column, value] as const)]),
    spelling: held.map(([column, , text]) => `${column}::text collate "C" = ${text}`).join(" and "),
    values: values.flatMap(([, value]) => [value, value]),
  };
}
