import type { PersonalRecord } from "@miniprivacy/core/policy";
import type { RecordRow } from "./connector.ts";
import { mysqlName } from "./mysql-name.ts";
import { mysqlRows, type MysqlValues } from "./mysql-pool.ts";
import { chooseMysqlRows, type MysqlCall } from "./mysql-rows.ts";
import { columnOf, mappingOf, recordRow, spelledOtherwise } from "./table-mapping.ts";

interface Query {
  readonly text: string;
  readonly values: MysqlValues;
}

type QueryOf = (call: MysqlCall, record: PersonalRecord) => Promise<Query>;

export async function findMysqlRows(
  call: MysqlCall,
  record: PersonalRecord,
): Promise<readonly RecordRow[]> {
  const { text, values } = await findQuery(call, record);
  const rows = await mysqlRows(call.pool, text, values);
  if (rows.some(({ spelt }) => Number(spelt) !== 1)) throw spelledOtherwise();
  return rows.map((row) => recordRow(record, call.subject.subjectId, row));
}

/** How many rows each of the records has. */
export function countMysqlRows(
  call: MysqlCall,
  records: readonly PersonalRecord[],
): Promise<readonly number[]> {
  return numbers(call, records, countQuery);
}

/** How many rows `findMysqlRows` would give of each of the records. */
export function countFoundMysqlRows(
  call: MysqlCall,
  records: readonly PersonalRecord[],
): Promise<readonly number[]> {
  return numbers(call, records, async (_call, record) => {
    const { text, values } = await findQuery(call, record);
    return { text: `${counting("spelt")} from (${text}) as found`, values };
  });
}

const findQuery: QueryOf = async (call, record) => {
  const table = mappingOf(call.known.tables, record.name);
  const { from, found, spelling, foundValues } = await chooseMysqlRows(call, table);
  const columns = Object.keys(record.fields).map(
    (field, i) => `target.${mysqlName(columnOf(table, record, field))} as f${i}`,
  );
  return {
    text: `select ${columns.join(", ")}, ${spelling} as spelt from ${from} where ${found}`,
    values: foundValues,
  };
};

const countQuery: QueryOf = async (call, record) => {
  const table = mappingOf(call.known.tables, record.name);
  const { from, found, spelling, foundValues } = await chooseMysqlRows(call, table);
  return { text: `${counting(spelling)} from ${from} where ${found}`, values: foundValues };
};

function counting(spelling: string): string {
  return `count(*) as count, coalesce(min(${spelling}), 1) as spelt`;
}

/** Asks for a number of each of the records, in one statement. */
async function numbers(
  call: MysqlCall,
  records: readonly PersonalRecord[],
  queryOf: QueryOf,
): Promise<readonly number[]> {
  const queries: Query[] = [];
  for (const record of records) queries.push(await queryOf(call, record));
  const rows = await mysqlRows(
    call.pool,
    queries.map(({ text }, i) => `select ${i} as position, ${text}`).join(" union all "),
    queries.flatMap(({ values }) => values),
  );
  if (rows.some(({ spelt }) => Number(spelt) !== 1)) throw spelledOtherwise();
  return rows
    .toSorted((a, b) => Number(a["position"]) - Number(b["position"]))
    .map(({ count }) => Number(count));
}
