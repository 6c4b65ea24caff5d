import { FIRST_BATCH_SIZE, nextBatchSize } from "./batch-size.ts";
import { ask, type QueryPool } from "./query-pool.ts";

/** A DELETE or an UPDATE of rows of a table called `target`. Repeating it does no harm. */
export interface RowChange {
  /** Quoted. */
  readonly table: string;
  /** Up to its WHERE. */
  readonly text: string;
  /** What a SELECT of the same rows lists. */
  readonly from: string;
  readonly where: string;
  readonly values: readonly unknown[];
}

/** Rows whose places are listed at a time. */
const LISTED = 10_000;

/**
 * Makes a change. Where it is one of many rows, most of them are changed in batches, each committed by itself, so that
 * nobody waits for long; then comes the change as it stands, for whatever has moved or come meanwhile.
 */
export async function makeChange(pool: QueryPool, change: RowChange): Promise<void> {
  await changeInBatches(pool, change, await countPlaces(pool, change));
  await ask(pool, `${change.text} where ${change.where}`, change.values);
}

/** Makes changes of few rows each, of different tables, in one statement. */
export async function makeChanges(pool: QueryPool, changes: readonly RowChange[]): Promise<void> {
  const [last, ...others] = changes.map(({ text, where }) => `${text} where ${where}`).toReversed();
  const with_ = others.map((text, i) => `change${i} as (${text})`).join(", ");
  await ask(
    pool,
    `${with_ === "" ? "" : `with ${with_} `}${last}`,
    changes.flatMap(({ values }) => values),
  );
}

async function changeInBatches(pool: QueryPool, change: RowChange, rows: number): Promise<void> {
  let size = FIRST_BATCH_SIZE;
  for (let left = rows; left > FIRST_BATCH_SIZE; left -= LISTED) {
    const places = await listPlaces(pool, change);
    for (let at = 0; at < places.length;) {
      const batch = places.slice(at, at + size);
      at += batch.length;
      size = nextBatchSize({ size: batch.length, tookMs: await changeAt(pool, change, batch) });
    }
  }
}

/** How many rows it is of; 0 for those of a view, which have no places. */
async function countPlaces(
  pool: QueryPool,
  { table, from, where, values }: RowChange,
): Promise<number> {
  const [row] = await ask(
    pool,
    `select count(*) as count from ${from} where ${where}
      and (select relkind in ('r', 'p') from pg_class where oid = $${values.length + 1}::regclass)`,
    [...values, table],
  );
  return Number(row!["count"]);
}

/** Where rows of the change lie: listed once for many batches, since every look passes over those that are gone. */
async function listPlaces(
  pool: QueryPool,
  { from, where, values }: RowChange,
): Promise<readonly string[]> {
  const [row] = await ask(
    pool,
    `select json_agg(place) as places from
      (select target.ctid as place from ${from} where ${where} limit ${LISTED}) as listed`,
    values,
  );
  return (row!["places"] as readonly string[] | null) ?? [];
}

/**
 * Makes the change of those rows that are still there. How many places are given is hidden from the planner: of many it
 * would rather search the table.
 *
 * @returns How long it took by the server's clock, milliseconds: neither the network nor a busy process of ours counts.
 */
async function changeAt(
  pool: QueryPool,
  { text, where, values }: RowChange,
  places: readonly string[],
): Promise<number> {
  const given = `array(select unnest($${values.length + 1}::tid[]))`;
  const [row] = await ask(
    pool,
    `with changed as (${text} where ${where} and target.ctid = any(${given}) returning 1)
      select count(*) as changed, extract(epoch from clock_timestamp() - statement_timestamp()) * 1000 as ms from changed`,
    [...values, places],
  );
  return Number(row!["ms"]);
}
