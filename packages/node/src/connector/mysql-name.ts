import type { SqlQuoting } from "./joined-path.ts";

/** MySQL takes no longer names. */
const LONGEST = 64;

/**
 * A name as MySQL quotes it: exactly this one, whatever it holds.
 *
 * @throws TypeError for a name MySQL cannot have.
 */
export function mysqlName(name: string): string {
  if (
    name === "" ||
    name.endsWith(" ") ||
    /[\0\u{10000}-\u{10ffff}]/u.test(name) ||
    name.length > LONGEST
  )
    throw new TypeError(
      "a table or column name must have 1 to 64 characters, no NUL and no space at its end",
    );
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A table's name, with its database before a dot where it has one. */
function mysqlTable(name: string): string {
  const parts = name.split(".");
  if (parts.length > 2) throw new TypeError("a table is named by itself or as database.table");
  return parts.map(mysqlName).join(".");
}

export const MYSQL_QUOTING: SqlQuoting = { name: mysqlName, table: mysqlTable };
