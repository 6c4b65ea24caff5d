import type { ConsentEvent } from "./consent-event.ts";
import { decidingEvent } from "./consent-status.ts";

/**
 * Until when a subject who refused is not asked again, epoch milliseconds. A later decision ends the wait.
 *
 * @param events Events of one subject, in the order of the log; other purposes are passed over.
 * @param coolDownMs How long somebody who refused is left alone.
 * @throws RangeError when the cool-down is negative or no number.
 * @see REG-22, KS-4.4.3
 */
export function reaskNotBefore(
  events: readonly ConsentEvent[],
  purpose: string,
  coolDownMs: number,
): number | undefined {
  if (!(coolDownMs >= 0)) throw new RangeError("the cool-down must not be negative");
  const decided = events.filter(({ status }) => status !== "requested" && status !== "deferred");
  const last = decidingEvent(decided, purpose);
  // Requirement REG-22, KS-4.4.3: who has refused is left alone for a while.
  if (last?.status === "refused") return Date.parse(last.recordedAt) + coolDownMs;
  return undefined;
}
