import { PrivacyError } from "@miniprivacy/core/errors";
import { isDeviceSecret } from "../consent/consent-proof.ts";
import type { ConsentSubject, SubjectIdentity } from "../subject/subject-identity.ts";

const STAFF_ROLES = ["privacy-officer", "on-call", "auditor"] as const;

/** A role of the operator's staff. */
export type StaffRole = (typeof STAFF_ROLES)[number];

/** Who a request comes from, as the host's own session tells. */
export interface Authentication {
  /** The host's id of the person: at most 256 characters. */
  readonly subjectId: string;
  /** (the tenant of the request) */
  readonly tenant?: string;
  readonly roles?: readonly StaffRole[];
  /** When the person last proved who she is, epoch milliseconds. What is no moment of the past proves nothing. */
  readonly authenticatedAt: number;
}

/** The host's function from a request to whoever makes it; null when nobody is signed in. */
export type Authenticate = (
  request: Request,
) => Authentication | null | Promise<Authentication | null>;

const LONGEST_NAME = 256;
/** How much later than ours the clock of the host's sign-in may be. */
const CLOCK_SKEW_MS = 5000;

/**
 * Takes what the host's `authenticate` answered.
 *
 * @returns Undefined when nobody is signed in.
 * @throws PrivacyError `ERR_CONFIG_INVALID` for anything that is neither: a fault of the host's sign-in, not a person.
 */
export function parseAuthentication(answer: unknown, now: number): Authentication | undefined {
  if (answer === null || answer === undefined) return undefined;
  if (typeof answer !== "object") throw unusable("authenticate gave no object");
  const { subjectId, tenant, roles, authenticatedAt } = answer as {
    readonly [member: string]: unknown;
  };
  if (!isName(subjectId) || subjectId === "")
    throw unusable("authenticate gave no usable subjectId");
  if (tenant !== undefined && !isName(tenant)) throw unusable("authenticate gave no usable tenant");
  if (roles !== undefined && !Array.isArray(roles))
    throw unusable("authenticate gave roles that are no array");
  return {
    subjectId,
    ...(tenant !== undefined && { tenant }),
    roles: STAFF_ROLES.filter((role) => roles?.includes(role)),
    authenticatedAt: isPast(authenticatedAt, now) ? authenticatedAt : Number.NEGATIVE_INFINITY,
  };
}

/** Takes what the host's `tenantOf` answered. @throws PrivacyError `ERR_CONFIG_INVALID` */
export function parseTenant(answer: unknown): string {
  if (!isName(answer)) throw unusable("tenantOf gave no usable tenant");
  return answer;
}

/** A text that stays itself in a database and under a digest: no NUL, no half of a character. */
function isName(value: unknown): value is string {
  return (
    typeof value === "string" && value.length <= LONGEST_NAME && !/[\0\p{Surrogate}]/u.test(value)
  );
}

function isPast(value: unknown, now: number): value is number {
  return typeof value === "number" && value <= now + CLOCK_SKEW_MS;
}

function unusable(detail: string): PrivacyError {
  return new PrivacyError("ERR_CONFIG_INVALID", { detail });
}

/** Whom a request is about. @throws PrivacyError `ERR_UNAUTHENTICATED` */
export function subjectOf(context: {
  readonly tenant: string;
  readonly identity: Authentication | undefined;
}): SubjectIdentity {
  const { tenant, identity } = context;
  if (identity === undefined) throw new PrivacyError("ERR_UNAUTHENTICATED");
  return { tenant, subjectId: identity.subjectId };
}

/** Whoever decides about consent: the person signed in, else the device. @throws PrivacyError `ERR_UNAUTHENTICATED` */
export function consentSubjectOf(context: {
  readonly tenant: string;
  readonly identity: Authentication | undefined;
  readonly deviceSecret: string | undefined;
}): ConsentSubject {
  const { tenant, identity, deviceSecret } = context;
  if (identity !== undefined || deviceSecret === undefined) return subjectOf(context);
  return { tenant, deviceSecret };
}

/** Takes what a client sent as its device's secret. @throws PrivacyError `ERR_INPUT_INVALID` */
export function parseDeviceSecret(header: string | null): string | undefined {
  if (header === null) return undefined;
  if (isDeviceSecret(header)) return header;
  throw new PrivacyError("ERR_INPUT_INVALID", {
    issues: [{ code: "format", schemaPath: "x-privacy-device" }],
  });
}
