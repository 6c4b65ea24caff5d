import * as z from "zod/mini";
import { PrivacyError } from "../errors/privacy-error.ts";
import { inputIssues } from "../errors/input-issues.ts";
import { contactSchema } from "../policy/party-schema.ts";
import type { BreachRecord } from "./breach-record.ts";

/**
 * Reads a breach record from decoded JSON.
 *
 * @throws PrivacyError `ERR_BREACH_RECORD_INVALID` with the places that are wrong.
 */
export function parseBreachRecord(input: unknown): BreachRecord {
  const result = recordSchema.safeParse(input);
  if (!result.success)
    throw new PrivacyError("ERR_BREACH_RECORD_INVALID", {
      issues: inputIssues(result.error.issues),
    });
  return result.data as BreachRecord;
}

const line = z.string().check(z.minLength(1), z.maxLength(4000));
const text = z.strictObject({ "zh-CN": line, en: line });
const moment = z.iso.datetime({ offset: true });
const recordSchema = z.strictObject({
  schemaVersion: z.literal("1"),
  status: z.enum([
    "suspected",
    "ongoing",
    "halted",
    "concluded",
    "terminated",
    "mitigated",
    "near-miss",
  ]),
  summary: text,
  occurredFrom: z.optional(moment),
  occurredTo: z.optional(moment),
  discoveredAt: moment,
  awareAt: moment,
  cause: text,
  likelyHarm: text,
  measures: z.array(text).check(z.minLength(1), z.maxLength(50)),
  selfHelp: z.array(text).check(z.minLength(1), z.maxLength(50)),
  contact: contactSchema,
  impact: z.strictObject({
    disclosure: z.enum(["no", "potentially", "yes", "unknown"]),
    categories: z.array(z.string().check(z.maxLength(64))).check(z.minLength(1), z.maxLength(100)),
    personsAtLeast: z.int().check(z.minimum(0)),
    minors: z.enum(["yes", "no", "unknown"]),
    jurisdictions: z.array(z.string().check(z.regex(/^[A-Z]{2}$/))).check(z.minLength(1)),
  }),
  platforms: z.array(z.enum(["weixin"])),
  deliveries: z.array(
    z.strictObject({
      ruleId: z.string().check(z.maxLength(64)),
      deliveredAt: moment,
      channel: line,
    }),
  ),
});
