import { isPermitting, linkDecisions } from "@miniprivacy/core";
import type { Withdrawals } from "../erasure/withdrawals.ts";
import { lockLogHead } from "../log/log-append.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { findSubject, linkDevice, linkSubject } from "../subject/subject-store.ts";
import { consentKey, consentRecordId } from "./consent-event.ts";
import { isConsented } from "./is-consented.ts";
import { loadConsentEvents, loadReceipts, type StoredConsent } from "./consent-store.ts";

/**
 * Makes a device a person's, once: what was decided on it before the sign-in is hers, and where the two disagree the
 * denial stands. From then on the device decides nothing by itself: what she decides here and is delivered when her
 * session has ended is not taken for somebody else's. A device that decides nothing needs no link.
 *
 * @param decides Whether the call brings decisions.
 */
export async function takeOverDevice(
  runtime: Runtime,
  person: SubjectIdentity,
  deviceSecret: string,
  decides: boolean,
  withdrawals: Withdrawals,
): Promise<void> {
  const { database, keys } = runtime;
  const { tenant } = person;
  const device = { tenant, deviceSecret };
  const known = await findSubject(database.tables, keys.index, device);
  if (known === undefined ? !decides : known.linkedTo !== null) return;
  const at = new Date(runtime.now());
  await runtime.log.transaction(async ({ unit, append }) => {
    await lockLogHead(unit);
    const { ref } = await linkSubject(unit, keys.index, person, at);
    const { ref: deviceRef } = await linkSubject(unit, keys.index, device, at);
    if (!(await linkDevice(unit, tenant, deviceRef, ref))) return;
    const events = await loadConsentEvents(unit, tenant, [deviceRef, ref]);
    const decided = events.get(deviceRef)!;
    const own = events.get(ref)!;
    const taken = takenOver(decided, own);
    const receipts = await loadReceipts(unit, tenant, taken);
    for (const purpose of endedPurposes(taken, own))
      await withdrawals.open(unit, person, ref, purpose, at.getTime());
    for (const { event, leafIndex } of taken) {
      const { decisionId, purpose, status } = event;
      const recordId = consentRecordId(keys.mac, tenant, ref, purpose);
      const origin = { recordId: event.recordId };
      const entry = {
        tenant,
        kind: "consent",
        subjectRef: ref,
        dedupeKey: consentKey(ref, decisionId),
        content: { ...event, recordId, subjectRef: ref, origin },
        topic: purpose,
        denies: !isPermitting(status),
      };
      await append(entry, at, receipts.get(leafIndex));
    }
    // The head moves in any case: a decision just being appended for the device is checked again.
    const content = {
      type: "device-link",
      schemaVersion: "1",
      taken: taken.length,
      at: at.toISOString(),
    };
    await append({ tenant, kind: "device-link", subjectRef: ref, dedupeKey: null, content }, at);
  });
  withdrawals.wake();
}

/** What she consented to, and her device denied. */
function endedPurposes(
  taken: readonly StoredConsent[],
  own: readonly StoredConsent[],
): readonly string[] {
  const events = own.map(({ event }) => event);
  const denied = taken.flatMap(({ event }) => (isPermitting(event.status) ? [] : [event.purpose]));
  return [...new Set(denied)].filter((purpose) => isConsented(events, purpose));
}

/** What is hers already, by a call that came both ways, is not recorded again. */
function takenOver(
  decided: readonly StoredConsent[],
  own: readonly StoredConsent[],
): readonly StoredConsent[] {
  const eventsOf = (stored: readonly StoredConsent[]) => stored.map(({ event }) => event);
  const known = new Set(own.map(({ event }) => event.decisionId));
  const taken = new Set(
    linkDecisions(eventsOf(decided), eventsOf(own)).map(({ decisionId }) => decisionId),
  );
  return decided.filter(
    ({ event: { decisionId } }) => taken.has(decisionId) && !known.has(decisionId),
  );
}
