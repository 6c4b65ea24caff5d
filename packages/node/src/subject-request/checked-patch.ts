import { PrivacyError } from "@miniprivacy/core/errors";
import type { PersonalRecord, RectifyRule } from "@miniprivacy/core/policy";
import type { RecordRow } from "../connector/connector.ts";
import { valueForm } from "./value-form.ts";

/** Why a field that is hers is not changed: the host has not confirmed the value, or what is there stays as history. */
export const RECTIFY_REFUSALS = ["verify-again", "from-now-on"] as const;
export type RectifyRefusal = (typeof RECTIFY_REFUSALS)[number];

/** What a person corrects of one row, with the fields of it that the host must confirm. */
export interface CheckedPatch {
  readonly values: RecordRow;
  readonly verifyAgain: readonly string[];
}

/**
 * Checks a correction by the record's own schema and by the rule of each field.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` with the issue `unknown-field`, `type`, `empty` or `from-now-on`; it names
 *   fields of the data map and no value.
 */
export async function checkPatch(record: PersonalRecord, input: unknown): Promise<CheckedPatch> {
  if (typeof input !== "object" || input === null || Array.isArray(input))
    throw invalidPatch("type", "");
  const entries = Object.entries(input);
  if (entries.length === 0) throw invalidPatch("empty", "");
  const values: { [field: string]: unknown } = {};
  for (const [name, value] of entries) values[name] = await checkField(record, name, value);
  const verifyAgain = Object.keys(values).filter((name) => ruleOf(record, name) === "verify-again");
  return { values, verifyAgain };
}

async function checkField(record: PersonalRecord, name: string, value: unknown): Promise<unknown> {
  const field = Object.hasOwn(record.fields, name) ? record.fields[name] : undefined;
  if (field?.kind !== "personal") throw invalidPatch("unknown-field", "*");
  // Requirement WX-4.4.7a: she corrects by herself what the data map does not say otherwise of.
  if (field.rectify === "from-now-on") throw invalidPatch("from-now-on", name);
  const result = await field.schema["~standard"].validate(value);
  if (result.issues !== undefined || valueForm(result.value) === undefined)
    throw invalidPatch("type", name);
  return result.value;
}

function ruleOf({ fields }: PersonalRecord, name: string): RectifyRule {
  const field = fields[name];
  return (field?.kind === "personal" && field.rectify) || "self";
}

/** @param schemaPath The field's name, if the data map has it. */
export function invalidPatch(code: string, schemaPath: string): PrivacyError {
  return new PrivacyError("ERR_INPUT_INVALID", { issues: [{ code, schemaPath }] });
}
