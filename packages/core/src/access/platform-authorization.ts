import type { AuthorizationSource } from "../platform/weixin-instructions.ts";

/** A use the platform must have agreed to in writing, beside the subject's consent. */
export type AuthorizedUse = "marketing" | "sharing" | "transfer";

interface AuthorizationTerms {
  readonly id: string;
  /** The platform that gave it. */
  readonly platform: "weixin";
  /** Category ids it speaks of (all). */
  readonly categories?: readonly string[];
  /** Purpose ids it speaks of (all). */
  readonly purposes?: readonly string[];
  /** Recipient ids it speaks of (all). */
  readonly recipients?: readonly string[];
  /** From when it holds, RFC 3339 (always). */
  readonly validFrom?: string;
  /** Up to when it holds, RFC 3339 (without end). */
  readonly validUntil?: string;
  readonly source: AuthorizationSource;
}

/**
 * What a platform has said may be done with data: an instruction to use what it provides (WX-4.4.5a), or a prior written
 * consent to market with it, to share it or to take it abroad (WX-4.4.9a, WX-4.4.9b, WX-4.6).
 */
export type PlatformAuthorization =
  | (AuthorizationTerms & { readonly kind: "instruction" })
  | (AuthorizationTerms & { readonly kind: "written-consent"; readonly use: AuthorizedUse });

/**
 * Whether one of the authorizations covers a use of a category for a purpose.
 *
 * @param category (of data that has none)
 * @param recipient Whom it is handed to; who only reads for the purpose may, whoever the recipients are to be (nobody).
 * @param now Epoch milliseconds.
 */
export function isAuthorized(
  authorizations: readonly PlatformAuthorization[],
  use: AuthorizedUse | "instruction",
  purpose: string,
  category: string | undefined,
  recipient: string | undefined,
  now: number,
): boolean {
  return authorizations.some((given) => {
    const authorized = given.kind === "instruction" ? "instruction" : given.use;
    return (
      authorized === use &&
      speaksOf(given.purposes, purpose) &&
      speaksOf(given.categories, category) &&
      (recipient === undefined || speaksOf(given.recipients, recipient)) &&
      isInForce(given, now)
    );
  });
}

/** One that names some speaks of no others, nor of all together. */
function speaksOf(named: readonly string[] | undefined, id: string | undefined): boolean {
  return named === undefined || (id !== undefined && named.includes(id));
}

/** A moment that cannot be read is never. */
function isInForce({ validFrom, validUntil }: AuthorizationTerms, now: number): boolean {
  return (
    (validFrom === undefined || Date.parse(validFrom) <= now) &&
    (validUntil === undefined || now < Date.parse(validUntil))
  );
}
