import * as z from "zod/mini";
import { inputIssues } from "../errors/input-issues.ts";
import { PrivacyError } from "../errors/privacy-error.ts";
import { WEIXIN_PRIVACY_KEYS } from "../platform/weixin-privacy-key.ts";
import { sensitiveCategories } from "../sensitive-data/sensitive-category.ts";
import { COLLECTED_IN, type Policy } from "./policy.ts";

/**
 * Reads a policy from decoded JSON: its shape only. Whether its ids point at something and its rules are lawful is
 * for `checkPolicy` to say.
 *
 * @throws PrivacyError `ERR_POLICY_INVALID` with the places that are wrong, ids of the policy written as `*`.
 */
export function parsePolicy(input: unknown): Policy {
  const result = policySchema().safeParse(input);
  if (!result.success)
    throw new PrivacyError("ERR_POLICY_INVALID", {
      issues: inputIssues(result.error.issues, TABLES),
    });
  return result.data;
}

/** The members whose keys are ids somebody chose. */
const TABLES = ["categories", "recipients", "sdks", "holds", "purposes"] as const;

function policySchema() {
  const text = z.partialRecord(z.enum(["zh-CN", "en"]), z.string());
  const ids = z.array(z.string());
  const party = {
    name: text,
    country: z.string().check(z.regex(/^[A-Z]{2}$/)),
    contact: z.strictObject({
      email: z.exactOptional(z.string()),
      phone: z.exactOptional(z.string()),
      url: z.exactOptional(z.string()),
      address: z.exactOptional(z.string()),
    }),
  };
  return z.strictObject({
    id: z.string(),
    version: z.string().check(z.minLength(1)),
    languages: z.array(z.enum(["zh-CN", "en"])),
    controller: z.strictObject(party),
    processor: z.exactOptional(z.strictObject(party)),
    platforms: z.exactOptional(platformsSchema()),
    audience: z.exactOptional(z.strictObject({ minors: z.enum(["possible", "excluded"]) })),
    storageLocations: z.exactOptional(z.array(party.country)),
    categories: z.record(z.string(), categorySchema(text)),
    recipients: z.record(
      z.string(),
      z.strictObject({ ...party, role: z.enum(["processor", "controller"]) }),
    ),
    sdks: z.exactOptional(
      z.record(
        z.string(),
        z.strictObject({
          name: text,
          categories: ids,
          purpose: z.string(),
          recipient: z.exactOptional(z.string()),
        }),
      ),
    ),
    holds: z.exactOptional(
      z.record(
        z.string(),
        z.strictObject({ law: text, categories: ids, days: z.number(), from: z.string() }),
      ),
    ),
    evidence: z.exactOptional(z.strictObject({ keepDays: z.number(), basis: text })),
    purposes: z.record(z.string(), purposeSchema(text)),
  });
}

type TextSchema = z.ZodMiniType<{ [Language in "zh-CN" | "en"]?: string }>;

function platformsSchema() {
  const app = z.strictObject({ appId: z.string() });
  return z.strictObject({
    weixin: z.exactOptional(app),
    tcmpp: z.exactOptional(
      z.strictObject({
        guard: z.enum(["block", "redact", "report"]),
        minimumAge: z.enum(["host-states", "ask"]),
        sdk: z.exactOptional(z.string()),
      }),
    ),
    wecom: z.exactOptional(z.strictObject({ suiteId: z.string() })),
    feishu: z.exactOptional(app),
    kuaishou: z.exactOptional(app),
  });
}

function categorySchema(text: TextSchema) {
  return z.strictObject({
    label: text,
    source: z.enum(["subject", "platform"]),
    collectedIn: z.exactOptional(z.enum(COLLECTED_IN)),
    sensitive: z.exactOptional(z.enum(sensitiveCategories())),
    weixinPrivacyKey: z.exactOptional(
      z.union([
        z.enum(WEIXIN_PRIVACY_KEYS),
        z.templateLiteral(["custom:", z.string().check(z.minLength(1))]),
      ]),
    ),
    precision: z.exactOptional(z.enum(["exact", "approximate"])),
  });
}

function purposeSchema(text: TextSchema) {
  return z.strictObject({
    label: text,
    text,
    categories: z.array(z.string()),
    basis: z.enum(["consent", "contract", "legal-duty", "entrusted"]),
    consentKind: z.exactOptional(z.enum(["explicit", "separate", "written", "guardian"])),
    use: z.exactOptional(
      z.enum(["service", "marketing", "sharing", "transfer", "outside-program"]),
    ),
    necessity: z.enum(["necessary", "optional"]),
    recipients: z.exactOptional(z.array(z.string())),
    methods: z.exactOptional(
      z.array(z.enum(["collect", "store", "use", "transmit", "provide", "publish", "erase"])),
    ),
    retention: z.exactOptional(
      z.strictObject({
        days: z.number(),
        from: z.string(),
        then: z.enum(["erase", "anonymize"]),
      }),
    ),
    sensitiveNotice: z.exactOptional(z.strictObject({ necessity: text, impact: text })),
  });
}

type Parsed = DeepReadonly<z.output<ReturnType<typeof policySchema>>>;
type DeepReadonly<Value> = Value extends object
  ? { readonly [Name in keyof Value]: DeepReadonly<Value[Name]> }
  : Value;
/** Does not compile once the interface allows what the schema refuses; `return result.data` pins the other way. */
type _Pinned<Whole extends Parsed = Policy> = Whole;
