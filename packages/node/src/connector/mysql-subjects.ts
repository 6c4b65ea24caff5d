import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { equal, type SubjectColumns } from "./joined-path.ts";
import { bytesOf } from "./mysql-rows.ts";
import { type MysqlPool, mysqlRows } from "./mysql-pool.ts";

/** How many are asked for at once: each page goes over the table. */
const PAGE = 5000;

/** Everybody who has rows of a table, each once. */
export async function* mysqlSubjects(
  pool: MysqlPool,
  { tables, joins, subject, tenant }: SubjectColumns,
): AsyncIterable<SubjectIdentity> {
  const who = bytesOf(subject);
  const whose = tenant === undefined ? "cast('' as binary)" : bytesOf(tenant);
  const linked = joins.length === 0 ? "" : `${equal(joins)} and `;
  let last: readonly [tenant: Buffer, subject: Buffer] | undefined;
  for (;;) {
    const after = last === undefined ? "" : ` and (${whose}, ${who}) > (?, ?)`;
    const rows = await mysqlRows(
      pool,
      `select distinct ${whose} as tenant, ${who} as subject from ${tables.join(", ")}
        where ${linked}${subject} is not null${after} order by 1, 2 limit ${PAGE}`,
      last === undefined ? [] : [...last],
    );
    for (const row of rows) {
      last = [row["tenant"] as Buffer, row["subject"] as Buffer];
      yield { tenant: last[0].toString(), subjectId: last[1].toString() };
    }
    if (rows.length < PAGE) return;
  }
}
