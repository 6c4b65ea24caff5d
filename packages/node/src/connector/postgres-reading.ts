import type { PersonalRecord } from "@miniprivacy/core/policy";
import type { RecordRow } from "./connector.ts";
import { type ChosenRows, chooseRows, type RowsPlace, type SubjectCall } from "./postgres-rows.ts";
import { ask } from "./query-pool.ts";
import { sqlName } from "./sql-name.ts";
import { columnOf, mappingOf, recordRow, spelledOtherwise } from "./table-mapping.ts";

interface Query {
  readonly text: string;
  readonly values: readonly unknown[];
}

type QueryOf = (record: PersonalRecord, place?: RowsPlace) => Promise<Query>;

export async function findRows(
  call: SubjectCall,
  record: PersonalRecord,
): Promise<readonly RecordRow[]> {
  const { text, values } = await findQuery(call)(record);
  const rows = await ask(call.pool, text, values);
  if (rows.some(({ spelt }) => spelt !== true)) throw spelledOtherwise();
  return rows.map((row) => recordRow(record, call.subject.subjectId, row));
}

/** How many rows each of the records has. */
export async function countRows(
  call: SubjectCall,
  records: readonly PersonalRecord[],
): Promise<readonly number[]> {
  return numbers(call, records, async (record, place) => {
    const { from, where, spelling, values } = await chosen(call, record, place);
    return { text: `${counting(spelling)} from ${from} where ${where}`, values };
  });
}

/** How many rows `findRows` would give of each of the records. */
export async function countFoundRows(
  call: SubjectCall,
  records: readonly PersonalRecord[],
): Promise<readonly number[]> {
  const find = findQuery(call);
  return numbers(call, records, async (record, place) => {
    const { text, values } = await find(record, place);
    return { text: `${counting("spelt")} from (${text}) as found`, values };
  });
}

function findQuery(call: SubjectCall): QueryOf {
  return async (record, place) => {
    const table = mappingOf(call.known.tables, record.name);
    const { from, where, spelling, values } = await chosen(call, record, place);
    // Aliases of our own: PostgreSQL would cut long field names off.
    const columns = Object.keys(record.fields).map(
      (field, i) => `target.${sqlName(columnOf(table, record, field))} as f${i}`,
    );
    return {
      text: `select ${columns.join(", ")}, ${spelling} as spelt from ${from} where ${where}`,
      values,
    };
  };
}

function chosen(call: SubjectCall, record: PersonalRecord, place?: RowsPlace): Promise<ChosenRows> {
  return chooseRows(call, mappingOf(call.known.tables, record.name), place);
}

function counting(spelling: string): string {
  return `count(*) as count, coalesce(bool_and(${spelling}), true) as spelt`;
}

/** Asks for a number of each of the records, in one statement. */
async function numbers(
  { pool }: SubjectCall,
  records: readonly PersonalRecord[],
  countQuery: QueryOf,
): Promise<readonly number[]> {
  const queries: Query[] = [];
  let first = 1;
  for (const record of records) {
    const query = await countQuery(record, { alias: "target", first });
    queries.push(query);
    first += query.values.length;
  }
  const rows = await ask(
    pool,
    queries.map(({ text }, i) => `select ${i} as position, ${text}`).join(" union all "),
    queries.flatMap(({ values }) => values),
  );
  if (rows.some(({ spelt }) => spelt !== true)) throw spelledOtherwise();
  return rows
    .toSorted((a, b) => Number(a["position"]) - Number(b["position"]))
    .map(({ count }) => Number(count));
}
