import { randomUUID } from "node:crypto";
import {
  canonicalJson,
  type ConsentEvent,
  consentReceipt,
  type ConsentState,
  consentStatus,
  decideGrant,
  decidingEvent,
  type GrantRefusal,
  isOptOutPurpose,
  isPermitting,
  sha256Hex,
} from "@miniprivacy/core";
import { PrivacyError, type PrivacyErrorCode } from "@miniprivacy/core/errors";
import type { Policy } from "@miniprivacy/core/policy";
import { type AppendRefusal, prepareLogEntry } from "../log/log-entry.ts";
import type { Runtime } from "../runtime.ts";
import type { Withdrawals } from "../erasure/withdrawals.ts";
import type { ConsentSubject, SubjectIdentity } from "../subject/subject-identity.ts";
import { deviceName, linkSubject, type SubjectLink } from "../subject/subject-store.ts";
import type { ConsentDecision } from "./consent-decision.ts";
import { consentEvent, consentKey } from "./consent-event.ts";
import {
  type ConsentHistory,
  loadHistory,
  loadReceipts,
  type StoredConsent,
} from "./consent-store.ts";
import { createDecisionRate } from "./decision-rate.ts";
import { isConsented } from "./is-consented.ts";
import type { NoticeService } from "./notice-service.ts";
import type { NoticeClaims } from "./notice-token.ts";
import { versionWithPurpose } from "./policy-with-purpose.ts";

/** The state of one purpose, with the receipt of the decision behind it. */
export interface ConsentEntry {
  readonly purpose: string;
  readonly status: ConsentState["status"];
  readonly receipt?: string;
}

/** What became of a decision: its receipt, or why it was not recorded. */
export type DecisionOutcome =
  | { readonly receipt: string }
  | {
      readonly code: PrivacyErrorCode;
      /** Of `ERR_CONSENT_RULE`: which rule. */
      readonly reason?: GrantRefusal;
      /** Of `ERR_RATE_LIMITED`: when it may be sent again. */
      readonly retryAfterMs?: number;
    };

/** What a request tells beside the decisions in it. */
export interface DecisionContext {
  /** The device that the call came from: its counter orders its own decisions (unknown). */
  readonly deviceSecret?: string | undefined;
  /** The browser says that this person objects to marketing and sharing: `Sec-GPC: 1` (false). */
  readonly optedOut?: boolean;
}

export interface ConsentService {
  /**
   * Records decisions one after the other and signs a receipt for each, or gives the receipt of the same decision
   * recorded before.
   *
   * @returns An outcome a decision, in their order.
   */
  record(
    subject: ConsentSubject,
    decisions: readonly ConsentDecision[],
    context?: DecisionContext,
  ): Promise<readonly DecisionOutcome[]>;
  /** Withdraws one purpose, whatever it stands at: a grant still under way is late from here on. */
  withdraw(subject: ConsentSubject, purpose: string): Promise<DecisionOutcome>;
  /** Records the objection that a browser states beforehand as a refusal of what it is about and is consented to. */
  optOut(subject: ConsentSubject): Promise<void>;
  /** @throws PrivacyError `ERR_DEVICE_LINKED` */
  list(subject: ConsentSubject): Promise<readonly ConsentEntry[]>;
}

/** Nobody decides so often: past it only what denies something anew is taken, so that no history grows without end. */
const MOST_EVENTS = 500;
const FULL_WAIT_MS = 86_400_000;
const SETTLE_WAIT_MS = 2000;

export function createConsentService(
  runtime: Runtime,
  notices: NoticeService,
  withdrawals: Withdrawals,
): ConsentService {
  const { database, keys, policy } = runtime;
  const { tables } = database;
  const rate = createDecisionRate(runtime.now);

  async function record(
    subject: ConsentSubject,
    decisions: readonly ConsentDecision[],
    context: DecisionContext = {},
  ): Promise<readonly DecisionOutcome[]> {
    const outcomes: DecisionOutcome[] = [];
    let history: ConsentHistory | undefined;
    while (outcomes.length < decisions.length) {
      const decision = decisions[outcomes.length]!;
      history ??= await loadHistory(tables, keys.index, subject);
      const same = history.events.find(({ event }) => event.decisionId === decision.decisionId);
      // A retry is answered as the first time, whatever has changed since.
      if (same !== undefined && !isSpent(history.link)) {
        const outcome = await replay(subject.tenant, same, decision);
        outcomes.push(await settled(subject, decision, history, outcome));
        continue;
      }
      const result = await tryRecord(subject, decision, history, context);
      // A duplicate is found at the next try and replayed; a person just erased is a new one, whom the notice may not suit.
      if (!("refused" in result)) outcomes.push(await settled(subject, decision, history, result));
      else if (result.refused === "stale") outcomes.push({ code: "ERR_NOTICE_STALE" });
      if (!("code" in result)) history = undefined;
    }
    return outcomes;
  }

  /** Who withdrew before and consents again is answered when what the withdrawal set off takes nothing any more. */
  async function settled(
    { tenant }: ConsentSubject,
    { decision }: ConsentDecision,
    { link, events }: ConsentHistory,
    outcome: DecisionOutcome,
  ): Promise<DecisionOutcome> {
    const mayLose =
      decision === "given" &&
      "receipt" in outcome &&
      link !== undefined &&
      events.some(({ event }) => !isPermitting(event.status));
    if (!mayLose || (await withdrawals.settled(tenant, link.ref))) return outcome;
    return { code: "ERR_RATE_LIMITED", retryAfterMs: SETTLE_WAIT_MS };
  }

  async function replay(
    tenant: string,
    known: StoredConsent,
    decision: ConsentDecision,
  ): Promise<DecisionOutcome> {
    const receipt = (await loadReceipts(tables, tenant, [known])).get(known.leafIndex);
    return receipt === undefined || known.event.submissionDigest !== digestOf(decision)
      ? { code: "ERR_STORE_CONFLICT" }
      : { receipt };
  }

  /** One try: what is read here is checked again by the statement that appends. */
  async function tryRecord(
    subject: ConsentSubject,
    decision: ConsentDecision,
    history: ConsentHistory,
    { optedOut = false, deviceSecret }: DecisionContext,
  ): Promise<DecisionOutcome | { readonly refused: AppendRefusal }> {
    const { tenant } = subject;
    const { link, events } = history;
    if (isSpent(link)) return { code: "ERR_DEVICE_LINKED" };
    const { purpose } = decision;
    const isGrant = decision.decision === "given";
    // A denial of what the policy has dropped is taken as long as an earlier version names it: it may still be in use.
    const version = isGrant ? policy : versionWithPurpose(runtime, purpose);
    if (version === undefined || !Object.hasOwn(version.purposes, purpose))
      return { code: "ERR_PURPOSE_UNKNOWN" };
    const checked = isGrant ? checkGrant(subject, decision, history, optedOut) : {};
    if ("code" in checked) return checked;
    const waitMs = isGrant || isDenied(events, purpose) ? waitBefore(link, events) : 0;
    if (waitMs > 0) return { code: "ERR_RATE_LIMITED", retryAfterMs: waitMs };
    const now = new Date(runtime.now());
    const { ref } = link ?? (await linkSubject(tables, keys.index, subject, now));
    const event = consentEvent(runtime, version, decision, {
      tenant,
      ref,
      events,
      recordedAt: now,
      submissionDigest: digestOf(decision),
      claims: checked.claims,
      deviceSecret: "deviceSecret" in subject ? subject.deviceSecret : deviceSecret,
    });
    // Requirement WX-4.4.3: a grant sent before a later decision of its device counts for nothing, and is called late.
    if (isGrant && decidingEvent([...events.map((one) => one.event), event], purpose) !== event)
      return { code: "ERR_NOTICE_STALE" };
    const entry = prepareLogEntry({
      tenant,
      kind: "consent",
      subjectRef: ref,
      dedupeKey: consentKey(ref, decision.decisionId),
      content: event,
      topic: purpose,
      denies: !isPermitting(event.status),
      asOf: checked.claims?.purposes[purpose]?.asOf ?? Number.MAX_SAFE_INTEGER,
    });
    const receipt = await signReceipt(event, version, entry.leafDigest);
    const ends =
      !isGrant &&
      "subjectId" in subject &&
      isConsented(
        events.map((one) => one.event),
        purpose,
      );
    // Requirement WX-4.4.4d, PIPL-47: what the withdrawal sets off is on file before it is recorded, and cannot be lost.
    if (ends) await openWithdrawal(subject, ref, purpose, now);
    const result = await runtime.log.append({ entry, statement: receipt, recordedAt: now });
    if (!result.appended) return { refused: result.reason };
    if (ends) withdrawals.wake();
    rate.count(ref);
    return { receipt };
  }

  async function openWithdrawal(
    subject: SubjectIdentity,
    ref: string,
    purpose: string,
    at: Date,
  ): Promise<void> {
    await tables
      .transaction()
      .execute((unit) => withdrawals.open(unit, subject, ref, purpose, at.getTime()));
  }

  function checkGrant(
    subject: ConsentSubject,
    decision: ConsentDecision,
    history: ConsentHistory,
    optedOut: boolean,
  ): { readonly claims?: NoticeClaims } | Extract<DecisionOutcome, { code: unknown }> {
    const { purpose, notice } = decision;
    const { tenant } = subject;
    const { events } = history;
    const names = namesOf(subject, history);
    const verdict = notices.check({ tenant, purpose, notice, names, events });
    if (!verdict.valid) return { code: verdict.code };
    const { claims } = verdict;
    const grant = { ...decision, noticePurposes: Object.keys(claims.purposes), optedOut };
    const decided = decideGrant(policy, purpose, grant);
    return decided.accepted ? { claims } : { code: "ERR_CONSENT_RULE", reason: decided.reason };
  }

  /** Whom a notice may have been served to, for this subject to answer it. */
  function namesOf(
    subject: ConsentSubject,
    { link, deviceNames }: ConsentHistory,
  ): readonly string[] {
    if ("deviceSecret" in subject) return [deviceName(keys.index, subject)];
    return link === undefined ? [] : [link.ref, ...deviceNames];
  }

  async function withdraw(subject: ConsentSubject, purpose: string): Promise<DecisionOutcome> {
    const at = new Date(runtime.now()).toISOString();
    const decision = {
      decisionId: randomUUID(),
      purpose,
      decision: "withdrawn",
      counter: 0,
      at,
    } as const;
    const [outcome] = await record(subject, [decision]);
    return outcome!;
  }

  async function optOut(subject: ConsentSubject): Promise<void> {
    const { link, events } = await loadHistory(tables, keys.index, subject);
    if (isSpent(link)) return;
    const at = new Date(runtime.now()).toISOString();
    const known = events.map(({ event }) => event);
    const denials = [...runtime.standing].flatMap(([purpose, standing]) => {
      const { status } = consentStatus(known, purpose, standing, runtime.now());
      // Requirement PIPL-44: an objection stated beforehand ends what was consented to.
      return isOptOutPurpose(policy.purposes[purpose]!) && isPermitting(status)
        ? [
            {
              decisionId: randomUUID(),
              purpose,
              decision: "refused",
              signal: "gpc",
              counter: 0,
              at,
            } as const,
          ]
        : [];
    });
    await record(subject, denials);
  }

  async function list(subject: ConsentSubject): Promise<readonly ConsentEntry[]> {
    const { link, events: stored } = await loadHistory(tables, keys.index, subject);
    if (isSpent(link)) throw new PrivacyError("ERR_DEVICE_LINKED");
    const events = stored.map(({ event }) => event);
    const deciding = new Map(
      [...runtime.standing.keys()].flatMap((purpose) => {
        const one = decidingEvent(events, purpose);
        return one === undefined ? [] : [[purpose, stored[events.indexOf(one)]!]];
      }),
    );
    const receipts = await loadReceipts(tables, subject.tenant, [...deciding.values()]);
    return [...runtime.standing].map(([purpose, standing]) => {
      const { status } = consentStatus(events, purpose, standing, runtime.now());
      const receipt = receipts.get(deciding.get(purpose)?.leafIndex ?? -1);
      return receipt === undefined ? { purpose, status } : { purpose, status, receipt };
    });
  }

  function waitBefore(link: SubjectLink | undefined, events: readonly StoredConsent[]): number {
    return events.length < MOST_EVENTS ? rate.waitMs(link?.ref) : FULL_WAIT_MS;
  }

  async function signReceipt(
    event: ConsentEvent,
    version: Policy,
    leafDigest: string,
  ): Promise<string> {
    const checkpoint = runtime.checkpoints.latest?.note;
    const receipt = consentReceipt(event, version, {
      receiptId: randomUUID(),
      issuedAt: event.recordedAt,
      keyThumbprint: keys.signer.kid,
      leafDigest,
      ...(checkpoint !== undefined && { checkpoint }),
      basePath: runtime.basePath,
    });
    return keys.signer.sign("consent-receipt+jwt", receipt);
  }

  return { record, withdraw, optOut, list };
}

/** A device that has become a person's decides nothing by itself any more. */
function isSpent(link: SubjectLink | undefined): boolean {
  return typeof link?.linkedTo === "string";
}

function isDenied(events: readonly StoredConsent[], purpose: string): boolean {
  const last = events.findLast(({ event }) => event.purpose === purpose);
  return last !== undefined && !isPermitting(last.event.status);
}

function digestOf(decision: ConsentDecision): string {
  return sha256Hex(canonicalJson(decision));
}
