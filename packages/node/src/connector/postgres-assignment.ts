import type { Lead } from "./joined-path.ts";
import { ledTo } from "./joined-path.ts";
import { POSTGRES_QUOTING, sqlName } from "./sql-name.ts";

/** Columns take their values from a row of the table's own type, which JSON is read into. */
export function assigned(columns: ReadonlyMap<string, unknown>): string {
  return Array.from(columns.keys(), sqlName)
    .map((name) => `${name} = given.${name}`)
    .join(", ");
}

/** Whether one of the columns has another value. As texts: not every type can be compared. */
export function differing(columns: ReadonlyMap<string, unknown>): string {
  return Array.from(columns.keys(), sqlName)
    .map((name) => `target.${name}::text is distinct from given.${name}::text`)
    .join(" or ");
}

export function rowFrom(table: string, parameter: number): string {
  return `jsonb_populate_record(null::${table}, $${parameter}::jsonb) as given`;
}

export function rowOf(columns: ReadonlyMap<string, unknown>): string {
  return JSON.stringify(Object.fromEntries(columns));
}

/** For the end of a WHERE: not the rows others lead to. */
export function unled(leads: readonly Lead[]): string {
  const led = ledTo(leads, POSTGRES_QUOTING);
  return led === undefined ? "" : ` and not ${led}`;
}
