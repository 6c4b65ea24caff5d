import { type ConsentEvent, decidingEvent, isPermitting } from "@miniprivacy/core";

/** Whether a purpose stands at a consent, be it one that has ended since. */
export function isConsented(events: readonly ConsentEvent[], purpose: string): boolean {
  const deciding = decidingEvent(events, purpose);
  return deciding !== undefined && isPermitting(deciding.status);
}
