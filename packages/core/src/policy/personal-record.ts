import type { CategoryId, CollectedIn, DataSource, Policy } from "./policy.ts";
import type { Schema } from "./schema.ts";

/**
 * How a subject's correction of a field is carried out: at once; once the host has verified the new value; or not in the
 * row that is there, which is history.
 */
export type RectifyRule = "self" | "verify-again" | "from-now-on";

/** A field that says nothing about a person. */
export interface PlainField<Value = unknown> {
  readonly kind: "plain";
  readonly schema: Schema<Value>;
}
/** The field that names the subject of the row: the host's subjectId. */
export interface SubjectField<Value = unknown> {
  readonly kind: "subject";
  readonly schema: Schema<Value>;
}
/** The field that names the tenant a row belongs to, where one deployment serves several. */
export interface TenantField<Value = unknown> {
  readonly kind: "tenant";
  readonly schema: Schema<Value>;
}
/** A moment retention counts from, e.g. when the order was closed. RFC 3339, or null while it has not come. */
export interface AnchorField<Value = unknown> {
  readonly kind: "anchor";
  readonly event: string;
  readonly schema: Schema<Value>;
}
/** A field that holds personal data of one category. */
export interface PersonalField<Category extends string = string, Value = unknown> {
  readonly kind: "personal";
  readonly category: Category;
  readonly schema: Schema<Value>;
  readonly source?: DataSource;
  readonly collectedIn?: CollectedIn;
  readonly rectify?: RectifyRule;
}
export interface GroupField<Shape> {
  readonly kind: "group";
  readonly fields: Shape;
}
export interface ListField<Shape> {
  readonly kind: "list";
  readonly fields: Shape;
}

export type Field<Category extends string> =
  | PlainField
  | SubjectField
  | TenantField
  | AnchorField
  | PersonalField<Category>
  | GroupField<RecordShape<Category>>
  | ListField<RecordShape<Category>>;
export interface RecordShape<Category extends string = string> {
  readonly [name: string]: Field<Category>;
}

/** A row as the shape describes it, personal fields included. */
export type Row<Shape> = {
  readonly [Name in keyof Shape]: Shape[Name] extends GroupField<infer Inner>
    ? Row<Inner>
    : Shape[Name] extends ListField<infer Inner>
      ? readonly Row<Inner>[]
      : Shape[Name] extends { readonly schema: Schema<infer Value> }
        ? Value
        : never;
};

/** The data map of one kind of record: which field holds which category. */
export interface PersonalRecord<
  P extends Policy = Policy,
  Name extends string = string,
  Shape extends RecordShape = RecordShape,
> {
  readonly policy: P;
  readonly name: Name;
  readonly fields: Shape;
}

export function plain<Value>(schema: Schema<Value>): PlainField<Value> {
  return { kind: "plain", schema };
}

export function subject<Value>(schema: Schema<Value>): SubjectField<Value> {
  return { kind: "subject", schema };
}

export function tenant<Value>(schema: Schema<Value>): TenantField<Value> {
  return { kind: "tenant", schema };
}

export function anchor<Value>(event: string, schema: Schema<Value>): AnchorField<Value> {
  return { kind: "anchor", event, schema };
}

/**
 * @param options `source` and `collectedIn` override the category's (typed by the user or from a platform button);
 * `rectify` says how a correction is carried out (self).
 */
export function personal<const Category extends string, Value>(
  category: Category,
  schema: Schema<Value>,
  options: Pick<PersonalField, "source" | "collectedIn" | "rectify"> = {},
): PersonalField<Category, Value> {
  return { kind: "personal", category, schema, ...options };
}

export function group<const Shape>(fields: Shape): GroupField<Shape> {
  return { kind: "group", fields };
}

export function list<const Shape>(fields: Shape): ListField<Shape> {
  return { kind: "list", fields };
}

/**
 * Maps a kind of record to the policy's categories.
 *
 * @throws TypeError when the shape names no subject, or a category the policy does not have.
 */
export function personalRecord<
  P extends Policy,
  const Name extends string,
  const Shape extends RecordShape<CategoryId<P>>,
>(policy: P, name: Name, fields: Shape): PersonalRecord<P, Name, Shape> {
  const leaves = leafFields(fields);
  if (!leaves.some(({ field }) => field.kind === "subject"))
    throw new TypeError(`record ${name} names no subject field`);
  for (const { path, field } of leaves) {
    if (field.kind === "personal" && !Object.hasOwn(policy.categories, field.category)) {
      throw new TypeError(`record ${name}: field ${path} has an undeclared category`);
    }
  }
  return { policy, name, fields };
}

export type LeafField = PlainField | SubjectField | TenantField | AnchorField | PersonalField;

/** Every leaf of a shape with its dotted path; lists are entered like groups. */
export function leafFields(
  fields: RecordShape,
  prefix = "",
): readonly { readonly path: string; readonly field: LeafField }[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    field.kind === "group" || field.kind === "list"
      ? leafFields(field.fields, `${prefix}${name}.`)
      : [{ path: prefix + name, field }],
  );
}

/** The name of the top-level field that holds the subjectId. */
export function subjectFieldName(record: {
  readonly name: string;
  readonly fields: RecordShape;
}): string {
  const found = topLevelField(record.fields, ({ kind }) => kind === "subject");
  if (found === undefined)
    throw new TypeError(`record ${record.name} has no top-level subject field`);
  return found;
}

/** The name of the first top-level field that matches. */
export function topLevelField(
  fields: RecordShape,
  matches: (field: Field<string>) => boolean,
): string | undefined {
  return Object.entries(fields).find(([, field]) => matches(field))?.[0];
}

/** The categories a record holds, in the order of its fields. */
export function recordCategories(fields: RecordShape): readonly string[] {
  return [
    ...new Set(
      leafFields(fields).flatMap(({ field }) =>
        field.kind === "personal" ? [field.category] : [],
      ),
    ),
  ];
}
