import type { ConsentStatus } from "../consent/consent-status.ts";
import { type AccessFacts, accessFacts, type KnownFacts } from "./access-facts.ts";

export const NOW: number = Date.UTC(2026, 10, 24);

/** Facts about `lin`, who said the same to every purpose; tests change one thing of them. */
export function facts(
  change: Partial<KnownFacts> = {},
  status: ConsentStatus = "given",
): AccessFacts {
  return accessFacts({
    subjectId: "lin",
    records: ["delivery", "kitchen", "marketing"].map((id) => consent(id, status)),
    freshUntil: NOW + 1,
    ...change,
  });
}

export function consent(
  purpose: string,
  status: ConsentStatus,
  validity: { readonly from: string; readonly until?: string } = {
    from: "2026-11-01T00:00:00Z",
    until: "2027-11-01T00:00:00Z",
  },
): KnownFacts["records"][number] {
  return { recordId: `record-${purpose}`, purpose: { id: purpose }, status, validity };
}
