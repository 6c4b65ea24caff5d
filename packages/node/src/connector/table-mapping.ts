import { PrivacyError } from "@miniprivacy/core/errors";
import { type Field, type PersonalRecord, subjectFieldName } from "@miniprivacy/core/policy";
import type { RecordRow } from "./connector.ts";
import { subjectPath } from "./subject-path.ts";

/** Where the rows of a record lie in an SQL database. */
export interface TableMapping {
  /** As it is in the catalog, with its schema before a dot if need be; it is quoted, so case counts. */
  readonly table: string;
  /** Column of the primary key. */
  readonly key: string;
  /**
   * Column that holds the subjectId, of any type whose text is the id. Or the way to it: own column, then the
   * `table.column` it leads to, and so on (`["member_id", "member.openid"]`). A column leads to what its foreign key refers
   * to, else to the primary key; `member(no).openid` names another one. It must be unique by itself.
   */
  readonly subject: string | readonly [own: string, ...steps: string[]];
  /** Own column that holds the tenant (none: every row is of tenant `''`, and no other tenant is served). */
  readonly tenant?: string;
  /** Column of a field where the names differ. */
  readonly columns?: { readonly [field: string]: string };
  /**
   * What becomes of a row (`'row'`: it is deleted). `'columns'` keeps it as nobody's: the columns of personal fields and of
   * the subject become NULL; with `set`, fields that must not be NULL get these values instead. The subject's must then
   * be nobody's id.
   */
  readonly erase?: "row" | "columns" | { readonly set: { readonly [field: string]: unknown } };
  /**
   * Other tables whose rows go with a deleted one (`ON DELETE CASCADE`), and are hers alone (none). The name of the table
   * itself stands for rows that refer to a row of the same table.
   */
  readonly cascades?: readonly string[];
  /**
   * What personal fields that must not be NULL become in a row that stays when a consent is withdrawn (NULL, or those of
   * `erase.set`).
   */
  readonly blank?: { readonly [field: string]: unknown };
}

/** Mappings by record name. */
export interface Tables {
  readonly [record: string]: TableMapping;
}

/** @throws PrivacyError `ERR_CONFIG_INVALID` for a record that is not mapped. */
export function mappingOf(tables: Tables, record: string): TableMapping {
  const found = Object.hasOwn(tables, record) ? tables[record] : undefined;
  if (found === undefined)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `record ${record} is not mapped` });
  return found;
}

/** Whether the rows of every table are told apart by tenant. */
export function tenantsApart(tables: Tables): boolean {
  return Object.values(tables).every(({ tenant }) => tenant !== undefined);
}

/** How a subject's rows are chosen, as certificates tell it. */
export function selectorOf(mapping: TableMapping): string {
  const { table, tenant } = mapping;
  const { column, hops } = subjectPath(mapping);
  const way = [`${table}.${column}`, ...hops.map((hop) => `${hop.table}.${hop.column}`)];
  const ofTenant = tenant === undefined ? "" : ` and ${table}.${tenant} = {tenant}`;
  return `${way.join(" -> ")} = {subjectId}${ofTenant}`;
}

/** What is done to them. */
export function techniqueOf({ erase = "row", cascades = [] }: TableMapping): string {
  if (erase !== "row") return "UPDATE of personal columns to NULL or a fixed value";
  return cascades.length === 0 ? "DELETE" : `DELETE (ON DELETE CASCADE: ${cascades.join(", ")})`;
}

export function columnOf(mapping: TableMapping, record: PersonalRecord, field: string): string {
  const { columns } = mapping;
  if (columns !== undefined && Object.hasOwn(columns, field)) return columns[field]!;
  return field === subjectFieldName(record) ? subjectPath(mapping).column : field;
}

/** The field that is the row's key. @throws PrivacyError `ERR_CONFIG_INVALID` when the record has none. */
export function keyFieldOf(table: TableMapping, record: PersonalRecord): string {
  const field = Object.keys(record.fields).find(
    (name) => columnOf(table, record, name) === table.key,
  );
  if (field === undefined)
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: `record ${record.name} lacks its key field`,
    });
  return field;
}

/** A row as the data map names it, of one whose columns are `f0`, `f1` … in the order of the fields. */
export function recordRow(
  record: PersonalRecord,
  subjectId: string,
  row: { readonly [alias: string]: unknown },
): RecordRow {
  const subjectField = subjectFieldName(record);
  return Object.fromEntries(
    Object.keys(record.fields).map((field, i) => [
      field,
      field === subjectField ? subjectId : row[`f${i}`],
    ]),
  );
}

/**
 * What a row's personal columns and the subject's become, NULL where no value is given; undefined where the row goes.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` for a value of a field that is neither personal nor the subject's.
 */
export function blankColumns(
  table: TableMapping,
  record: PersonalRecord,
): ReadonlyMap<string, unknown> | undefined {
  const { erase = "row" } = table;
  if (erase === "row") return undefined;
  const erased = Object.entries(record.fields).flatMap(([name, field]) =>
    field.kind === "subject" || isErasable(field) ? [name] : [],
  );
  const set = Object.entries(erase === "columns" ? {} : erase.set);
  if (set.some(([field]) => !erased.includes(field)))
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: `record ${record.name}: erase.set is for personal fields and the subject`,
    });
  return new Map(
    [...erased.map((field) => [field, null] as const), ...set].map(([field, value]) => [
      columnOf(table, record, field),
      value,
    ]),
  );
}

function isErasable(field: Field<string> | undefined): boolean {
  return field?.kind === "personal" || field?.kind === "group" || field?.kind === "list";
}

/** What fields become that are erased while their row stays, of those that do not become NULL. */
export function blankValues({ erase, blank }: TableMapping): RecordRow {
  return { ...(typeof erase === "object" ? erase.set : {}), ...blank };
}

/**
 * What the columns of these fields become when they are erased while their row stays.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` for a `blank` of what is no personal field.
 */
export function clearedColumns(
  table: TableMapping,
  record: PersonalRecord,
  fields: readonly string[],
): ReadonlyMap<string, unknown> {
  const blank = blankValues(table);
  if (Object.keys(table.blank ?? {}).some((field) => !isErasable(record.fields[field])))
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: `record ${record.name}: blank is for personal fields`,
    });
  return new Map(fields.map((field) => [columnOf(table, record, field), blank[field] ?? null]));
}

/** What columns become when the rows of everybody are erased, or these fields of them; undefined where the rows go. */
export function bulkBlank(
  table: TableMapping,
  record: PersonalRecord,
  fields: readonly string[] | undefined,
): ReadonlyMap<string, unknown> | undefined {
  return fields === undefined ? blankColumns(table, record) : clearedColumns(table, record, fields);
}

/**
 * What is corrected, by column.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` for an empty patch, an unknown field, or one that says whose row or which it is.
 */
export function patchedColumns(
  { table, fixed }: { readonly table: TableMapping; readonly fixed: readonly string[] },
  record: PersonalRecord,
  patch: RecordRow,
): ReadonlyMap<string, unknown> {
  const columns = new Map(
    Object.entries(patch).map(([field, value]) => {
      const known = Object.hasOwn(record.fields, field);
      const column = known ? columnOf(table, record, field) : undefined;
      if (column === undefined || column === table.key || fixed.includes(column))
        throw new PrivacyError("ERR_INPUT_INVALID");
      return [column, value];
    }),
  );
  if (columns.size === 0) throw new PrivacyError("ERR_INPUT_INVALID");
  return columns;
}

/** Two ids of ours would be one to the store: neither can be answered for. */
export function spelledOtherwise(): PrivacyError {
  return new PrivacyError("ERR_CONFIG_INVALID", {
    detail: "the store takes this id for another spelling of one it holds",
  });
}

/** A constraint of a table stands in the way: waiting would not help. */
export function constraintForbids(cause: unknown): PrivacyError {
  return new PrivacyError("ERR_CONFIG_INVALID", {
    detail: "a constraint of the table forbids it: NOT NULL, UNIQUE, or a row that refers to it",
    cause,
  });
}
