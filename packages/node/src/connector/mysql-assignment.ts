import { PrivacyError } from "@miniprivacy/core/errors";
import { type Lead, ledTo } from "./joined-path.ts";
import { MYSQL_QUOTING, mysqlName } from "./mysql-name.ts";
import { type MysqlPool, mysqlRows, type MysqlValues } from "./mysql-pool.ts";

/**
 * A text as its bytes in UTF-8, whatever the column takes for equal.
 *
 * @param column Quoted.
 */
export function bytesOf(column: string): string {
  return `cast(convert(${column} using utf8mb4) as binary)`;
}

export function assigned(columns: ReadonlyMap<string, unknown>): string {
  return Array.from(columns.keys(), (column) => `target.${mysqlName(column)} = ?`).join(", ");
}

/** Lists and structures are JSON; a yes or no is a number. */
export function given(columns: ReadonlyMap<string, unknown>): MysqlValues {
  return Array.from(columns.values(), (value) => {
    if (typeof value === "string" || typeof value === "number" || value === null) return value;
    if (typeof value === "boolean") return Number(value);
    return value instanceof Date ? value.toISOString() : JSON.stringify(value);
  });
}

/** For the end of a WHERE: not the rows others lead to. */
export function unled(leads: readonly Lead[]): string {
  const led = ledTo(leads, MYSQL_QUOTING);
  return led === undefined ? "" : ` and not ${led}`;
}

/** @throws PrivacyError `ERR_CONFIG_INVALID` where a text would not arrive as it is. */
export async function requireArrival(pool: MysqlPool, text: string): Promise<void> {
  if (/^[\0-\x7f]*$/.test(text)) return;
  const [row] = await mysqlRows(pool, "select @@character_set_client as charset");
  if (row?.["charset"] === "utf8mb4") return;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the connection does not use utf8mb4" });
}
