import type { SqlQuoting } from "./joined-path.ts";

/** PostgreSQL cuts longer names off without a word: two could become one. */
const LONGEST = 63;

/**
 * A name as SQL quotes it: exactly this one, whatever it holds.
 *
 * @throws TypeError for a name PostgreSQL cannot have.
 */
export function sqlName(name: string): string {
  if (name === "" || name.includes("\0") || Buffer.byteLength(name) > LONGEST)
    throw new TypeError("a table or column name must have 1 to 63 bytes and no NUL");
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table's name, with its schema before a dot where it has one. */
export function sqlTable(name: string): string {
  const parts = name.split(".");
  if (parts.length > 2) throw new TypeError("a table is named by itself or as schema.table");
  return parts.map(sqlName).join(".");
}

export const POSTGRES_QUOTING: SqlQuoting = { name: sqlName, table: sqlTable };
