import { PrivacyError } from "@miniprivacy/core/errors";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { requireTenant } from "./require-tenant.ts";

/** Which keys are a subject's: `sess:{subjectId}`, `cart:{subjectId}:*`. */
export interface KeyPattern {
  readonly template: string;
  /** Texts and placeholders in turn, without the `*`. */
  readonly parts: readonly string[];
  /** Whether any text may follow. */
  readonly isOpen: boolean;
}

/** What all keys of one subject by a pattern begin with, or are. */
export interface SubjectKeys {
  readonly pattern: KeyPattern;
  readonly prefix: string;
}

const PLACEHOLDERS = /(\{subjectId\}|\{tenant\})/;

/** @throws TypeError for a pattern that does not tell one subject's keys from another's, or the templates from each other. */
export function keyPatterns(templates: readonly string[]): readonly KeyPattern[] {
  const patterns = templates.map(keyPattern);
  const tenants = patterns.filter(({ parts }) => parts.includes("{tenant}"));
  if (patterns.length === 0 || (tenants.length > 0 && tenants.length < patterns.length))
    throw new TypeError("keys must be patterns, all with {tenant} or none");
  return patterns;
}

function keyPattern(template: string): KeyPattern {
  const isOpen = template.endsWith("*");
  const parts = (isOpen ? template.slice(0, -1) : template).split(PLACEHOLDERS);
  const between = parts.slice(1, -1).filter((part) => !isPlaceholder(part));
  if (!parts.includes("{subjectId}") || template.slice(0, -1).includes("*"))
    throw new TypeError("a key pattern has {subjectId}, and * at its end only");
  if (between.includes("") || (isOpen && parts.at(-1) === ""))
    throw new TypeError("a text must part the placeholders of a key pattern");
  return { template, parts, isOpen };
}

export function separatesTenants(patterns: readonly KeyPattern[]): boolean {
  return patterns.every(({ parts }) => parts.includes("{tenant}"));
}

/**
 * The keys of one subject by each pattern.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` for an id, or a tenant, that is empty or holds a character that stands beside
 *   its place in a pattern: its keys could be another's.
 */
export function subjectKeys(
  patterns: readonly KeyPattern[],
  subject: SubjectIdentity,
): readonly SubjectKeys[] {
  const values = { "{subjectId}": subject.subjectId, "{tenant}": subject.tenant };
  const apart = separatesTenants(patterns);
  requireTenant(apart, subject.tenant);
  requireTellable(patterns, apart ? Object.values(values) : [subject.subjectId]);
  return patterns.map((pattern) => ({
    pattern,
    prefix: pattern.parts.map((part) => (isPlaceholder(part) ? values[part] : part)).join(""),
  }));
}

/** What every key of a pattern begins with. */
export function openingOf({ parts }: KeyPattern): string {
  return parts[0]!;
}

/** Whose a key is by one of the patterns; undefined when it is nobody's. */
export function subjectOfKey(
  patterns: readonly KeyPattern[],
  { parts, isOpen }: KeyPattern,
  key: Buffer,
): SubjectIdentity | undefined {
  const text = key.toString();
  const values = new Map<string, string>();
  const beside = patterns.flatMap((one) => besidePlaceholders(one.parts));
  let rest = text;
  for (const [i, part] of parts.entries()) {
    if (isPlaceholder(part)) {
      const next = parts[i + 1]!;
      const end = next === "" ? rest.length : rest.indexOf(next);
      const value = rest.slice(0, end);
      const isOther = values.has(part) && values.get(part) !== value;
      if (end < 1 || isOther || beside.some((char) => value.includes(char))) return undefined;
      values.set(part, value);
      rest = rest.slice(end);
    } else {
      if (!rest.startsWith(part)) return undefined;
      rest = rest.slice(part.length);
    }
  }
  if ((rest !== "" && !isOpen) || !Buffer.from(text).equals(key)) return undefined;
  return { tenant: values.get("{tenant}") ?? "", subjectId: values.get("{subjectId}")! };
}

type Placeholder = "{subjectId}" | "{tenant}";

function isPlaceholder(part: string): part is Placeholder {
  return part === "{subjectId}" || part === "{tenant}";
}

function requireTellable(patterns: readonly KeyPattern[], values: readonly string[]): void {
  const beside = patterns.flatMap(({ parts }) => besidePlaceholders(parts));
  if (values.some((value) => value === "" || beside.some((char) => value.includes(char))))
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "an id that keys cannot tell apart" });
}

/** The characters before and after each placeholder. */
function besidePlaceholders(parts: readonly string[]): readonly string[] {
  return parts
    .flatMap((part, i) =>
      isPlaceholder(part) ? [(parts[i - 1] ?? "").slice(-1), (parts[i + 1] ?? "").slice(0, 1)] : [],
    )
    .filter((char) => char !== "");
}

/** A pattern of `SCAN` that matches what begins with a text, whatever that holds. */
export function globOf(prefix: string): string {
  return `${prefix.replace(/[\\*?[\]^-]/g, String.raw`\$&`)}*`;
}
