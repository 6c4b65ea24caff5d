import { mysqlName } from "./mysql-name.ts";
import type { MysqlValues } from "./mysql-pool.ts";

/** New values of columns, for SET. */
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
