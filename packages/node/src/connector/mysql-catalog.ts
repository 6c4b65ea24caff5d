import type { Catalog, ForeignKey, Index } from "./catalog.ts";
import { type MysqlPool, mysqlRows, type MysqlRows } from "./mysql-pool.ts";
import { mayBeSameTable } from "./same-table.ts";

/** Reads the catalog of MySQL or MariaDB. It shows only what the connection's user may see. */
export function mysqlCatalog(pool: MysqlPool): Catalog {
  async function foreignKeys(side: Side, table: string): Promise<readonly ForeignKey[]> {
    const rows = await mysqlRows(pool, foreignKeysBy(side), schemaAndName(table));
    return Promise.all(grouped(rows).map(foreignKeyOf));
  }

  async function foreignKeyOf(rows: Group): Promise<ForeignKey> {
    const [{ own, child_schema, child, parent_own, parent_schema, parent, rule }] = rows;
    const nullable = await mysqlRows(pool, NULLABLE, [child_schema as string, child as string]);
    return {
      child: namesOf(child_schema, child, own),
      parent: namesOf(parent_schema, parent, parent_own),
      columns: rows.map(({ name, referred }) => ({
        column: name as string,
        key: referred as string,
        nullable: nullable.some((column) => column["name"] === name),
      })),
      onDelete: RULES[rule as string] ?? "forbid",
    };
  }

  return {
    async referred(tables) {
      const rows = await mysqlRows(pool, REFERRED);
      const referred = rows.map(({ schema, name }) => `${schema as string}.${name as string}`);
      return tables.filter((table) => referred.some((name) => mayBeSameTable(name, table)));
    },
    indexes: async (table) =>
      grouped(await mysqlRows(pool, INDEXES, schemaAndName(table))).map(indexOf),
    foreignKeysOf: (table) => foreignKeys("", table),
    foreignKeysOnto: (table) => foreignKeys("referenced_", table),
  };
}

const REFERRED = `
  select distinct unique_constraint_schema as \`schema\`, referenced_table_name as name
  from information_schema.referential_constraints`;

/** A row a column; those of one `id` are together and in order. */
const INDEXES = `
  select index_name as id, column_name as name, non_unique = 0 and sub_part is null as alone
  from information_schema.statistics
  where table_schema = coalesce(?, database()) and table_name = ? and index_type in ('BTREE', 'HASH')
  order by index_name, seq_in_index`;

/** Asked for by itself: joined, the server would read the columns of all its tables. */
const NULLABLE = `
  select column_name as name from information_schema.columns
  where table_schema = ? and table_name = ? and is_nullable = 'YES'`;

/** Of the table whose rows refer, or the one they refer to. */
type Side = "" | "referenced_";

function foreignKeysBy(side: Side): string {
  return `
  select concat_ws('.', k.table_schema, k.table_name, k.constraint_name) as id, k.column_name as name,
    k.referenced_column_name as referred, r.delete_rule as rule,
    k.table_schema = database() as own, k.table_schema as child_schema, k.table_name as child,
    k.referenced_table_schema = database() as parent_own, k.referenced_table_schema as parent_schema,
    k.referenced_table_name as parent
  from information_schema.key_column_usage k
    join information_schema.referential_constraints r on r.constraint_schema = k.constraint_schema
      and r.constraint_name = k.constraint_name and r.table_name = k.table_name
  where k.${side}table_schema = coalesce(?, database()) and k.${side}table_name = ?
    and k.referenced_table_name is not null
  order by k.table_schema, k.table_name, k.constraint_name, k.ordinal_position`;
}

type Group = readonly [MysqlRows[number], ...MysqlRows];

function grouped(rows: MysqlRows): readonly Group[] {
  const groups = new Map<unknown, MysqlRows[number][]>();
  for (const row of rows) groups.set(row["id"], [...(groups.get(row["id"]) ?? []), row]);
  return [...groups.values()] as unknown as Group[];
}

function indexOf(rows: Group): Index {
  return {
    columns: rows.map(({ name }) => name as string | null),
    unique: rows.every(({ alone }) => Number(alone) === 1),
    primary: rows[0]["id"] === "PRIMARY",
  };
}

const RULES: { readonly [rule: string]: ForeignKey["onDelete"] } = {
  CASCADE: "cascade",
  "SET NULL": "unlink",
  "SET DEFAULT": "unlink",
};

/** With its database, and without where that would do. */
function namesOf(schema: unknown, table: unknown, own: unknown): readonly string[] {
  const name = table as string;
  const full = `${schema as string}.${name}`;
  return Number(own) === 1 ? [full, name] : [full];
}

export function schemaAndName(table: string): [string | null, string] {
  const [first, second] = table.split(".") as [string, string?];
  return second === undefined ? [null, first] : [first, second];
}
