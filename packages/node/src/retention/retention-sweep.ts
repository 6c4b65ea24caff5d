import { SUBMIT_MS } from "../consent/notice-service.ts";
import { clearTables } from "../database/clear-remnants.ts";
import { everyTenant } from "../database/tenant-guard.ts";
import { forgetExpired } from "../journal/forget-expired.ts";
import type { Journal } from "../journal/journal.ts";
import type { Runtime } from "../runtime.ts";
import { sweepIdleLinks } from "../subject/sweep-idle-links.ts";

/** Removes what our own records and the journal may not hold any longer, at the start and then every hour. */
export interface RetentionSweep {
  run(): Promise<void>;
  close(): void;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Rows of the access log that one statement removes. */
const BATCH_ROWS = 5000;

export interface RetentionSweepOptions {
  readonly accessLogDays: number;
  /** (none) */
  readonly journal?: Journal | undefined;
  readonly onError: (cause: unknown) => void;
}

export function createRetentionSweep(
  { database, log, now, backups }: Pick<Runtime, "database" | "log" | "now" | "backups">,
  { accessLogDays, journal, onError }: RetentionSweepOptions,
): RetentionSweep {
  const tables = everyTenant(database.tables);

  async function run(): Promise<void> {
    await sweepJournal();
    const at = new Date(now());
    const swept = {
      log_evidence: await sweepEvidence(at),
      subject_request_key: await sweepRequestKeys(at),
      subject_request: await sweepCommitmentSalts(at),
      access_log: await sweepAccessLog(new Date(now() - accessLogDays * DAY_MS)),
      subject: await sweepIdleLinks(log, at, new Date(now() - SUBMIT_MS)),
    };
    const changed = Object.entries(swept).flatMap(([table, rows]) => (rows > 0 ? [table] : []));
    if (changed.length > 0) await clearTables(database, changed);
  }

  /** A journal that cannot be reached holds up nothing else. */
  async function sweepJournal(): Promise<void> {
    if (journal === undefined) return;
    await forgetExpired(database, journal, backups, now()).catch(onError);
  }

  async function sweepEvidence(at: Date): Promise<number> {
    const { numDeletedRows } = await tables
      .deleteFrom("log_evidence")
      .where("keep_until", "<=", at)
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  /** In small statements: reads are logged meanwhile. */
  async function sweepAccessLog(before: Date): Promise<number> {
    let swept = 0;
    for (;;) {
      const { numDeletedRows } = await tables
        .deleteFrom("access_log")
        .where((eb) =>
          eb(
            eb.refTuple("tenant", "id"),
            "in",
            eb
              .selectFrom("access_log")
              .select(["tenant", "id"])
              .where("at", "<", before)
              .limit(BATCH_ROWS)
              .$asTuple("tenant", "id"),
          ),
        )
        .executeTakeFirstOrThrow();
      swept += Number(numDeletedRows);
      if (Number(numDeletedRows) < BATCH_ROWS) return swept;
    }
  }

  /** With the salt a retry's key loses its meaning: by then the confirmation can be opened by nobody. */
  async function sweepRequestKeys(at: Date): Promise<number> {
    const { numDeletedRows } = await tables
      .deleteFrom("subject_request_key")
      .using("subject_request")
      .whereRef("subject_request.tenant", "=", "subject_request_key.tenant")
      .whereRef("subject_request.id", "=", "subject_request_key.request_id")
      .where("commitment_salt_until", "<=", at)
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  async function sweepCommitmentSalts(at: Date): Promise<number> {
    const { numUpdatedRows } = await tables
      .updateTable("subject_request")
      .set({ commitment_salt: null, commitment_salt_until: null })
      .where("commitment_salt_until", "<=", at)
      .executeTakeFirstOrThrow();
    return Number(numUpdatedRows);
  }

  const timer = setInterval(() => void run().catch(onError), HOUR_MS);
  timer.unref();
  return { run, close: () => clearInterval(timer) };
}
