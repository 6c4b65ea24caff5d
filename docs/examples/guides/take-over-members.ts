import type { ImportResult } from "@miniprivacy/node";
import type { ShopPrivacy } from "./open-privacy.ts";

export interface Member {
  readonly id: string;
  readonly agreedAt: string;
}

/** Once, before the shop goes live: nobody's order stops, and everybody is asked before the end date. */
export function takeOverMembers(
  privacy: ShopPrivacy,
  members: AsyncIterable<Member> | Iterable<Member>,
): Promise<ImportResult> {
  return privacy.importConsents(agreements(members), {
    evidence: "Delivery box ticked by the customer, checkout of release 3.2, 2025-04 to 2026-11",
    until: "2027-06-30T00:00:00Z",
  });
}

async function* agreements(members: AsyncIterable<Member> | Iterable<Member>) {
  for await (const { id, agreedAt } of members)
    yield { subject: id, purpose: "delivery", givenAt: agreedAt };
}
