import { type ConsentEvent, sha256Hex } from "@miniprivacy/core";
import { policyLock } from "@miniprivacy/core/policy";
import { consentKey, consentRecordId } from "../consent/consent-event.ts";
import type { LogUnit } from "../log/log-writer.ts";
import type { Runtime } from "../runtime.ts";
import type { DatedEntry, DenialEntry } from "./ledger-entry.ts";

type Denial = Omit<DatedEntry<DenialEntry>, "phase">;

/**
 * Withdraws whatever a person has consented to whose erasure had begun and is lost with its request: until it is asked for
 * again, nobody reads her data.
 */
export async function withdrawAll(
  runtime: Parameters<typeof repeatDenial>[0],
  logUnit: LogUnit,
  begun: Omit<Denial, "purpose" | "status">,
): Promise<void> {
  const rows = await logUnit.unit
    .selectFrom("log_event")
    .select("topic")
    .distinct()
    .where("tenant", "=", begun.tenant)
    .where("subject_ref", "=", begun.subjectRef)
    .where("kind", "=", "consent")
    .where("topic", "is not", null)
    .execute();
  for (const { topic } of rows)
    await repeatDenial(runtime, logUnit, { ...begun, purpose: topic!, status: "withdrawn" });
}

/**
 * Records again that a consent was refused or withdrawn, in the caller's transaction: a restored backup must not turn that
 * into a yes. Whoever has consented again since is asked again.
 *
 * @returns Whether the database knows whoever did.
 */
export async function repeatDenial(
  { keys, policy, now }: Pick<Runtime, "keys" | "now" | "policy">,
  { unit, append }: LogUnit,
  { tenant, subjectRef, purpose, status, at, size }: Denial,
): Promise<boolean> {
  const link = await unit
    .selectFrom("subject")
    .select("ref")
    .where("tenant", "=", tenant)
    .where("ref", "=", subjectRef)
    .executeTakeFirst();
  const { purposes, ...version } = policyLock(policy);
  const purposeDigest = purposes[purpose];
  // Requirement PIPL-15: a consent that was withdrawn stays withdrawn, whichever backup is restored.
  if (link === undefined || purposeDigest === undefined) return false;
  const decisionId = `replayed-${size}-${purpose}`;
  const dedupeKey = consentKey(subjectRef, decisionId);
  const known = await unit
    .selectFrom("log_event")
    .select("leaf_index")
    .where("tenant", "=", tenant)
    .where("dedupe_key", "=", dedupeKey)
    .executeTakeFirst();
  if (known !== undefined) return true;
  const recordedAt = new Date(now());
  const content: ConsentEvent = {
    type: "consent",
    schemaVersion: "1",
    recordId: consentRecordId(keys.mac, tenant, subjectRef, purpose),
    decisionId,
    subjectRef,
    purpose,
    status,
    recordedAt: recordedAt.toISOString(),
    claimedAt: at,
    submissionDigest: sha256Hex(decisionId),
    counter: 0,
    policy: version,
    purposeDigest,
  };
  const about = { tenant, subjectRef, dedupeKey, topic: purpose, denies: true };
  await append({ ...about, kind: "consent", content }, recordedAt);
  return true;
}
