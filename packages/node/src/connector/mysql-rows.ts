import { PrivacyError } from "@miniprivacy/core/errors";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { equal, type JoinedPath, joinSubject } from "./joined-path.ts";
import { keyedPath } from "./keyed-path.ts";
import type { KnownTables } from "./leads.ts";
import { MYSQL_QUOTING } from "./mysql-name.ts";
import { type MysqlPool, mysqlRows, type MysqlValues } from "./mysql-pool.ts";
import { requireTenant } from "./require-tenant.ts";
import { subjectPath } from "./subject-path.ts";
import type { TableMapping } from "./table-mapping.ts";

/**
 * How a person's rows are chosen. Columns are compared as what they are, so that their indexes serve; `spelling` says whether
 * their text is the id, byte by byte: most collations take several spellings for one, and a number takes any text that
 * begins with it. Columns of which one refers to the other are compared likewise.
 */
export interface ChosenMysqlRows {
  readonly from: string;
  /** Rows as the columns take the id, and whether they have it. */
  readonly found: string;
  readonly spelling: string;
  /** Of `spelling`, then of `found`. */
  readonly foundValues: MysqlValues;
  /** Rows that have it. */
  readonly where: string;
  readonly values: MysqlValues;
}

/** What one call is about. */
export interface MysqlCall {
  readonly pool: MysqlPool;
  readonly known: KnownTables;
  readonly subject: SubjectIdentity;
}

export async function chooseMysqlRows(
  { pool, known, subject }: MysqlCall,
  table: TableMapping,
  alias = "target",
): Promise<ChosenMysqlRows> {
  requireTenant(table.tenant !== undefined, subject.tenant);
  await requireArrival(pool, subject.subjectId + subject.tenant);
  const path = await keyedPath(subjectPath(table), known.catalog);
  return chosenRows(joinSubject({ mapping: table, path }, subject, { alias, sql: MYSQL_QUOTING }));
}

function chosenRows({ tables, joins, values: held }: JoinedPath): ChosenMysqlRows {
  const found = equal([...joins, ...held.map(([column]) => [column, "?"] as const)]);
  const spelling = equal([
    ...joins.map(([from, to]) => [bytesOf(from), bytesOf(to)] as const),
    ...held.map(([column]) => [bytesOf(column), "?"] as const),
  ]);
  const values = held.map(([, value]) => value);
  const spelled = values.map((value) => Buffer.from(value));
  return {
    from: tables.join(", "),
    found,
    spelling,
    foundValues: [...spelled, ...values],
    where: `${found} and ${spelling}`,
    values: [...values, ...spelled],
  };
}

/**
 * A text as its bytes in UTF-8, whatever the column takes for equal.
 *
 * @param column Quoted.
 */
export function bytesOf(column: string): string {
  return `cast(convert(${column} using utf8mb4) as binary)`;
}

/** @throws PrivacyError `ERR_CONFIG_INVALID` where a text would not arrive as it is. */
export async function requireArrival(pool: MysqlPool, text: string): Promise<void> {
  if (/^[\0-\x7f]*$/.test(text)) return;
  const [row] = await mysqlRows(pool, "select @@character_set_client as charset");
  if (row?.["charset"] === "utf8mb4") return;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the connection does not use utf8mb4" });
}
