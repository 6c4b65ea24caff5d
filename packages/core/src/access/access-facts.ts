import type { ConsentState } from "../consent/consent-status.ts";

/** A use the platform must have agreed to in writing, beside the subject's consent. */
export type PlatformAuthorization = "marketing" | "sharing" | "transfer";

/** What is known of one subject when access is decided. */
export interface AccessFacts {
  readonly subjectId: string;
  /** State by purpose id; a purpose that is not there is unknown, and unknown denies. */
  readonly consents: ReadonlyMap<string, ConsentState>;
  /** The platform's written consents on file. */
  readonly authorizations: ReadonlySet<PlatformAuthorization>;
  /** The subject asked that data be only stored, or an erasure is under way (PIPL-44, PIPL-47). */
  readonly restricted: boolean;
  /** Until when these facts may be used, on the caller's clock of `now`, epoch milliseconds. */
  readonly freshUntil: number;
  /** Until when a running shop only observes what it would deny, epoch milliseconds (denies). */
  readonly observeUntil?: number;
}
