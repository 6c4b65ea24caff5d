import type { Remnant } from "@miniprivacy/core";

const DAY_MS = 86_400_000;

/** What an erasure leaves behind, by where it lies and for how many days; nothing for none. */
export function keptRemnants(
  now: Date,
  keptDays: { readonly [where: string]: number },
): readonly Remnant[] {
  return Object.entries(keptDays)
    .filter(([, days]) => days > 0)
    .map(([where, days]) => ({
      where,
      until: new Date(now.getTime() + days * DAY_MS).toISOString(),
    }));
}
