import type { ConsentStatus } from "../consent/consent-status.ts";
import type { AccessFacts } from "./access-facts.ts";

export const NOW: number = Date.UTC(2026, 10, 24);

/** Facts about `lin`, who said the same to every purpose; tests change one thing of them. */
export function facts(
  change: Partial<AccessFacts> = {},
  status: ConsentStatus = "given",
): AccessFacts {
  const consents = new Map(
    ["delivery", "kitchen", "marketing"].map((id) => [
      id,
      { status, recordId: `record-${id}`, since: 0 },
    ]),
  );
  return {
    subjectId: "lin",
    consents,
    authorizations: new Set(),
    restricted: false,
    freshUntil: NOW + 1,
    ...change,
  };
}
