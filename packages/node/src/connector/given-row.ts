import { sqlName, sqlTable } from "./sql-name.ts";

/** New values of columns, given as a row of the table's own type, which JSON is read into. */
export interface GivenRow {
  /** For SET. */
  readonly assigned: string;
  /** For FROM; the row is called `given`. */
  readonly from: string;
  /** The parameter. */
  readonly value: string;
}

/** @param parameter Its number in the statement. */
export function givenRow(
  table: string,
  columns: ReadonlyMap<string, unknown>,
  parameter: number,
): GivenRow {
  const assigned = Array.from(columns.keys(), sqlName).map((name) => `${name} = given.${name}`);
  return {
    assigned: assigned.join(", "),
    from: `jsonb_populate_record(null::${sqlTable(table)}, $${parameter}::jsonb) as given`,
    value: JSON.stringify(Object.fromEntries(columns)),
  };
}

/** Whether one of the columns of `target` has another value than `given`. As texts: not every type can be compared. */
export function differing(columns: ReadonlyMap<string, unknown>): string {
  return Array.from(columns.keys(), sqlName)
    .map((name) => `target.${name}::text is distinct from given.${name}::text`)
    .join(" or ");
}
