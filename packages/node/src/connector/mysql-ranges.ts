import type { KeyRange } from "./bulk-batches.ts";
import { type MysqlPool, mysqlRows, type MysqlValues } from "./mysql-pool.ts";

/** A key as it is handed back. */
export type MysqlKey = string | Buffer;

/** Rows that a table is gone through for. */
export interface RangedRows {
  readonly from: string;
  readonly where: string;
  readonly values: MysqlValues;
  /** The column of the table's key, quoted. */
  readonly key: string;
}

/** The key up to which so many of the rows come; undefined where there are no more. */
export async function lastMysqlKey(
  pool: MysqlPool,
  { from, where, values, key }: RangedRows,
  after: MysqlKey | undefined,
  size: number,
): Promise<MysqlKey | undefined> {
  const within = after === undefined ? "" : ` and ${key} > ?`;
  const [row] = await mysqlRows(
    pool,
    `select id as bytes, cast(id as char character set utf8mb4) as text from (
      select ${key} as id from ${from} where ${where}${within} order by 1 limit ${size}) as batch
      order by id desc limit 1`,
    after === undefined ? values : [...values, after],
  );
  if (row === undefined) return undefined;
  // As text, unless it is none: numbers longer than JavaScript's lose their last digits.
  return Buffer.isBuffer(row["bytes"]) ? row["bytes"] : (row["text"] as string);
}

/** Those of the rows that are in a range. */
export function withinMysqlRange(
  { where, values, key }: RangedRows,
  { after, last }: KeyRange<MysqlKey>,
): Pick<RangedRows, "where" | "values"> {
  const upTo = `${where} and ${key} <= ?`;
  if (after === undefined) return { where: upTo, values: [...values, last] };
  return { where: `${upTo} and ${key} > ?`, values: [...values, last, after] };
}
