import type { TableMapping } from "./table-mapping.ts";

/** A step from a column to the row it refers to, and there to the next column. */
export interface Hop {
  readonly table: string;
  /** Column by which the row is referred to; undefined: the catalog says. */
  readonly key?: string;
  readonly column: string;
}

export type KeyedHop = Required<Hop>;

/** The way from a table's own column to the one that holds the subjectId. */
export interface SubjectPath<Step extends Hop = Hop> {
  readonly table: string;
  readonly column: string;
  readonly hops: readonly Step[];
}

export type KeyedPath = SubjectPath<KeyedHop>;

/** @throws TypeError for a step that is neither `table.column` nor `table(key).column`. */
export function subjectPath({
  table,
  subject,
}: Pick<TableMapping, "table" | "subject">): SubjectPath {
  const [column, ...steps] = typeof subject === "string" ? [subject] : subject;
  return { table, column, hops: steps.map(parseHop) };
}

/** Name of the last column of a path: the one that holds the subjectId, or leads on to it. */
export function lastColumn({ column, hops }: SubjectPath): string {
  return hops.at(-1)?.column ?? column;
}

function parseHop(step: string): Hop {
  const dot = step.lastIndexOf(".");
  if (dot < 1) throw new TypeError("a step is table.column or table(key).column");
  const place = step.slice(0, dot);
  const column = step.slice(dot + 1);
  const bracket = place.endsWith(")") ? place.indexOf("(") : -1;
  if (bracket < 0) return { table: place, column };
  return { table: place.slice(0, bracket), key: place.slice(bracket + 1, -1), column };
}
