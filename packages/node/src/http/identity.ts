/** A role of the operator's staff. */
export type StaffRole = "privacy-officer" | "on-call" | "auditor";

/** Who a request comes from, as the host's own session tells. */
export interface Authentication {
  /** The host's id of the person. */
  readonly subjectId: string;
  /** (the tenant of the request) */
  readonly tenant?: string;
  readonly roles?: readonly StaffRole[];
  /** When the person last proved who she is, epoch milliseconds. */
  readonly authenticatedAt: number;
}

/** The host's function from a request to whoever makes it; null when nobody is signed in. */
export type Authenticate = (
  request: Request,
) => Authentication | null | Promise<Authentication | null>;
