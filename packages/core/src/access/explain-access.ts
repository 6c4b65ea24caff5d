import type { ConsentStatus } from "../consent/consent-status.ts";
import type { LegalBasis, Policy, PurposeUse } from "../policy/policy.ts";
import type { AccessDecision, AccessDenial, AccessDenialReason } from "./access-decision.ts";
import { accessFacts, type KnownFacts } from "./access-facts.ts";
import type { AccessQuery } from "./access-query.ts";
import { decideAccess } from "./decide-access.ts";
import type { AuthorizedUse, PlatformAuthorization } from "./platform-authorization.ts";

/** A decision with what it rested on and what would turn it. */
export interface AccessExplanation {
  readonly decision: AccessDecision;
  readonly facts: ExplainedFacts;
  /** Of a denial: all that must change before the answer is yes, in the order it would be found out. Of a permit: nothing. */
  readonly wouldChange: readonly AccessRemedy[];
}

/** What a decision rested on. */
export interface ExplainedFacts {
  /** What the policy says of the purpose; absent when it does not have it. */
  readonly purpose?: {
    readonly basis: LegalBasis;
    readonly use: PurposeUse;
    readonly categories: readonly string[];
    readonly recipients: readonly string[];
  };
  /** What the subject decided (nothing is known). */
  readonly consent?: {
    readonly status: ConsentStatus;
    readonly recordId: string;
    readonly from: string;
    readonly until?: string;
  };
  readonly restricted: boolean;
  readonly erased: boolean;
  /** Ids of what is on file. */
  readonly authorizations: readonly string[];
  readonly orders: readonly string[];
}

/** Who would have to do what. */
export type AccessChange =
  /** The subject consents, in the form the purpose asks for. */
  | "consent"
  /** The platform instructs or consents in writing, and it is filed. */
  | "platform-authorization"
  /** The platform's order is lifted. */
  | "order-lifted"
  /** The subject's request is closed. */
  | "restriction-ended"
  /** What retention counts from happens again. */
  | "retention-renewed"
  /** The policy says so, and everybody it touches is asked. */
  | "policy"
  /** Nothing will. */
  | "nothing";

export interface AccessRemedy {
  readonly change: AccessChange;
  /** What it would remove. */
  readonly reason: AccessDenialReason;
  readonly obligations: readonly string[];
}

/**
 * Explains a decision: what it rested on, and what would have to change.
 *
 * @param known As for `accessFacts`; how old they are is left aside.
 * @param now Epoch milliseconds.
 */
export function explainAccess(
  policy: Policy,
  query: AccessQuery,
  known: KnownFacts,
  now: number,
): AccessExplanation {
  const decide = (facts: KnownFacts): AccessDecision =>
    decideAccess(
      policy,
      query,
      accessFacts({ ...facts, freshUntil: Number.POSITIVE_INFINITY }),
      now,
    );
  const decision = decide(known);
  return {
    decision,
    facts: explainedFacts(policy, query.purpose, known),
    wouldChange: remedies(query, known, now, decide),
  };
}

/** Removes what denies, one reason after the other, until nothing does or nobody can. */
function remedies(
  query: AccessQuery,
  known: KnownFacts,
  now: number,
  decide: (facts: KnownFacts) => AccessDecision,
): readonly AccessRemedy[] {
  const { observeUntil: _observing, ...strictly } = known;
  const found: AccessRemedy[] = [];
  let facts: KnownFacts = strictly;
  for (;;) {
    const decision = decide(facts);
    if (decision.permitted || found.some(({ reason }) => reason === decision.reason)) return found;
    const { change, apply } = remedyOf(decision);
    found.push({ change, reason: decision.reason, obligations: decision.obligations });
    if (apply === undefined) return found;
    facts = apply(facts, query, now);
  }
}

interface Remedy {
  readonly change: AccessChange;
  /** How the facts would look then; absent where no fact does. */
  readonly apply?: (known: KnownFacts, query: AccessQuery, now: number) => KnownFacts;
}

const POLICY: Remedy = { change: "policy" };
const NOTHING: Remedy = { change: "nothing" };
const CONSENT: Remedy = {
  change: "consent",
  apply: (known, { purpose }, now) => ({
    ...known,
    records: [
      ...known.records.filter((record) => record.purpose.id !== purpose),
      {
        recordId: "",
        purpose: { id: purpose },
        status: "given",
        validity: { from: new Date(now).toISOString() },
      },
    ],
  }),
};
const AUTHORIZATION: Remedy = {
  change: "platform-authorization",
  apply: (known) => ({ ...known, authorizations: EVERYTHING_AUTHORIZED }),
};

/** Where data leaves the country, somebody must allow it; where nobody was told that it does, the policy comes first. */
function remedyOf({ reason, obligations }: AccessDenial): Remedy {
  const untold = reason === "transfer-abroad-not-authorized" && obligations.includes("PIPL-38");
  return untold ? POLICY : REMEDIES[reason];
}

const REMEDIES: { readonly [Reason in AccessDenialReason]: Remedy } = {
  "purpose-unknown": POLICY,
  "category-not-in-purpose": POLICY,
  "recipient-not-listed": POLICY,
  // Those that follow depend on the read at hand, or on nothing that could be changed.
  "facts-too-old": NOTHING,
  "tenant-mismatch": NOTHING,
  "subject-mismatch": NOTHING,
  "subject-erased": NOTHING,
  "undertaking-missing": NOTHING,
  "access-log-full": NOTHING,
  "subject-restricted": {
    change: "restriction-ended",
    apply: (known) => ({ ...known, restricted: false }),
  },
  "platform-order-in-force": {
    change: "order-lifted",
    apply: (known) => ({ ...known, orders: [] }),
  },
  "consent-missing": CONSENT,
  "consent-refused": CONSENT,
  "consent-withdrawn": CONSENT,
  "consent-expired": CONSENT,
  "consent-for-older-notice": CONSENT,
  "separate-consent-missing": CONSENT,
  "guardian-consent-missing": CONSENT,
  "platform-authorization-missing": AUTHORIZATION,
  "transfer-abroad-not-authorized": AUTHORIZATION,
  "retention-over": {
    change: "retention-renewed",
    apply: ({ anchors: _over, ...known }, query, now) => CONSENT.apply!(known, query, now),
  },
};

const USES: readonly AuthorizedUse[] = ["marketing", "sharing", "transfer"];
const SUPPOSED = {
  id: "",
  platform: "weixin",
  source: { title: "", date: "", confidence: "reading" },
} as const;
const EVERYTHING_AUTHORIZED: readonly PlatformAuthorization[] = [
  { ...SUPPOSED, kind: "instruction" },
  ...USES.map((use) => ({ ...SUPPOSED, kind: "written-consent", use }) as const),
];

function explainedFacts(policy: Policy, purpose: string, known: KnownFacts): ExplainedFacts {
  const definition = Object.hasOwn(policy.purposes, purpose) ? policy.purposes[purpose] : undefined;
  const record = known.records.find(({ purpose: { id } }) => id === purpose);
  return {
    ...(definition && {
      purpose: {
        basis: definition.basis,
        use: definition.use ?? "service",
        categories: definition.categories,
        recipients: definition.recipients ?? [],
      },
    }),
    ...(record && {
      consent: { status: record.status, recordId: record.recordId, ...record.validity },
    }),
    restricted: known.restricted ?? false,
    erased: known.erased ?? false,
    authorizations: (known.authorizations ?? []).map(({ id }) => id),
    orders: (known.orders ?? []).map(({ id }) => id),
  };
}
