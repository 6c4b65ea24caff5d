import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { type KeyedPath, lastColumn } from "./subject-path.ts";
import type { TableMapping } from "./table-mapping.ts";

/** How a dialect of SQL quotes names. */
export interface SqlQuoting {
  /** @throws TypeError for a name it cannot have. */
  name(name: string): string;
  /** With its schema before a dot where it has one. @throws TypeError as above. */
  table(name: string): string;
}

/** Rows of a table, told by a value in columns of it and of the tables it leads to; all of it quoted. */
export interface JoinedPath {
  /** What FROM lists, the table itself first. */
  readonly tables: readonly string[];
  /** Columns that are equal where one row refers to the next. */
  readonly joins: readonly (readonly [from: string, to: string])[];
  /** The columns that hold subject and tenant, and what they hold. */
  readonly values: readonly (readonly [column: string, value: string])[];
}

/** Rows by way of which another row is reached: it is not nobody's while they are there. */
export interface Lead {
  readonly path: KeyedPath;
  /** Columns of the path's last table, and those of the row they refer to. */
  readonly ends: readonly (readonly [column: string, key: string])[];
}

/** @param alias Of the table itself; those it leads to are numbered. */
export function joinSubject(
  { mapping, path }: { readonly mapping: TableMapping; readonly path: KeyedPath },
  { tenant, subjectId }: SubjectIdentity,
  { alias, sql }: { readonly alias: string; readonly sql: SqlQuoting },
): JoinedPath {
  const { tables, joins, last } = joined(path, alias, sql);
  const held = [[`${last}.${sql.name(lastColumn(path))}`, subjectId] as const];
  if (mapping.tenant !== undefined)
    held.push([`${alias}.${sql.name(mapping.tenant)}`, tenant] as const);
  return { tables, joins, values: held };
}

/** The columns that say whose the rows of a table are; all of it quoted. */
export interface SubjectColumns extends Pick<JoinedPath, "tables" | "joins"> {
  readonly subject: string;
  /** Undefined where the table does not tell tenants apart. */
  readonly tenant: string | undefined;
}

export function subjectColumns(
  { mapping, path }: { readonly mapping: TableMapping; readonly path: KeyedPath },
  sql: SqlQuoting,
): SubjectColumns {
  const { tables, joins, last } = joined(path, "target", sql);
  const tenant = mapping.tenant === undefined ? undefined : `target.${sql.name(mapping.tenant)}`;
  return { tables, joins, subject: `${last}.${sql.name(lastColumn(path))}`, tenant };
}

/** Whether any of these rows leads to a row of `target`, as SQL asks it; undefined where there are none to ask for. */
export function ledTo(leads: readonly Lead[], sql: SqlQuoting): string | undefined {
  if (leads.length === 0) return undefined;
  const asked = leads.map(({ path, ends }) => {
    const { tables, joins, last } = joined(path, "other", sql);
    const reached = ends.map(
      ([column, key]) => [`${last}.${sql.name(column)}`, `target.${sql.name(key)}`] as const,
    );
    return `exists (select 1 from ${tables.join(", ")} where ${equal([...joins, ...reached])})`;
  });
  return `(${asked.join(" or ")})`;
}

/** For the end of a WHERE: not the rows others lead to. */
export function unled(leads: readonly Lead[], sql: SqlQuoting): string {
  const led = ledTo(leads, sql);
  return led === undefined ? "" : ` and not ${led}`;
}

export function equal(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([one, other]) => `${one} = ${other}`).join(" and ");
}

function joined(
  { table, column, hops }: KeyedPath,
  alias: string,
  sql: SqlQuoting,
): { readonly tables: string[]; readonly joins: [string, string][]; readonly last: string } {
  const tables = [`${sql.table(table)} as ${alias}`];
  const joins: [string, string][] = [];
  let last = alias;
  let from = `${alias}.${sql.name(column)}`;
  hops.forEach((hop, i) => {
    last = `${alias}${i + 1}`;
    tables.push(`${sql.table(hop.table)} as ${last}`);
    joins.push([from, `${last}.${sql.name(hop.key)}`]);
    from = `${last}.${sql.name(hop.column)}`;
  });
  return { tables, joins, last };
}
