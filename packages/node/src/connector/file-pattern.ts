import { PrivacyError } from "@miniprivacy/core/errors";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { fileSafe } from "./file-safe.ts";
import { requireTenant } from "./require-tenant.ts";

/** Which files are a subject's: `notes/{subjectId}/*`, `letters/{subjectId}.txt`. */
export interface FilePattern {
  readonly template: string;
  /** Names of the folders, and of the file where there is one only; without the `*`. */
  readonly segments: readonly string[];
  /** Whether every file below the last folder counts. */
  readonly isOpen: boolean;
}

/** A name on the way to one subject's files. */
export interface PathSegment {
  readonly name: string;
  /** Whether the subject's id is in it. */
  readonly own: boolean;
  /** The name with the id as it is, where that could be mistaken for the name. */
  readonly unsafe?: string;
}

const PLACEHOLDERS = ["{subjectId}", "{tenant}"] as const;

/** @throws TypeError unless the template is a path below the root that tells one subject's files from another's. */
export function filePattern(template: string): FilePattern {
  const isOpen = template.endsWith("/*");
  const segments = (isOpen ? template.slice(0, -2) : template).split("/");
  if (!template.includes("{subjectId}"))
    throw new TypeError("a path of files must contain {subjectId}");
  if (segments.some((segment) => !isPlain(segment)))
    throw new TypeError(
      "a path of files has plain names, a placeholder in each at most, and * at its end only",
    );
  return { template, segments, isOpen };
}

function isPlain(segment: string): boolean {
  const [before, ...after] = segment.split(/\{(?:subjectId|tenant)\}/);
  const text = before! + after.join("");
  if (after.length > 1 || /[{}*\\\0]/.test(text)) return false;
  return after.length === 1 || !["", ".", ".."].includes(text);
}

/** Whether tenants have files of their own. */
export function namesTenant({ template }: FilePattern): boolean {
  return template.includes("{tenant}");
}

/**
 * The names on the way to one subject's files.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` for a tenant the pattern cannot name.
 */
export function pathSegments(
  pattern: FilePattern,
  subject: SubjectIdentity,
): readonly PathSegment[] {
  const { tenant } = subject;
  requireTenant(namesTenant(pattern), tenant);
  if (namesTenant(pattern) && tenant === "")
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "a folder of tenants needs a tenant" });
  return pattern.segments.map((segment) => segmentOf(segment, subject));
}

function segmentOf(segment: string, { tenant, subjectId }: SubjectIdentity): PathSegment {
  const placeholder = PLACEHOLDERS.find((one) => segment.includes(one));
  if (placeholder === undefined) return { name: segment, own: false };
  const own = placeholder === "{subjectId}";
  const id = own ? subjectId : tenant;
  const named = (name: string): string => segment.split(placeholder).join(name);
  return {
    name: named(fileSafe(id)),
    own,
    ...(couldBeTakenForName(id) && { unsafe: named(id) }),
  };
}

/** An id that a host could have used as a name, and that is the `fileSafe` of no other. */
function couldBeTakenForName(id: string): boolean {
  if (/[/\\\0]|^\.\.?$/.test(id) || Buffer.byteLength(id) > 255) return false;
  return !/^(?:[a-z0-9_-]|%[0-9a-f]{2})+$|^~[0-9a-f]{64}$/.test(id);
}
