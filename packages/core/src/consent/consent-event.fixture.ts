import type { ConsentEvent } from "./consent-event.ts";

let ids = 0;

/** One decision about `delivery`, a grant with an id of its own; tests change one thing of it. */
export function consentEvent(change: Partial<ConsentEvent> = {}): ConsentEvent {
  const purpose = change.purpose ?? "delivery";
  return {
    type: "consent",
    schemaVersion: "1",
    recordId: `record-${purpose}`,
    decisionId: `decision-${ids++}`,
    subjectRef: "ref",
    purpose,
    status: "given",
    recordedAt: "2026-11-24T08:00:00.000Z",
    claimedAt: "2026-11-24T08:00:00.000Z",
    submissionDigest: "0".repeat(64),
    counter: 0,
    policy: { id: "shop", version: "1", digest: "0".repeat(64) },
    purposeDigest: "0".repeat(64),
    ...change,
  };
}
