import { isPermitting, linkDecisions } from "@miniprivacy/core";
import { lockLogHead } from "../log/log-append.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { findSubject, linkDevice, linkSubject } from "../subject/subject-store.ts";
import { consentKey, consentRecordId } from "./consent-event.ts";
import { loadConsentEvents, type StoredConsent } from "./consent-store.ts";

/**
 * Makes a device a person's, once: what was decided on it before the sign-in is hers, and where the two disagree the
 * denial stands. From then on the device decides nothing by itself. A device that decided nothing needs no link.
 */
export async function takeOverDevice(
  runtime: Runtime,
  person: SubjectIdentity,
  deviceSecret: string,
): Promise<void> {
  const { database, keys } = runtime;
  const { tenant } = person;
  const device = { tenant, deviceSecret };
  const known = await findSubject(database.tables, keys.index, device);
  if (known === undefined || known.linkedTo !== null) return;
  const at = new Date(runtime.now());
  await runtime.log.transaction(async ({ unit, append }) => {
    await lockLogHead(unit);
    const { ref } = await linkSubject(unit, keys.index, person, at);
    if (!(await linkDevice(unit, tenant, known.ref, ref))) return;
    const decided = await loadConsentEvents(unit, tenant, known.ref);
    const own = await loadConsentEvents(unit, tenant, ref);
    const taken = takenOver(decided, own);
    for (const { event, receipt } of taken) {
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
      await append(entry, at, receipt);
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
