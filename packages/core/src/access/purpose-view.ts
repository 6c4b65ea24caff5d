import type { Policy, PurposeCategory, PurposeId } from "../policy/policy.ts";
import {
  type GroupField,
  type ListField,
  leafFields,
  type PersonalField,
  type PersonalRecord,
  type RecordShape,
  subjectFieldName,
} from "../policy/personal-record.ts";
import type { Schema } from "../policy/schema.ts";
import { type AccessDenial, type AccessDenialReason, denyAccess } from "./access-decision.ts";
import type { AccessFacts } from "./access-facts.ts";
import { decideAccess } from "./decide-access.ts";
import { observeDenial } from "./observe-denial.ts";

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
  readonly columns: readonly string[];
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
}

/** Distributes, so that a purpose known only as a union gives a union of views, never their sum. */
export type PurposeViewOf<P extends Policy, Shape extends RecordShape, Id extends PurposeId<P>> =
  Id extends PurposeId<P> ? PurposeView<Shape, PurposeCategory<P, Id>> : never;

/**
 * Compiles what one purpose may see of a record.
 *
 * @see WX-4.4.4a, PIPL-6
 */
export function purposeView<
  P extends Policy,
  Shape extends RecordShape,
  const Id extends PurposeId<P>,
>(record: PersonalRecord<P, string, Shape>, purpose: Id): PurposeViewOf<P, Shape, Id> {
  const definition = Object.hasOwn(record.policy.purposes, purpose)
    ? record.policy.purposes[purpose]
    : undefined;
  const allowed = new Set<string>(definition?.categories);
  const shape: RecordShape = record.fields;
  const project = compile(shape, allowed);
  const categories = visibleCategories(shape, allowed);
  const subjectField = subjectFieldName(record);
  const retentionOver = compileRetention(purpose, definition?.retention, shape);
  const view: PurposeView<Shape, never> = {
    purpose,
    categories,
    columns: Object.keys(shape).filter((name) => visible(shape[name]!, allowed)),
    read(input, facts, now) {
      const row = input as unknown as Plain;
      const decision = decideAccess(record.policy, { purpose, categories }, facts, now);
      if (!decision.permitted) return decision;
      if (own(row, subjectField) !== facts.subjectId) return denyAccess("subject-mismatch");
      // Requirement PIPL-19: past its retention period data is not read, even before a sweep has erased it.
      const over = retentionOver(row, facts, now)
        ? observeDenial(denyAccess("retention-over"), facts, now)
        : undefined;
      if (over?.permitted === false) return over;
      const value = project(row) as View<Shape, never>;
      const observed = decision.ground === "observed" ? decision.reason : over?.reason;
      return { permitted: true, value, ...(observed !== undefined && { observed }) };
    },
  };
  return view as unknown as PurposeViewOf<P, Shape, Id>; // the one cast: run time and type follow the same rule, which test/types pins
}

type Plain = { [name: string]: unknown };

function visible(field: RecordShape[string], allowed: ReadonlySet<string>): boolean {
  switch (field.kind) {
    case "plain":
    case "subject":
    case "anchor":
      return true;
    case "personal":
      return allowed.has(field.category);
    case "group":
    case "list":
      return Object.values(field.fields).some((inner) => visible(inner, allowed));
    default:
      return field satisfies never;
  }
}

function visibleCategories(shape: RecordShape, allowed: ReadonlySet<string>): readonly string[] {
  const all = leafFields(shape).flatMap(({ field }) =>
    field.kind === "personal" ? [field.category] : [],
  );
  return [...new Set(all)].filter((category) => allowed.has(category));
}

function compile(shape: RecordShape, allowed: ReadonlySet<string>): (row: Plain) => Plain {
  const steps = Object.entries(shape)
    .filter(([, field]) => visible(field, allowed))
    .map(([name, field]) => ({ name, copy: compileField(field, allowed) }));
  return (row) => {
    const out: Plain = {};
    for (const { name, copy } of steps) {
      if (Object.hasOwn(row, name)) define(out, name, copy(row[name]));
    }
    return out;
  };
}

function compileField(
  field: RecordShape[string],
  allowed: ReadonlySet<string>,
): (value: unknown) => unknown {
  if (field.kind !== "group" && field.kind !== "list") return (value) => deepCopy(value);
  const inner = compile(field.fields, allowed);
  const one = (value: unknown): unknown => (isObject(value) ? inner(value) : undefined);
  return field.kind === "group" ? one : (value) => (Array.isArray(value) ? value.map(one) : []);
}

/**
 * Copies plain data, each object once, so that shared and circular parts cost no more than others. Whatever has
 * behaviour of its own (functions, class instances, symbols) becomes undefined.
 */
function deepCopy(value: unknown, copies: Map<object, unknown> = new Map()): unknown {
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (copies.has(value)) return copies.get(value);
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    copies.set(value, items);
    for (const item of value) items.push(deepCopy(item, copies));
    return items;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const out: Plain = {};
  copies.set(value, out);
  for (const name of Object.keys(value))
    define(out, name, deepCopy((value as Plain)[name], copies));
  return out;
}

/** Assigns without ever reaching a setter such as `__proto__`. */
function define(target: Plain, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function own(row: Plain, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

function isObject(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const DAY_MS = 86_400_000;

/** Compiles when a row is past its time: counted from its anchor, or from the consent. Without a start there is no end yet. */
function compileRetention(
  purpose: string,
  rule: { readonly days: number; readonly from: string } | undefined,
  shape: RecordShape,
): (row: Plain, facts: AccessFacts, now: number) => boolean {
  if (rule === undefined) return () => false;
  const lasts = rule.days * DAY_MS;
  if (rule.from === "consent-given") {
    return (_row, facts, now) => isOver(facts.consents.get(purpose)?.since, lasts, now);
  }
  const anchor = Object.entries(shape).find(
    ([, field]) => field.kind === "anchor" && field.event === rule.from,
  );
  if (anchor === undefined) return () => false;
  return (row, _facts, now) => isOver(own(row, anchor[0]), lasts, now);
}

/** A start that is there but cannot be read counts as long ago. */
function isOver(start: unknown, lasts: number, now: number): boolean {
  if (start === null || start === undefined) return false;
  const at =
    start instanceof Date
      ? start.getTime()
      : typeof start === "string"
        ? Date.parse(start)
        : Number(start);
  return !(now < at + lasts);
}
