import type { CollectedIn, DataSource } from "../policy/policy.ts";

/** What somebody wants to do with a subject's data. */
export interface AccessQuery {
  readonly purpose: string;
  /** Categories asked for; may be empty when a record's visible fields are all plain. */
  readonly categories: readonly string[];
  /** Recipient id, when the data leaves for someone else. */
  readonly recipient?: string;
  /** Whether it leaves the country (when the recipient is abroad). */
  readonly abroad?: boolean;
  /** The tenant whose data it is (the one of the facts). */
  readonly tenant?: string;
  /** By category, where these values come from, if not from where the policy says. */
  readonly provenance?: { readonly [category: string]: Provenance };
}

/** Where a value comes from, where that is not what its category says. */
export interface Provenance {
  readonly source?: DataSource | undefined;
  readonly collectedIn?: CollectedIn | undefined;
}

/** What is asked of a purpose that has been found. */
export type AccessUse = Omit<AccessQuery, "purpose">;
