import * as z from "zod/mini";
import type { RecordRow } from "./connector.ts";

/** What is asked of a processor's store, as JSON. The subject is never in a URL. */
export type ConnectorMessage = {
  readonly record: string;
  /** `''` where there is one tenant only. */
  readonly tenant: string;
  readonly subjectId: string;
} & (
  | { readonly type: "find" | "count" | "erase" }
  | { readonly type: "erase-fields"; readonly fields: readonly string[] }
  | { readonly type: "rectify"; readonly key: string; readonly patch: RecordRow }
);

const base = { record: z.string(), tenant: z.string(), subjectId: z.string() };
const text = z.string().check(z.maxLength(256));
const row = z.record(text, z.unknown());

const message = z.discriminatedUnion("type", [
  z.strictObject({ ...base, type: z.enum(["find", "count", "erase"]) }),
  z.strictObject({ ...base, type: z.literal("erase-fields"), fields: z.array(text) }),
  z.strictObject({ ...base, type: z.literal("rectify"), key: z.string(), patch: row }),
]);

/** The message in a body; undefined for what is none. */
export function parseConnectorMessage(body: string): ConnectorMessage | undefined {
  return parsed(message, body);
}

const answers = {
  find: z.looseObject({ rows: z.array(row) }),
  count: z.looseObject({ count: z.int().check(z.nonnegative()) }),
  rectify: z.looseObject({ found: z.boolean() }),
};

/** The rows in an answer to `find`; undefined for what is no answer. */
export function parseRows(body: string): readonly RecordRow[] | undefined {
  return parsed(answers.find, body)?.rows;
}

export function parseCount(body: string): number | undefined {
  return parsed(answers.count, body)?.count;
}

/** Whether there was such a row to correct. */
export function parseFound(body: string): boolean | undefined {
  return parsed(answers.rectify, body)?.found;
}

function parsed<Value>(schema: z.ZodMiniType<Value>, body: string): Value | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  const result = schema.safeParse(value);
  return result.success ? result.data : undefined;
}
