import { sql } from "kysely";
import { lockLogHead } from "../log/log-append.ts";
import type { LogWriter } from "../log/log-writer.ts";

/** The most one transaction takes: it holds the log's head. */
const BATCH_ROWS = 500;

/**
 * Removes links of people who never decided anything, and of devices whose person was erased: nothing of ours refers to
 * them, and a notice they were shown can no longer be answered. Where something was removed the log's head moves, so that
 * an entry just being appended for one of them is checked again, and finds the link gone.
 *
 * @param before Links younger than this stay.
 * @returns How many went.
 */
export async function sweepIdleLinks(
  log: Pick<LogWriter, "transaction">,
  at: Date,
  before: Date,
): Promise<number> {
  let swept = 0;
  for (;;) {
    const rows = await log.transaction(async ({ unit, append }) => {
      await lockLogHead(unit);
      const deleted = await sql<{ tenant: string }>`
        delete from subject where (tenant, lookup) in (
          select tenant, lookup from subject s
          where s.created_at < ${before} and coalesce(s.linked_to, '') = ''
            and not exists (select 1 from log_event e where e.tenant = s.tenant and e.subject_ref = s.ref)
            and not exists (select 1 from subject_request r where r.tenant = s.tenant and r.subject_ref = s.ref)
          limit ${BATCH_ROWS})
        returning tenant`.execute(unit);
      for (const tenant of new Set(deleted.rows.map((row) => row.tenant))) {
        const links = deleted.rows.filter((row) => row.tenant === tenant).length;
        const content = { type: "link-sweep", schemaVersion: "1", links, at: at.toISOString() };
        await append({ tenant, kind: "retention", subjectRef: null, dedupeKey: null, content }, at);
      }
      return deleted.rows.length;
    });
    swept += rows;
    if (rows < BATCH_ROWS) return swept;
  }
}
