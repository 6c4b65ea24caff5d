import type { InputIssue } from "../errors/privacy-error.ts";
import type { RecordShape } from "../policy/personal-record.ts";
import type { SchemaResult } from "../policy/schema.ts";
import { assign, deepCopy, isPlainObject, type Plain } from "./deep-copy.ts";
import { isVisible } from "./visible-fields.ts";

/** What was taken of an input, or what is wrong with it. */
export type AcceptResult<Value> =
  | { readonly accepted: true; readonly value: Partial<Value> }
  | { readonly accepted: false; readonly issues: readonly InputIssue[] };

/**
 * Compiles what is taken of an input: the fields that hold nothing personal or an allowed category, as far as they are
 * there, each checked by its schema. What the data map does not name, or names for others, is left behind unread, and so
 * is what tells whose row it is.
 */
export function compileAccept(
  shape: RecordShape,
  allowed: ReadonlySet<string>,
): (input: unknown) => AcceptResult<Plain> {
  return (input) => {
    const issues: InputIssue[] = [];
    const value = acceptFields(shape, allowed, input, "", issues);
    return issues.length > 0 ? { accepted: false, issues } : { accepted: true, value };
  };
}

function acceptFields(
  shape: RecordShape,
  allowed: ReadonlySet<string>,
  input: unknown,
  prefix: string,
  issues: InputIssue[],
): Plain {
  const taken: Plain = {};
  if (!isPlainObject(input)) {
    issues.push({ code: "invalid_type", schemaPath: prefix.slice(0, -1) });
    return taken;
  }
  for (const [name, field] of Object.entries(shape)) {
    if (isHosts(field) || !isVisible(field, allowed) || !Object.hasOwn(input, name)) continue;
    assign(taken, name, acceptField(field, allowed, input[name], prefix + name, issues));
  }
  return taken;
}

/** Whose row it is and when something happened to it is for the host to say, never for what came in. */
function isHosts({ kind }: RecordShape[string]): boolean {
  return kind === "subject" || kind === "tenant" || kind === "anchor";
}

function acceptField(
  field: RecordShape[string],
  allowed: ReadonlySet<string>,
  value: unknown,
  path: string,
  issues: InputIssue[],
): unknown {
  if (field.kind === "group") return acceptFields(field.fields, allowed, value, `${path}.`, issues);
  if (field.kind === "list") {
    if (Array.isArray(value))
      return value.map((item) => acceptFields(field.fields, allowed, item, `${path}.*.`, issues));
    issues.push({ code: "invalid_type", schemaPath: path });
    return [];
  }
  const result = requireSynchronous(field.schema["~standard"].validate(deepCopy(value)), path);
  if (result.issues === undefined) return result.value;
  issues.push({ code: "invalid", schemaPath: path });
  return undefined;
}

function requireSynchronous(
  result: SchemaResult<unknown> | Promise<SchemaResult<unknown>>,
  path: string,
): SchemaResult<unknown> {
  if (result instanceof Promise) throw new TypeError(`the schema of field ${path} is asynchronous`);
  return result;
}
