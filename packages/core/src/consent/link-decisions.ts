import type { ConsentEvent } from "./consent-event.ts";
import { decidingEvent, isPermitting } from "./consent-status.ts";

/**
 * Which decisions of an anonymous device become a person's when the device is linked: for each purpose the device's
 * deciding one where the person has decided nothing, and its denial where the person has consented. Where the two
 * conflict the denial wins, so no order of linking turns a denial into a permit.
 *
 * @param device Events of the device, in the order of the log.
 * @param person Events of the person, in the order of the log.
 * @returns Events of the device, at most one a purpose, to be recorded anew as the person's.
 * @see PIPL-14
 */
export function linkDecisions(
  device: readonly ConsentEvent[],
  person: readonly ConsentEvent[],
): readonly ConsentEvent[] {
  const ofDevice = decisions(device);
  const ofPerson = decisions(person);
  const purposes = [...new Set(ofDevice.map(({ purpose }) => purpose))];
  return purposes.flatMap((purpose) => {
    const event = decidingEvent(ofDevice, purpose);
    if (event === undefined) return [];
    const own = decidingEvent(ofPerson, purpose);
    if (own === undefined) return [event];
    // Requirement PIPL-14: what a person has decided is undone by no consent from a device, only by a denial.
    return isPermitting(own.status) && !isPermitting(event.status) ? [event] : [];
  });
}

/** Asking and putting off decide nothing. */
function decisions(events: readonly ConsentEvent[]): readonly ConsentEvent[] {
  return events.filter(
    ({ status }) => status !== "unknown" && status !== "requested" && status !== "deferred",
  );
}
