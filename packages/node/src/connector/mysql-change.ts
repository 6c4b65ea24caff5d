import { FIRST_BATCH_SIZE, nextBatchSize } from "./batch-size.ts";
import { askMysql, type MysqlPool, mysqlRows, type MysqlValues } from "./mysql-pool.ts";

/** A DELETE or an UPDATE of rows of a table called `target`. Repeating it does no harm. */
export interface MysqlChange {
  /** Up to its WHERE, and the parameters before that. */
  readonly text: string;
  readonly given: MysqlValues;
  /** What a SELECT of the same rows lists. */
  readonly from: string;
  readonly where: string;
  readonly values: MysqlValues;
  /** The column of the table's key, quoted. */
  readonly key: string;
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
  await changeInBatches(pool, change, rows ?? (await countRows(pool, change)));
  await askMysql(pool, `${text} where ${where}`, [...given, ...values]);
}

/** From one key to the next: an index on the subject's column has them in their order. */
async function changeInBatches(pool: MysqlPool, change: MysqlChange, rows: number): Promise<void> {
  const { text, given, where, values, key } = change;
  let size = FIRST_BATCH_SIZE;
  let from: string | number | Buffer | undefined;
  for (let left = rows; left > size; left -= size) {
    const to = await keyAfter(pool, change, from, size);
    if (to === undefined) return;
    const range = from === undefined ? `${key} < ?` : `${key} >= ? and ${key} < ?`;
    const start = performance.now();
    await askMysql(pool, `${text} where ${where} and ${range}`, [
      ...given,
      ...values,
      ...(from === undefined ? [] : [from]),
      to,
    ]);
    size = nextBatchSize({ size, tookMs: performance.now() - start });
    from = to;
  }
}

/** The key that so many rows come before; undefined where there is none, or none that can be handed back. */
async function keyAfter(
  pool: MysqlPool,
  { from, where, values, key }: MysqlChange,
  first: string | number | Buffer | undefined,
  size: number,
): Promise<string | number | Buffer | undefined> {
  const after = first === undefined ? "" : ` and ${key} >= ?`;
  const [row] = await mysqlRows(
    pool,
    `select ${key} as place from ${from} where ${where}${after} order by ${key} limit 1 offset ${size}`,
    [...values, ...(first === undefined ? [] : [first])],
  );
  const place = row?.["place"];
  const isKey = typeof place === "string" || typeof place === "number" || Buffer.isBuffer(place);
  return isKey ? place : undefined;
}

async function countRows(pool: MysqlPool, { from, where, values }: MysqlChange): Promise<number> {
  const [row] = await mysqlRows(
    pool,
    `select count(*) as count from ${from} where ${where}`,
    values,
  );
  return Number(row!["count"]);
}
