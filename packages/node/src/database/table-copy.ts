import { CompiledQuery, sql } from "kysely";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Unit } from "./database.ts";

/** A table by the name SQL takes, and its columns with their types. */
export interface TableShape {
  /** Quoted, with its schema where that is not the first of the search path. */
  readonly name: string;
  readonly columns: readonly Column[];
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly identity: boolean;
}

const ROWS_AT_ONCE = 1000;

/** Reads the shape of a table. Columns that the database computes are left out. */
export async function tableShape(unit: Unit, name: string): Promise<TableShape> {
  const { rows } = await sql<Column>`
    select quote_ident(attname) as name, format_type(atttypid, atttypmod) as type, attidentity <> '' as identity
    from pg_attribute
    where attrelid = to_regclass(${name}) and attnum > 0 and not attisdropped and attgenerated = ''
    order by attname`.execute(unit);
  return { name, columns: rows };
}

/**
 * Copies every row of a table as it is, and where its numbering has come to. Both sides are transactions.
 *
 * @param onRows Told how many rows are across, now and then.
 * @returns How many rows it has.
 * @throws PrivacyError `ERR_CONFIG_INVALID` when the two tables differ in shape.
 */
export async function copyTable(
  from: Unit,
  to: Unit,
  table: TableShape,
  onRows: (rows: number) => void,
): Promise<number> {
  const { name, columns } = table;
  const target = await tableShape(to, name);
  if (JSON.stringify(target) !== JSON.stringify(table))
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `${name} has another shape there` });
  const values = columns.map((column) => `${column.name}::text`).join(", ");
  await run(from, `declare table_copy no scroll cursor for select ${values} from ${name}`);
  let copied = 0;
  for (;;) {
    const rows = await run<Row>(from, `fetch ${ROWS_AT_ONCE} from table_copy`);
    if (rows.length === 0) break;
    await run(to, insertion(table), columnsOf(table, rows));
    copied += rows.length;
    onRows(copied);
  }
  await run(from, "close table_copy");
  for (const column of columns.filter(({ identity }) => identity))
    await copyNumbering(from, to, name, column.name);
  return copied;
}

type Row = { readonly [column: string]: string | null };

/** Text is the one form both databases read and write alike; each value is cast back to its column's type. */
function insertion({ name, columns }: TableShape): string {
  const names = columns.map((column) => column.name).join(", ");
  const casts = columns.map((column) => `u.${column.name}::${column.type}`).join(", ");
  const arrays = columns.map((_column, i) => `$${i + 1}::text[]`).join(", ");
  return `insert into ${name} (${names}) overriding system value
    select ${casts} from unnest(${arrays}) as u(${names})`;
}

function columnsOf({ columns }: TableShape, rows: readonly Row[]): (string | null)[][] {
  return columns.map(({ name }) => rows.map((row) => row[unquoted(name)] ?? null));
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

async function copyNumbering(from: Unit, to: Unit, table: string, column: string): Promise<void> {
  const [source] = await run<{ sequence: string }>(
    from,
    "select pg_get_serial_sequence($1, $2) as sequence",
    [table, unquoted(column)],
  );
  const [state] = await run<{ last: string; called: boolean }>(
    from,
    `select last_value::text as last, is_called as called from ${source!.sequence}`,
  );
  await run(to, "select setval(pg_get_serial_sequence($1, $2), $3, $4)", [
    table,
    unquoted(column),
    state!.last,
    state!.called,
  ]);
}

async function run<Result>(
  unit: Unit,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Result[]> {
  return (await unit.executeQuery<Result>(CompiledQuery.raw(text, [...values]))).rows;
}
