/** The closed set of {@link RequestKind}. */
export const REQUEST_KINDS = [
  "access",
  "copy",
  "portability",
  "rectify",
  "erase",
  "restrict",
  "object",
  "withdraw",
  "explain",
  "account-cancel",
] as const;

/** What a person may ask for. */
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** The closed set of {@link RequestState}. */
export const REQUEST_STATES = [
  "received",
  "identity-check",
  "accepted",
  "executing",
  "extended",
  "restricted",
  "fulfilled",
  "partly-fulfilled",
  "refused",
  "withdrawn-by-user",
  "expired",
] as const;

/** Where a request stands. */
export type RequestState = (typeof REQUEST_STATES)[number];

/** Why a request may be refused. */
export const REFUSAL_REASONS = [
  "suspected-fraud",
  "identity-not-verified",
  "nothing-held",
  "not-covered",
  "outside-jurisdiction",
  "too-many-requests",
  "other",
] as const;

/** One of {@link REFUSAL_REASONS}. */
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Why a request may take longer. @see GDPR Art. 12(3), DPV `DelayJustification` */
export const EXTENSION_REASONS = ["high-volume", "complexity"] as const;

/** One of {@link EXTENSION_REASONS}. */
export type ExtensionReason = (typeof EXTENSION_REASONS)[number];

/** What moves a request on; a refusal and an extension say why. */
export type RequestMove =
  | {
      readonly event:
        | "check-identity"
        | "accept"
        | "execute"
        | "restrict"
        | "fulfil"
        | "fulfil-partly"
        | "withdraw"
        | "expire";
    }
  | { readonly event: "extend"; readonly reason: ExtensionReason }
  | { readonly event: "refuse"; readonly reason: RefusalReason };

/** The name of a {@link RequestMove}. */
export type RequestEvent = RequestMove["event"];

const TRANSITIONS: {
  readonly [State in RequestState]: { readonly [Event in RequestEvent]?: RequestState };
} = {
  received: {
    "check-identity": "identity-check",
    accept: "accepted",
    refuse: "refused",
    withdraw: "withdrawn-by-user",
    expire: "expired",
  },
  "identity-check": {
    accept: "accepted",
    refuse: "refused",
    withdraw: "withdrawn-by-user",
    expire: "expired",
  },
  accepted: {
    execute: "executing",
    extend: "extended",
    restrict: "restricted",
    refuse: "refused",
    withdraw: "withdrawn-by-user",
  },
  extended: {
    execute: "executing",
    restrict: "restricted",
    refuse: "refused",
    withdraw: "withdrawn-by-user",
  },
  restricted: { execute: "executing", fulfil: "fulfilled", "fulfil-partly": "partly-fulfilled" },
  executing: {
    extend: "extended",
    restrict: "restricted",
    fulfil: "fulfilled",
    "fulfil-partly": "partly-fulfilled",
  },
  "partly-fulfilled": { fulfil: "fulfilled" },
  fulfilled: {},
  refused: {},
  "withdrawn-by-user": {},
  expired: {},
};

export type TransitionResult =
  | { readonly permitted: true; readonly state: RequestState }
  | { readonly permitted: false; readonly reason: "no-such-transition" | "reason-required" };

/**
 * The one table of moves: what is not in it does not happen, and a closed request never reopens. Nothing is refused or
 * extended without one of the reasons that are listed.
 */
export function transitionRequest(state: RequestState, move: RequestMove): TransitionResult {
  const next = TRANSITIONS[state][move.event];
  if (next === undefined) return { permitted: false, reason: "no-such-transition" };
  return isJustified(move)
    ? { permitted: true, state: next }
    : { permitted: false, reason: "reason-required" };
}

function isJustified(move: RequestMove): boolean {
  if (move.event === "refuse") return REFUSAL_REASONS.includes(move.reason);
  return move.event !== "extend" || EXTENSION_REASONS.includes(move.reason);
}
