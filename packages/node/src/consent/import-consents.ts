import { canonicalJson, type ConsentEvent, sha256Hex } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import { prepareLogEntry } from "../log/log-entry.ts";
import type { Runtime } from "../runtime.ts";
import { linkSubjects } from "../subject/link-subjects.ts";
import type { PlatformIdentity } from "../subject/platform-identity.ts";
import * as z from "zod/mini";
import { consentKey, consentRecordId } from "./consent-event.ts";

/** A consent somebody gave before MiniPrivacy kept the record. */
export interface LegacyConsent {
  /** Who gave it: the host's id, or what a platform calls the person, for `identities` to look up. */
  readonly subject: string | PlatformIdentity;
  readonly purpose: string;
  /** When it was given, RFC 3339, as far as is known (unknown). */
  readonly givenAt?: string;
}

export interface ImportOptions {
  /** (`''`) */
  readonly tenant?: string;
  /** What shows that these people consented, e.g. which dialog of which version: kept with every record. */
  readonly evidence: string;
  /** Until when they permit, RFC 3339: by then everybody is asked. */
  readonly until: string;
}

export interface ImportResult {
  /** Rows that became a legacy consent. */
  readonly imported: number;
  /** Passed over: the person has decided about the purpose here, or the row was there before. */
  readonly decidedBefore: number;
  /** Passed over: `identities` knows nobody of that name. */
  readonly unidentified: number;
}

/** One statement links so many people, and finds what they decided. */
const BATCH_ROWS = 1000;
const MAX_EVIDENCE_LENGTH = 2000;
const moment = z.iso.datetime({ offset: true });

export async function importConsents(
  runtime: Runtime,
  rows: Iterable<LegacyConsent> | AsyncIterable<LegacyConsent>,
  options: ImportOptions,
): Promise<ImportResult> {
  const terms = parseOptions(options, runtime.now());
  const result = { imported: 0, decidedBefore: 0, unidentified: 0 };
  let batch: IdentifiedConsent[] = [];
  const finishBatch = async (): Promise<void> => {
    const imported = batch.length === 0 ? 0 : await importBatch(runtime, batch, terms);
    result.imported += imported;
    result.decidedBefore += batch.length - imported;
    batch = [];
  };
  for await (const { subject, purpose, givenAt } of rows) {
    if (!Object.hasOwn(runtime.policy.purposes, purpose))
      throw new PrivacyError("ERR_PURPOSE_UNKNOWN");
    const subjectId = await identify(runtime, terms.tenant, subject);
    if (givenAt !== undefined && !moment.safeParse(givenAt).success)
      throw new PrivacyError("ERR_INPUT_INVALID", { detail: "givenAt" });
    if (subjectId === undefined) result.unidentified++;
    else batch.push({ subjectId, purpose, givenAt });
    if (batch.length === BATCH_ROWS) await finishBatch();
  }
  await finishBatch();
  return result;
}

async function identify(
  { identities }: Runtime,
  tenant: string,
  subject: string | PlatformIdentity,
): Promise<string | undefined> {
  if (typeof subject === "string") return subject;
  if (identities === undefined)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "identities are missing" });
  return (await identities(subject, tenant)) ?? undefined;
}

/** @returns How many were not decided before. */
async function importBatch(
  runtime: Runtime,
  batch: readonly IdentifiedConsent[],
  terms: ImportTerms,
): Promise<number> {
  const { database, keys } = runtime;
  const { tenant } = terms;
  const at = new Date(runtime.now());
  const ids = [...new Set(batch.map(({ subjectId }) => subjectId))];
  const refs = await linkSubjects(database.tables, keys.index, tenant, ids, at);
  const decided = await loadDecided(runtime, tenant, [...refs.values()]);
  // Requirement WX-4.4.4d: what a person decided here is not replaced by what is said of before.
  const open = batch.filter(
    ({ subjectId, purpose }) => !decided.has(JSON.stringify([refs.get(subjectId)!, purpose])),
  );
  const appended = await Promise.all(
    open.map((row) => append(runtime, refs.get(row.subjectId)!, row, terms, at)),
  );
  return appended.filter(Boolean).length;
}

/** False when the person decided meanwhile. */
async function append(
  runtime: Runtime,
  ref: string,
  { purpose, givenAt }: IdentifiedConsent,
  { tenant, evidence, until }: ImportTerms,
  at: Date,
): Promise<boolean> {
  const { published, keys, log } = runtime;
  const { purposes, ...version } = published;
  const decisionId = `legacy-${purpose}`;
  const event: ConsentEvent = {
    type: "consent",
    schemaVersion: "1",
    recordId: consentRecordId(keys.mac, tenant, ref, purpose),
    decisionId,
    subjectRef: ref,
    purpose,
    status: "legacy",
    recordedAt: at.toISOString(),
    claimedAt: givenAt ?? at.toISOString(),
    submissionDigest: sha256Hex(
      canonicalJson({ purpose, evidence, until, givenAt: givenAt ?? null }),
    ),
    counter: 0,
    policy: version,
    purposeDigest: purposes[purpose]!,
    validUntil: until,
    evidence,
  };
  const entry = prepareLogEntry({
    tenant,
    kind: "consent",
    subjectRef: ref,
    dedupeKey: consentKey(ref, decisionId),
    content: event,
    topic: purpose,
    // Whoever refused or withdrew meanwhile is not taken over either.
    asOf: -1,
  });
  const { appended } = await log.append({ entry, statement: null, recordedAt: at });
  return appended;
}

/** What these people decided: [ref, purpose]. */
async function loadDecided(
  { database }: Runtime,
  tenant: string,
  refs: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await database.tables
    .selectFrom("log_event")
    .select(["subject_ref", "topic"])
    .distinct()
    .where("tenant", "=", tenant)
    .where("kind", "=", "consent")
    .where("subject_ref", "in", refs)
    .execute();
  return new Set(rows.map(({ subject_ref, topic }) => JSON.stringify([subject_ref, topic])));
}

interface IdentifiedConsent {
  readonly subjectId: string;
  readonly purpose: string;
  readonly givenAt: string | undefined;
}

interface ImportTerms {
  readonly tenant: string;
  readonly evidence: string;
  readonly until: string;
}

function parseOptions({ tenant = "", evidence, until }: ImportOptions, now: number): ImportTerms {
  const end = Date.parse(until);
  if (!(end > now)) throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "until" });
  if (evidence.trim() === "" || evidence.length > MAX_EVIDENCE_LENGTH)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "evidence" });
  return { tenant, evidence, until: new Date(end).toISOString() };
}
