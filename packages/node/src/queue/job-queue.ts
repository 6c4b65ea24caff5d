import { CompiledQuery, type Kysely, sql } from "kysely";
import PgBoss from "pg-boss";
import type { Database, Unit } from "../database/database.ts";
import type { Tables } from "../database/tables.ts";

/**
 * Work that must be done even if this process dies: kept in the database, taken by one process at a time, taken up
 * again a few seconds after whoever had it was killed. Payloads hold ids of ours only.
 */
export interface JobQueue<Payload extends object> {
  /**
   * Adds a job as part of the caller's transaction: it is there if and only if that commits. Where one with its key is
   * waiting already, that one stands for both, and waits no longer than this one would.
   */
  send(unit: Unit, payload: Payload, delayMs?: number): Promise<void>;
  /** Looks for work now instead of at the next poll; call it when a transaction that sent a job has committed. */
  wake(): void;
  /** Lets a running job end and starts no other. */
  close(): Promise<void>;
}

export interface JobQueueOptions<Payload extends object> {
  readonly name: string;
  /** What a job is about: of those waiting with the same key there is only one. */
  readonly keyOf: (payload: Payload) => string;
  /** Does one job. What it throws is reported, and the job is tried again, with others that may have been done. */
  readonly work: (payload: Payload) => Promise<void>;
  readonly onError: (cause: unknown) => void;
}

/** The schema of the queue's tables. */
export const QUEUE_SCHEMA = "miniprivacy_queue";
/** The advisory lock of whoever makes the queue's tables. */
const INSTALL_TURN = 0x6d70_7175;
/** A job that runs longer than this may be given to another process as well: workers claim what they work on. */
const EXPIRE_SECONDS = 5;
const POLL_SECONDS = 1;
/** Takers of jobs in a process: one whose jobs wait for a slow store holds up no other. */
const WORKERS = 3;
/** Jobs that one of them takes at a time. */
const JOBS_TOGETHER = 5;
const MAINTENANCE_SECONDS = 1;
const MONITOR_SECONDS = 3600;
const RETRIES = 1_000_000;
const STOP_MS = 4000;
/** Polling finds what is due later than a timer runs. */
const LONGEST_TIMER_MS = 2 ** 31;

export async function openJobQueue<Payload extends object>(
  database: Database,
  { name, keyOf, work, onError }: JobQueueOptions<Payload>,
): Promise<JobQueue<Payload>> {
  const { tables } = database;
  let closed = false;
  const boss = new PgBoss({
    db: ownConnection(tables, () => closed),
    schema: QUEUE_SCHEMA,
    migrate: false,
    schedule: false,
    maintenanceIntervalSeconds: MAINTENANCE_SECONDS,
    monitorStateIntervalSeconds: MONITOR_SECONDS,
  });
  boss.on("error", onError);
  await installQueue(database, name);
  await boss.start();
  const workers: string[] = [];
  for (let i = 0; i < WORKERS; i++)
    workers.push(
      await boss.work<Payload>(
        name,
        { pollingIntervalSeconds: POLL_SECONDS, batchSize: JOBS_TOGETHER },
        async (jobs) => {
          // Where there were jobs there may be others: it would wait for the next poll.
          boss.notifyWorker(workers[i]!);
          if (!(await doAll(jobs))) throw new Error("a job failed");
        },
      ),
    );
  const wake = (): void => workers.forEach((worker) => boss.notifyWorker(worker));

  /** @returns Whether none failed. */
  async function doAll(jobs: readonly PgBoss.Job<Payload>[]): Promise<boolean> {
    const done = await Promise.all(
      jobs.map(({ data }) =>
        work(data).then(
          () => true,
          (cause: unknown) => {
            onError(cause);
            return false;
          },
        ),
      ),
    );
    return !done.includes(false);
  }

  async function bringForward(unit: Unit, singletonKey: string): Promise<void> {
    await sql`
      update ${sql.table(`${QUEUE_SCHEMA}.job`)} set start_after = now()
      where name = ${name} and singleton_key = ${singletonKey} and state < 'active' and start_after > now()`.execute(
      unit,
    );
  }

  return {
    wake,
    async send(unit, payload, delayMs = 0) {
      const startAfter = new Date(Date.now() + delayMs);
      const singletonKey = keyOf(payload);
      const options = { db: within(unit), singletonKey, ...(delayMs > 0 && { startAfter }) };
      const id = await boss.send(name, payload, options);
      if (id === null && delayMs === 0) await bringForward(unit, singletonKey);
      if (delayMs > 0 && delayMs < LONGEST_TIMER_MS) setTimeout(wake, delayMs).unref();
    },
    async close() {
      await boss.stop({ graceful: true, wait: true, timeout: STOP_MS });
      closed = true;
    },
  };
}

/** Makes a queue, and the tables of all, where they are not there yet. */
export async function installQueue({ tables }: Database, name: string): Promise<void> {
  await tables.connection().execute((connection) => install(connection, name));
}

/** Processes that start at once do it one after the other: its statements deadlock. */
async function install(connection: Kysely<Tables>, name: string): Promise<void> {
  const boss = new PgBoss({
    db: within(connection),
    schema: QUEUE_SCHEMA,
    supervise: false,
    schedule: false,
  });
  await sql`select pg_advisory_lock(${INSTALL_TURN})`.execute(connection);
  try {
    await boss.start();
    const queue = {
      name,
      policy: "short",
      expireInSeconds: EXPIRE_SECONDS,
      retryLimit: RETRIES,
      retryDelay: POLL_SECONDS,
    } as const;
    await boss.createQueue(name, queue);
    await boss.updateQueue(name, queue);
    await boss.stop({ graceful: false });
  } finally {
    await sql`rollback`.execute(connection).catch(() => undefined);
    await sql`select pg_advisory_unlock(${INSTALL_TURN})`.execute(connection);
  }
}

/**
 * Gives the queue a connection of ours. Its scripts open transactions: one that failed must not stay open. What a job
 * that outlasted the stop has to say is said to nobody: the database is closed by then, and the job is taken up again.
 */
function ownConnection(tables: Database["tables"], isClosed: () => boolean): PgBoss.Db {
  return {
    async executeSql(text, values) {
      if (isClosed()) return { rows: [{ count: 0 }] };
      return tables.connection().execute(async (connection) => {
        try {
          return await within(connection).executeSql(text, values);
        } catch (cause) {
          await sql`rollback`.execute(connection).catch(() => undefined);
          throw cause;
        }
      });
    },
  };
}

/** Gives the queue a transaction to write in. */
function within(unit: Unit): PgBoss.Db {
  return {
    async executeSql(text, values) {
      const { rows } = await unit.executeQuery(CompiledQuery.raw(text, values));
      return { rows };
    },
  };
}
