import type { ConsentRecord } from "../consent/consent-record.ts";
import { type ConsentStatus, isPermitting } from "../consent/consent-status.ts";
import type { ConsentKind } from "../policy/policy.ts";
import type { AccessPermit } from "./access-decision.ts";
import type { PlatformAuthorization } from "./platform-authorization.ts";
import type { PlatformOrder } from "./platform-order.ts";

/** What is known of one subject, as somebody found it. */
export interface KnownFacts {
  /** The host's id of the subject (no row is hers). */
  readonly subjectId?: string;
  /** (`''`) */
  readonly tenant?: string;
  /** What she decided, one record a purpose; a purpose without one is unknown, and unknown denies. */
  readonly records: readonly AccessConsent[];
  /** What the platform has said, beside its published instructions (nothing). */
  readonly authorizations?: readonly PlatformAuthorization[];
  /** The platform's orders in force (none). */
  readonly orders?: readonly PlatformOrder[];
  /** The subject's latest moment of each event that retention counts from, RFC 3339 (none has come). */
  readonly anchors?: { readonly [event: string]: string };
  /** Categories that a law keeps, and up to when, RFC 3339 (none). */
  readonly holds?: readonly { readonly category: string; readonly until: string }[];
  /** The subject asked that data be only stored, or an erasure is under way, PIPL-44, PIPL-47 (no). */
  readonly restricted?: boolean;
  /** Her data was erased; what a law keeps may be left (no). */
  readonly erased?: boolean;
  /** Until when these facts may be used, on the caller's clock of `now`, epoch milliseconds. */
  readonly freshUntil: number;
  /** Until when a running shop only observes what it would deny, epoch milliseconds (denies). */
  readonly observeUntil?: number;
}

/** What access needs of a {@link ConsentRecord}. */
export type AccessConsent = Pick<ConsentRecord, "recordId" | "status" | "validity"> & {
  readonly purpose: { readonly id: string };
  /** In which form it was given (the one its purpose asked for). */
  readonly consentKind?: ConsentKind;
};

/** What is known of one subject when access is decided; made by {@link accessFacts}. */
export interface AccessFacts {
  readonly subjectId: string | undefined;
  readonly tenant: string;
  readonly consents: ReadonlyMap<string, ConsentStanding>;
  readonly authorizations: readonly PlatformAuthorization[];
  readonly orders: readonly PlatformOrder[];
  /** Epoch milliseconds by event. */
  readonly anchors: ReadonlyMap<string, number>;
  /** Epoch milliseconds by category. */
  readonly heldUntil: ReadonlyMap<string, number>;
  readonly restricted: boolean;
  readonly erased: boolean;
  readonly freshUntil: number;
  readonly observeUntil?: number;
}

/** A consent as access looks at it. Moments are epoch milliseconds. */
export interface ConsentStanding {
  readonly status: ConsentStatus;
  /** What is handed out while it permits. */
  readonly permit: AccessPermit | undefined;
  readonly since: number;
  readonly until: number;
  readonly kind: ConsentKind | undefined;
}

/** Prepares what is known of a subject for many decisions. Moments that cannot be read deny. */
export function accessFacts(known: KnownFacts): AccessFacts {
  const { anchors = {}, holds = [], observeUntil } = known;
  return {
    subjectId: known.subjectId,
    tenant: known.tenant ?? "",
    consents: standings(known.records),
    authorizations: known.authorizations ?? [],
    orders: known.orders ?? [],
    anchors: new Map(Object.entries(anchors).map(([event, at]) => [event, Date.parse(at)])),
    heldUntil: new Map(holds.map(({ category, until }) => [category, Date.parse(until)])),
    restricted: known.restricted ?? false,
    erased: known.erased ?? false,
    freshUntil: known.freshUntil,
    ...(observeUntil !== undefined && { observeUntil }),
  };
}

/** Of two records of one purpose the one that denies counts. */
function standings(records: readonly AccessConsent[]): ReadonlyMap<string, ConsentStanding> {
  const byPurpose = new Map<string, ConsentStanding>();
  for (const record of records) {
    const before = byPurpose.get(record.purpose.id);
    if (before === undefined || before.permit !== undefined)
      byPurpose.set(record.purpose.id, standing(record));
  }
  return byPurpose;
}

function standing({ recordId, status, validity, consentKind }: AccessConsent): ConsentStanding {
  const { from, until } = validity;
  return {
    status,
    permit: isPermitting(status)
      ? { permitted: true, ground: "consent", consentId: recordId }
      : undefined,
    since: Date.parse(from),
    until: until === undefined ? endless(status) : Date.parse(until),
    kind: consentKind,
  };
}

/** A legacy consent that names no end has none left. */
function endless(status: ConsentStatus): number {
  return status === "legacy" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
