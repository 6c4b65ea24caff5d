import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import type pg from "pg";
import { isPrivacyError, PrivacyError } from "@miniprivacy/core/errors";
import { openPool } from "../database/postgres-pool.ts";
import { forgetting } from "./forgetting.ts";
import { journalDamaged, lastOf, linesOf, parseLine } from "./journal-line.ts";
import type { Journal, JournalPosition, JournalRecord } from "./journal.ts";

const TABLE = "miniprivacy_journal";
/** Lines are numbered without a gap, and an erasure that was forgotten leaves its number. */
const CREATE = `create table if not exists ${TABLE} (
  number bigint primary key, type text not null, at timestamptz, line text)`;
const APPEND = `
  insert into ${TABLE} (number, type, at, line)
  select coalesce((select max(number) from ${TABLE}), 0) + ord, type, at, line
  from unnest($1::text[], $2::timestamptz[], $3::text[]) with ordinality as t(type, at, line, ord)`;
const LAST = `select line from ${TABLE} where type = 'leaves' order by number desc limit 1`;
const PAGE = `select number, line from ${TABLE} where number > $1 order by number limit 200`;
const OLD = `select number, line from ${TABLE}
  where line is not null and (type = 'forgotten' or (type = 'ledger' and at < $1)) order by number`;
const FORGET = `update ${TABLE} set line = null where number = any($1::bigint[])`;

/**
 * A journal in a table of a PostgreSQL database of its own, which no backup of the deployment's database takes along: best
 * on another server, for a backup of a whole server takes every database of it.
 *
 * @param url `postgres://user@host/database`
 */
export function databaseJournal(url: string): Journal {
  let pool: pg.Pool | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function onPool<Result>(work: (pool: pg.Pool) => Promise<Result>): Promise<Result> {
    try {
      return await work((pool ??= openPool(url, { poolSize: 2, idleMs: IDLE_MS })));
    } catch (cause) {
      if (isPrivacyError(cause)) throw cause;
      throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "journal", cause });
    }
  }

  /** One call after the other: a position is that of everything added before. */
  function inTurn<Result>(work: (pool: pg.Pool) => Promise<Result>): Promise<Result> {
    const result = last.then(() => onPool(work));
    last = result.catch(() => undefined);
    return result;
  }

  return {
    position: () =>
      inTurn(async (on): Promise<JournalPosition> => {
        if (!(await isThere(on))) return { begun: false, size: 0 };
        const { rows } = await on.query<{ line: string }>(LAST);
        const found = lastOf(rows.map(({ line }) => parseLine(line)));
        const begun = await on.query(`select 1 from ${TABLE} limit 1`);
        return { begun: begun.rows.length > 0, size: 0, ...found };
      }),
    append: (records) =>
      inTurn(async (on) => {
        if (!(await isThere(on))) await on.query(CREATE);
        await inTransaction(on, (client) => client.query(APPEND, columnsOf(records)));
      }),
    async *read() {
      if (!(await onPool(isThere))) return;
      let number = 0;
      for (;;) {
        const { rows } = await onPool((on) => on.query<Row>(PAGE, [number]));
        if (rows.length === 0) return;
        for (const row of rows) {
          if (Number(row.number) !== ++number) throw journalDamaged();
          if (row.line !== null) yield parseLine(row.line);
        }
      }
    },
    forget: (before) =>
      inTurn(async (on) => {
        if (!(await isThere(on))) return 0;
        return inTransaction(on, async (client) => {
          const { rows } = await client.query<Row>(OLD, [before]);
          const forgot = forgetting(before);
          for (const { line } of rows) forgot.keep(parseLine(line!));
          if (forgot.dropped === 0) return 0;
          await client.query(FORGET, [rows.map((row) => row.number)]);
          await client.query(APPEND, columnsOf([forgot.trace]));
          return forgot.dropped;
        });
      }),
    // A lock is one database's of one server, by whatever address it is reached.
    liesIn: ({ kind, tables }) =>
      onPool(async (on) => {
        if (kind !== "postgres") return false;
        const key = randomBytes(6).readUIntBE(0, 6);
        const client = await on.connect();
        try {
          await client.query("select pg_advisory_lock($1)", [key]);
          return await tables.transaction().execute(async (unit) => {
            const query = sql<{ free: boolean }>`select pg_try_advisory_xact_lock(${key}) as free`;
            return !(await query.execute(unit)).rows[0]!.free;
          });
        } finally {
          // Its end gives the lock back, whatever has failed.
          client.release(true);
        }
      }),
  };
}

/** A journal is closed by nobody: a connection that is not needed ends by itself. */
const IDLE_MS = 2000;

interface Row {
  readonly number: string;
  readonly line: string | null;
}

function columnsOf(records: readonly JournalRecord[]): unknown[][] {
  const lines = records.flatMap((record) =>
    linesOf(record).map((line) => ({
      type: record.type,
      at: record.type === "ledger" ? record.at : null,
      line: line.trimEnd(),
    })),
  );
  return [lines.map(({ type }) => type), lines.map(({ at }) => at), lines.map(({ line }) => line)];
}

async function isThere(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ there: boolean }>(
    `select to_regclass('${TABLE}') is not null as there`,
  );
  return rows[0]!.there;
}

/** Durable when it resolves, whatever the server's default is. */
async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("set local synchronous_commit = on");
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (cause) {
    client.release(true);
    throw cause;
  }
}
