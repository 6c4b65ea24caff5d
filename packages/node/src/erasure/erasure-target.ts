import type { RequestState } from "@miniprivacy/core";
import type { PersonalRecord } from "@miniprivacy/core/policy";
import type { Connector } from "../connector/connector.ts";

/** One record in one store, with the connector that reaches it. */
export interface ErasureTarget {
  readonly store: string;
  readonly connector: Connector;
  readonly record: PersonalRecord;
}

/** The name our own store has in outcomes and certificates. */
export const OWN_STORE = "miniprivacy";

/** An erasure under way. */
export interface RunRequest {
  readonly tenant: string;
  readonly requestId: string;
  readonly subjectRef: string;
  readonly state: RequestState;
  readonly receivedAt: Date;
  readonly commitment: string;
  readonly sealedSubject: Uint8Array;
  readonly runSalt: Uint8Array;
}
