import { PrivacyError } from "@miniprivacy/core/errors";
import { type Field, type PersonalRecord, subjectFieldName } from "@miniprivacy/core/policy";
import type { RecordRow } from "./connector.ts";

/** Where the rows of a record lie in an SQL database. */
export interface TableMapping {
  /** As it is in the catalog, with its schema before a dot if need be; it is quoted, so case counts. */
  readonly table: string;
  /** Column of the primary key. */
  readonly key: string;
  /** Column that holds the subjectId, of any type whose text is the id. */
  readonly subject: string;
  /** Column that holds the tenant (none: every row is of tenant `''`, and no other tenant is served). */
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
export function selectorOf({ table, subject, tenant }: TableMapping): string {
  const ofTenant = tenant === undefined ? "" : ` and ${table}.${tenant} = {tenant}`;
  return `${table}.${subject} = {subjectId}${ofTenant}`;
}

/** What is done to them. */
export function techniqueOf({ erase = "row" }: TableMapping): string {
  return erase === "row" ? "DELETE" : "UPDATE of personal columns to NULL or a fixed value";
}

/** All names a mapping gives to columns. */
export function columnNames({
  key,
  subject,
  tenant,
  columns = {},
}: TableMapping): readonly string[] {
  return [key, subject, ...(tenant === undefined ? [] : [tenant]), ...Object.values(columns)];
}

export function columnOf(
  { columns, subject }: TableMapping,
  record: PersonalRecord,
  field: string,
): string {
  if (columns !== undefined && Object.hasOwn(columns, field)) return columns[field]!;
  return field === subjectFieldName(record) ? subject : field;
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

/** Whose rows are asked for: each column, and the value it has in them. */
export function subjectColumns(
  { subject, tenant: tenantColumn }: TableMapping,
  { tenant, subjectId }: { readonly tenant: string; readonly subjectId: string },
): readonly (readonly [column: string, value: string])[] {
  return [
    [subject, subjectId],
    ...(tenantColumn === undefined ? [] : [[tenantColumn, tenant] as const]),
  ];
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

/**
 * What is corrected, by column.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` for an empty patch, an unknown field, or one that says whose row or which it is.
 */
export function patchedColumns(
  table: TableMapping,
  record: PersonalRecord,
  patch: RecordRow,
): ReadonlyMap<string, unknown> {
  const fixed = [table.key, table.subject, table.tenant];
  const columns = new Map(
    Object.entries(patch).map(([field, value]) => {
      const known = Object.hasOwn(record.fields, field);
      const column = known ? columnOf(table, record, field) : undefined;
      if (column === undefined || fixed.includes(column))
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
