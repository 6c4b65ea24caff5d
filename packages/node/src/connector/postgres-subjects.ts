import type { SubjectIdentity } from "../subject/subject-identity.ts";
import type { SubjectColumns } from "./joined-path.ts";
import { equal } from "./joined-path.ts";
import { ask, type QueryPool } from "./query-pool.ts";

/** How many are asked for at once: each page goes over the table. */
const PAGE = 5000;

/** Everybody who has rows of a table, each once. */
export async function* postgresSubjects(
  pool: QueryPool,
  { tables, joins, subject, tenant }: SubjectColumns,
): AsyncIterable<SubjectIdentity> {
  // Letter by letter, whatever the column takes for equal.
  const who = `${subject}::text collate "C"`;
  const whose = tenant === undefined ? "''" : `${tenant}::text collate "C"`;
  const linked = joins.length === 0 ? "" : `${equal(joins)} and `;
  let last: SubjectIdentity | undefined;
  for (;;) {
    const after = last === undefined ? "" : ` and (${whose}, ${who}) > ($1, $2)`;
    const rows = await ask(
      pool,
      `select distinct ${whose} as tenant, ${who} as subject from ${tables.join(", ")}
        where ${linked}${subject} is not null${after} order by 1, 2 limit ${PAGE}`,
      last === undefined ? [] : [last.tenant, last.subjectId],
    );
    for (const row of rows) {
      last = { tenant: String(row["tenant"]), subjectId: String(row["subject"]) };
      yield last;
    }
    if (rows.length < PAGE) return;
  }
}
