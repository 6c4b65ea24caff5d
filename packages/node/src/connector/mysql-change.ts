import { FIRST_BATCH_SIZE } from "./batch-size.ts";
import { inBatches } from "./bulk-batches.ts";
import {
  affectedRows,
  askMysql,
  type MysqlPool,
  mysqlRows,
  type MysqlValues,
} from "./mysql-pool.ts";
import { lastMysqlKey, type MysqlKey, type RangedRows, withinMysqlRange } from "./mysql-ranges.ts";

/** A DELETE or an UPDATE of rows of a table called `target`. Repeating it does no harm. */
export interface MysqlChange extends RangedRows {
  /** Up to its WHERE, and the parameters before that. */
  readonly text: string;
  readonly given: MysqlValues;
}

/**
 * Makes a change. Where it is one of many rows, most of them are changed in batches, each committed by itself, so that
 * nobody waits for long; then comes the change as it stands, for whatever has moved or come meanwhile.
 *
 * @param rows How many rows there are (they are counted).
 */
export async function makeMysqlChange(
  pool: MysqlPool,
  change: MysqlChange,
  rows?: number,
): Promise<void> {
  const { text, given, where, values } = change;
  const count = rows ?? (await countRows(pool, change));
  if (count > FIRST_BATCH_SIZE) await changeInBatches(pool, change);
  await askMysql(pool, `${text} where ${where}`, [...given, ...values]);
}

/** From one key to the next: an index on the subject's column has them in their order. */
async function changeInBatches(pool: MysqlPool, change: MysqlChange): Promise<void> {
  const { text, given } = change;
  const batches = inBatches({
    pick: (after: MysqlKey | undefined, size) => lastMysqlKey(pool, change, after, size),
    async change(range) {
      const { where, values } = withinMysqlRange(change, range);
      return affectedRows(await askMysql(pool, `${text} where ${where}`, [...given, ...values]));
    },
  });
  for await (const _ of batches);
}

async function countRows(pool: MysqlPool, { from, where, values }: MysqlChange): Promise<number> {
  const [row] = await mysqlRows(
    pool,
    `select count(*) as count from ${from} where ${where}`,
    values,
  );
  return Number(row!["count"]);
}
