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

/** What moves a request on. */
export type RequestEvent =
  | "check-identity"
  | "accept"
  | "execute"
  | "extend"
  | "restrict"
  | "fulfil"
  | "fulfil-partly"
  | "refuse"
  | "withdraw"
  | "expire";

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
  | { readonly permitted: false; readonly reason: "no-such-transition" };

/** The one table of moves: what is not in it does not happen, and a closed request never reopens. */
export function transitionRequest(state: RequestState, event: RequestEvent): TransitionResult {
  const next = TRANSITIONS[state][event];
  return next === undefined
    ? { permitted: false, reason: "no-such-transition" }
    : { permitted: true, state: next };
}
