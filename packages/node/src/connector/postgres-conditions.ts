import { type Lead, ledTo } from "./joined-path.ts";
import { POSTGRES_QUOTING, sqlName } from "./sql-name.ts";

/** For the end of a WHERE: not the rows others lead to. */
export function unled(leads: readonly Lead[]): string {
  const led = ledTo(leads, POSTGRES_QUOTING);
  return led === undefined ? "" : ` and not ${led}`;
}

/** Whether one of the columns has another value than the row `given`. As texts: not every type can be compared. */
export function differing(columns: ReadonlyMap<string, unknown>): string {
  return Array.from(columns.keys(), sqlName)
    .map((name) => `target.${name}::text is distinct from given.${name}::text`)
    .join(" or ");
}
