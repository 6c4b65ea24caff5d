import type { Policy, PurposeCategory, PurposeId } from "../policy/policy.ts";
import {
  type GroupField,
  type ListField,
  type PersonalField,
  type PersonalRecord,
  type RecordShape,
  subjectFieldName,
  topLevelField,
} from "../policy/personal-record.ts";
import { processingMethods } from "../policy/processing-methods.ts";
import type { Schema } from "../policy/schema.ts";
import { type AcceptResult, compileAccept } from "./accept-input.ts";
import { type AccessDenial, type AccessDenialReason, denyAccess } from "./access-decision.ts";
import type { AccessFacts } from "./access-facts.ts";
import type { AccessUse } from "./access-query.ts";
import { decideUse, retentionEnd } from "./decide-use.ts";
import { assign, deepCopy, isPlainObject, own, type Plain } from "./deep-copy.ts";
import { observeDenial } from "./observe-denial.ts";
import { type PurposeRule, ruleForUses } from "./purpose-rule.ts";
import { isVisible, visibleUses } from "./visible-fields.ts";

/** The fields of a record that hold nothing personal, or only the given categories; groups left without a field are gone. */
export type View<Shape, Category extends string> = {
  readonly [
    Name in keyof Shape as Visible<Shape[Name], Category> extends true ? Name : never
  ]: Shape[Name] extends GroupField<infer Inner>
    ? View<Inner, Category>
    : Shape[Name] extends ListField<infer Inner>
      ? readonly View<Inner, Category>[]
      : Shape[Name] extends { readonly schema: Schema<infer Value> }
        ? Value
        : never;
};
type Visible<F, Category extends string> =
  F extends PersonalField<infer Own>
    ? Own extends Category
      ? true
      : false
    : F extends GroupField<infer Inner> | ListField<infer Inner>
      ? keyof View<Inner, Category> extends never
        ? false
        : true
      : true;

/** The names of the top-level fields of a view; any name where the record's fields are not known to the compiler. */
export type ViewColumn<Shape, Category extends string> = string extends keyof Shape
  ? string
  : keyof View<Shape, Category> & string;

export type ViewResult<Value> =
  | {
      readonly permitted: true;
      readonly value: Value;
      /** Set while a running shop only observes: the reason this will be denied for. */
      readonly observed?: AccessDenialReason;
    }
  | AccessDenial;

export interface PurposeView<Shape extends RecordShape, Category extends string> {
  readonly purpose: string;
  /** Personal categories the view opens. */
  readonly categories: readonly string[];
  /** The top-level fields to select, so that the others never leave the database. */
  readonly columns: readonly ViewColumn<Shape, Category>[];
  /**
   * Gives a deep copy of the fields the purpose may read, or the reason it may not.
   *
   * @param row What `columns` selects, or more: the rest does not pass.
   * Values with behaviour of their own (functions, class instances) come out undefined.
   */
  read(
    row: View<Shape, Category>,
    facts: AccessFacts,
    now: number,
  ): ViewResult<View<Shape, Category>>;
  /** Reads many rows of one subject: a result a row, in their order. */
  readMany(
    rows: readonly View<Shape, Category>[],
    facts: AccessFacts,
    now: number,
  ): readonly ViewResult<View<Shape, Category>>[];
  /**
   * Takes of an input what the purpose may collect, checked by the schemas of its fields. Fields that are not there stay
   * away; what belongs to another purpose, or to none, is left behind unread, and so are subject, tenant and anchors: a
   * form cannot say whose it is. A purpose that does not collect takes nothing personal.
   *
   * @throws TypeError when a field's schema is asynchronous.
   */
  accept(input: unknown): AcceptResult<View<Shape, Category>>;
}

/** Distributes, so that a purpose known only as a union gives a union of views, never their sum. */
export type PurposeViewOf<P extends Policy, Shape extends RecordShape, Id extends PurposeId<P>> =
  Id extends PurposeId<P> ? PurposeView<Shape, PurposeCategory<P, Id>> : never;

/**
 * Compiles what one purpose may see of a record.
 *
 * @see WX-4.4.4a, WX-4.4.4b, PIPL-6
 */
export function purposeView<
  P extends Policy,
  Shape extends RecordShape,
  const Id extends PurposeId<P>,
>(record: PersonalRecord<P, string, Shape>, purpose: Id): PurposeViewOf<P, Shape, Id> {
  const { policy } = record;
  const shape: RecordShape = record.fields;
  const definition = Object.hasOwn(policy.purposes, purpose) ? policy.purposes[purpose] : undefined;
  const allowed = new Set<string>(definition?.categories);
  // Requirement WX-4.4.4a, WX-4.5a: nothing personal is collected for a purpose that does not say it collects.
  const collects = definition !== undefined && processingMethods(definition).includes("collect");
  const uses = visibleUses(policy, shape, allowed);
  const categories = [...new Set(uses.map(({ category }) => category))];
  const rule = ruleForUses(policy, purpose, uses);
  const readRow: ReadRow = rule
    ? compileRead(record, rule, { categories }, compileProjection(shape, allowed))
    : () => denyAccess("purpose-unknown");
  const view = {
    purpose,
    categories,
    columns: Object.keys(shape).filter((name) => isVisible(shape[name]!, allowed)),
    read: readRow,
    readMany: (rows: readonly Plain[], facts: AccessFacts, now: number) =>
      rows.map((row) => readRow(row, facts, now)),
    accept: compileAccept(shape, collects ? allowed : new Set()),
  };
  return view as unknown as PurposeViewOf<P, Shape, Id>; // the one cast: run time and type follow the same rule, which test/types pins
}

type ReadRow = (row: Plain, facts: AccessFacts, now: number) => ViewResult<Plain>;

function compileRead(
  record: PersonalRecord,
  rule: PurposeRule,
  use: AccessUse,
  project: (row: Plain) => Plain,
): ReadRow {
  const subjectField = subjectFieldName(record);
  const tenantField = topLevelField(record.fields, ({ kind }) => kind === "tenant");
  const startOf = compileStart(rule, record.fields);
  return (row, facts, now) => {
    const decision = decideUse(rule, use, facts, now);
    const observed = decision.permitted ? decision : observeDenial(decision, facts, now);
    if (!observed.permitted) return observed;
    // Requirement WX-4.4.4b, WC-3.8b: facts about one subject of one tenant open no other's row.
    if (facts.subjectId === undefined || own(row, subjectField) !== facts.subjectId)
      return denyAccess("subject-mismatch");
    if (tenantField !== undefined && own(row, tenantField) !== facts.tenant)
      return denyAccess("tenant-mismatch");
    const ended = retentionEnd(rule, use, facts, now, startOf(row));
    const over = ended && observeDenial(ended, facts, now);
    if (over?.permitted === false) return over;
    const value = project(row);
    const reason = observed.ground === "observed" ? observed.reason : over?.reason;
    return reason === undefined
      ? { permitted: true, value }
      : { permitted: true, value, observed: reason };
  };
}

function compileProjection(
  shape: RecordShape,
  allowed: ReadonlySet<string>,
): (row: Plain) => Plain {
  const steps = Object.entries(shape)
    .filter(([, field]) => isVisible(field, allowed))
    .map(([name, field]) => ({ name, copy: compileCopy(field, allowed) }));
  return (row) => {
    const out: Plain = {};
    for (const { name, copy } of steps)
      if (Object.hasOwn(row, name)) assign(out, name, copy(row[name]));
    return out;
  };
}

function compileCopy(
  field: RecordShape[string],
  allowed: ReadonlySet<string>,
): (value: unknown) => unknown {
  if (field.kind !== "group" && field.kind !== "list") return deepCopy;
  const inner = compileProjection(field.fields, allowed);
  const one = (value: unknown): unknown => (isPlainObject(value) ? inner(value) : undefined);
  return field.kind === "group" ? one : (value) => (Array.isArray(value) ? value.map(one) : []);
}

/** Compiles when retention of a row began, if the row tells: not yet where its anchor is empty. */
function compileStart(
  { retention }: PurposeRule,
  shape: RecordShape,
): (row: Plain) => number | undefined {
  const anchor = topLevelField(
    shape,
    (field) => field.kind === "anchor" && field.event === retention?.from,
  );
  if (anchor === undefined) return () => undefined;
  return (row) => momentOf(own(row, anchor));
}

function momentOf(value: unknown): number {
  if (value === null || value === undefined) return Number.POSITIVE_INFINITY;
  if (value instanceof Date) return value.getTime();
  return typeof value === "string" ? Date.parse(value) : Number(value);
}
