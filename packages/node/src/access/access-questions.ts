import {
  type AccessDenialReason,
  type AccessExplanation,
  accessFacts,
  type AccessQuery,
  decideAccess,
  explainAccess,
} from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Policy } from "@miniprivacy/core/policy";
import type { Runtime } from "../runtime.ts";
import { loadConsentEvents, type StoredConsent } from "../consent/consent-store.ts";
import type { AccessLog } from "./access-log.ts";
import { type FiledRecords, hasUndertaken, loadFiledRecords } from "./filed-records.ts";
import { type FiledBy, staffCaller, staffRef } from "./filing.ts";
import { type KnownPerson, knownFacts, standingOf } from "./known-facts.ts";
import { loadSubjects } from "./load-subjects.ts";

/** Whose access is explained. */
export interface ExplainedRead extends Omit<AccessQuery, "tenant"> {
  readonly tenant: string;
  readonly subjectId: string;
  /** The host's id of the officer who asks; she must be bound to confidentiality (the command line). */
  readonly staff?: string;
}

/** What a policy would have denied of reads that were permitted. */
export interface PolicyTrial {
  /** Permitted reads in the log. */
  readonly reads: number;
  readonly denied: readonly DeniedReads[];
}

export interface DeniedReads {
  readonly purpose: string;
  readonly categories: readonly string[];
  readonly caller: string;
  readonly recipient?: string;
  readonly reason: AccessDenialReason;
  readonly count: number;
}

/** What officers ask about reads, past and to come. */
export interface AccessQuestions {
  /**
   * Leaves an entry in the access log: whoever asks learns what a person decided.
   *
   * @throws PrivacyError `ERR_UNDERTAKING_MISSING`
   */
  explain(read: ExplainedRead): Promise<AccessExplanation>;
  /** What another policy would have denied of what was permitted since, and still would be under the one in force. */
  tryPolicy(tenant: string, policy: Policy, since: Date): Promise<PolicyTrial>;
}

/** Named in the access log for what staff look up about a person. */
const HANDLE_REQUEST = "handle-request";

export function createAccessQuestions(
  runtime: Pick<
    Runtime,
    "database" | "keys" | "policy" | "earlierPolicies" | "standing" | "observeUntil" | "now"
  >,
  log: AccessLog,
): AccessQuestions {
  const { database, policy, earlierPolicies, standing, observeUntil, now } = runtime;

  /** What the access log calls an officer. */
  function bound(filed: FiledRecords, officer: FiledBy): string {
    const ref = staffRef(runtime.keys.index, officer);
    // Requirement WX-4.9b: what a person decided is told to nobody who is not bound to confidentiality.
    if (!hasUndertaken(filed, ref, now())) throw new PrivacyError("ERR_UNDERTAKING_MISSING");
    return staffCaller(undefined, ref);
  }

  return {
    async explain({ tenant, subjectId, staff, ...query }) {
      const filed = await loadFiledRecords(database.tables, tenant);
      const caller = staff === undefined ? "command line" : bound(filed, { tenant, staff });
      const [subject] = await loadSubjects(runtime, tenant, [subjectId]);
      const { subjectRef } = subject!;
      const categories = query.categories.filter((id) => Object.hasOwn(policy.categories, id));
      const entry = { tenant, subjectRef, purpose: HANDLE_REQUEST, categories, caller };
      if (!log.count(log.counter({ ...entry, permitted: true })))
        throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "access log" });
      const known = {
        ...knownFacts(subject!, filed, query.purpose, standing, now()),
        subjectId,
        tenant,
        ...(observeUntil !== undefined && { observeUntil }),
      };
      return explainAccess(policy, query, known, now());
    },
    async tryPolicy(tenant, next, since) {
      const reads = await permittedReads(runtime, tenant, since);
      const filed = await loadFiledRecords(database.tables, tenant);
      const refs = reads.flatMap(({ subjectRef }) => subjectRef ?? []);
      const events = await loadConsentEvents(database.tables, tenant, refs);
      const nextStanding = standingOf(next, [policy, ...earlierPolicies]);
      const decide = (by: Policy, standingThere: typeof standing, read: PermittedRead) => {
        const { purpose, categories, recipient, subjectRef } = read;
        const person = personOf(events, subjectRef);
        const facts = accessFacts(knownFacts(person, filed, purpose, standingThere, now()));
        const query = { purpose, categories, ...(recipient !== null && { recipient }) };
        return decideAccess(by, query, facts, now());
      };
      const denied = new Map<string, DeniedReads>();
      for (const read of reads) {
        const decision = decide(next, nextStanding, read);
        if (decision.permitted || !decide(policy, standing, read).permitted) continue;
        const { purpose, categories, caller, recipient, count } = read;
        const { reason } = decision;
        const key = JSON.stringify([purpose, categories, caller, recipient, reason]);
        denied.set(key, {
          purpose,
          categories,
          caller,
          ...(recipient !== null && { recipient }),
          reason,
          count: count + (denied.get(key)?.count ?? 0),
        });
      }
      return {
        reads: reads.reduce((sum, { count }) => sum + count, 0),
        denied: [...denied.values()].toSorted((a, b) => b.count - a.count),
      };
    },
  };
}

interface PermittedRead {
  readonly subjectRef: string | null;
  readonly purpose: string;
  readonly categories: readonly string[];
  readonly caller: string;
  readonly recipient: string | null;
  readonly count: number;
}

/** Reads for purposes of the policy, those alike added up. */
async function permittedReads(
  { database, policy }: Pick<Runtime, "database" | "policy">,
  tenant: string,
  since: Date,
): Promise<readonly PermittedRead[]> {
  const rows = await database.tables
    .selectFrom("access_log")
    .select(({ fn }) => [
      "subject_ref as subjectRef",
      "purpose",
      "categories",
      "caller",
      "recipient",
      fn.sum<string>("count").as("count"),
    ])
    .where("tenant", "=", tenant)
    .where("at", ">=", since)
    .where("permitted", "=", true)
    .where("purpose", "in", Object.keys(policy.purposes))
    .groupBy(["subject_ref", "purpose", "categories", "caller", "recipient"])
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** A trial is about the policy alone: what is restricted today is left aside. */
function personOf(
  events: ReadonlyMap<string, readonly StoredConsent[]>,
  ref: string | null,
): KnownPerson {
  const stored = (ref === null ? undefined : events.get(ref)) ?? [];
  return { events: stored.map(({ event }) => event), restricted: false };
}
