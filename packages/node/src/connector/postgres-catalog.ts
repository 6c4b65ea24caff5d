import type { Catalog, ForeignKey, Index } from "./catalog.ts";
import { ask, type QueryPool } from "./query-pool.ts";
import { sqlTable } from "./sql-name.ts";

/** Reads the catalog of PostgreSQL; partitions count as the table they are of. */
export function postgresCatalog(pool: QueryPool): Catalog {
  const rowsAbout = async (text: string, table: string): Promise<readonly unknown[]> =>
    await ask(pool, text, [sqlTable(table)]);
  return {
    async referred(tables) {
      const rows = await ask(pool, REFERRED, [tables, tables.map(sqlTable)]);
      return rows.map(({ name }) => name as string);
    },
    indexes: async (table) => (await rowsAbout(INDEXES, table)) as Index[],
    foreignKeysOf: async (table) =>
      (await rowsAbout(foreignKeys("conrelid"), table)) as ForeignKey[],
    foreignKeysOnto: async (table) =>
      (await rowsAbout(foreignKeys("confrelid"), table)) as ForeignKey[],
  };
}

/** Any reference to a partition might be to one of theirs. A table that is missing has none. */
const REFERRED = `
  select name from unnest($1::text[], $2::text[]) as mapped(name, quoted) where exists (
    select from pg_constraint where contype = 'f'
      and (confrelid = to_regclass(quoted) or confrelid in (select inhrelid from pg_inherits)))`;

const INDEXES = `
  select indisunique as unique, indisprimary as primary,
    (select json_agg(attname order by at) from unnest(indkey) with ordinality as part(number, at)
      left join pg_attribute on attrelid = indrelid and attnum = number where at <= indnkeyatts) as columns
  from pg_index join pg_class on pg_class.oid = indexrelid join pg_am on pg_am.oid = relam
  where indrelid = $1::regclass and indisvalid and indpred is null and amname in ('btree', 'hash')`;

function foreignKeys(side: "conrelid" | "confrelid"): string {
  return `
  with recursive part(id) as (
    select $1::regclass::oid union select inhrelid from pg_inherits join part on inhparent = id)
  select ${namesOf("conrelid")} as child, ${namesOf("confrelid")} as parent,
    case confdeltype when 'c' then 'cascade' when 'n' then 'unlink' when 'd' then 'unlink' else 'forbid' end as "onDelete",
    (select json_agg(json_build_object('column', own.attname, 'key', other.attname, 'nullable', not own.attnotnull) order by at)
      from unnest(conkey, confkey) with ordinality as link(own, other, at)
      join pg_attribute own on own.attrelid = conrelid and own.attnum = link.own
      join pg_attribute other on other.attrelid = confrelid and other.attnum = link.other) as columns
  from pg_constraint where contype = 'f' and conparentid = 0 and ${side} in (select id from part)
  order by oid`;
}

/** With its schema, and without where that would do. */
function namesOf(id: string): string {
  return `(select case when pg_table_is_visible(c.oid) then json_build_array(nspname || '.' || relname, relname)
      else json_build_array(nspname || '.' || relname) end
    from pg_class c join pg_namespace n on n.oid = relnamespace where c.oid = ${id})`;
}
