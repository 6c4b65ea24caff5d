import { timingSafeEqual } from "node:crypto";
import type { RequestKind, RequestState } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { ErasureQueue } from "../erasure/erasure-queue.ts";
import { keyedDigest } from "../key/keys.ts";
import { lockLogHead } from "../log/log-append.ts";
import type { LogUnit } from "../log/log-writer.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { findSubject, linkSubject } from "../subject/subject-store.ts";
import type { ActedBy } from "./acted-by.ts";
import { insertRequest } from "./insert-request.ts";
import { moveRequest } from "./move-request.ts";
import { requestToken, tokenHash } from "./request-token.ts";
import {
  findKeyedRequest,
  findRestrictingRequest,
  keepRequestKey,
  listRequestIds,
  loadRequestView,
  type RequestSummary,
  type RequestView,
} from "./subject-request-store.ts";

/** The kinds that can be asked for through the endpoint so far. */
export type OpenableKind = Extract<RequestKind, "erase">;

export interface OpenedRequest {
  readonly id: string;
  /** Shown once: reaches the request without a session. Base64url of 128 bits. */
  readonly requestToken: string;
  readonly state: RequestState;
  readonly dueAt: string;
}

export interface SubjectRequestService {
  /**
   * Opens a request. A retry with the same `requestKey` gives the same request and the same token, for 90 days, whatever
   * has become of the request and of the person's link; who asks again while one is open gets the open one.
   *
   * @throws PrivacyError `ERR_REAUTHENTICATION_REQUIRED` when the sign-in is older than five minutes, or its time is no
   *   time; `ERR_STORE_CONFLICT` when the key opened a request of another kind
   */
  open(
    subject: SubjectIdentity,
    wish: {
      readonly kind: OpenableKind;
      readonly requestKey?: string | undefined;
      readonly authenticatedAt: number;
    },
  ): Promise<OpenedRequest>;
  /**
   * Opens an erasure for a person who asked the operator for it, by letter or on the phone; who did stands in the log. It
   * is for the operator to know that it was she. While one is open, it is that one.
   */
  openFor(subject: SubjectIdentity, by: ActedBy): Promise<OpenedRequest>;
  list(subject: SubjectIdentity): Promise<readonly RequestView[]>;
  /** The request, for its owner or for whoever holds its token; undefined for everybody else. */
  find(
    tenant: string,
    id: string,
    proof: { readonly subjectId?: string | undefined; readonly token?: string | undefined },
  ): Promise<RequestView | undefined>;
}

const REAUTHENTICATION_MS = 5 * 60_000;
/** How far the clock that took the time of the sign-in may be ahead. */
const CLOCK_SKEW_MS = 60_000;

export function createSubjectRequestService(
  runtime: Runtime,
  erasures: Pick<ErasureQueue, "push" | "wake">,
): SubjectRequestService {
  const { database, keys, log } = runtime;

  /** Without the key and the person's name it tells nothing of either. */
  function keyDigest({ tenant, subjectId }: SubjectIdentity, requestKey: string): Buffer {
    return keyedDigest(keys.mac, "request-key", tenant, subjectId, requestKey);
  }

  async function openErasure(
    logUnit: LogUnit,
    subject: SubjectIdentity,
    subjectRef: string,
    now: number,
    by?: ActedBy,
  ): Promise<RequestSummary> {
    const request = await insertRequest(logUnit.unit, runtime, subject, {
      subjectRef,
      kind: "erase",
      now,
    });
    const { tenant } = subject;
    const from = { tenant, id: request.id, subjectRef, state: request.state, ...(by && { by }) };
    const state = await moveRequest(logUnit, new Date(now), from, { event: "accept" });
    await erasures.push(logUnit.unit, tenant, request.id);
    return { ...request, state };
  }

  async function findOrOpenErasure(
    logUnit: LogUnit,
    subject: SubjectIdentity,
    now: number,
    by?: ActedBy,
  ): Promise<RequestSummary> {
    const { unit } = logUnit;
    const { ref } = await linkSubject(unit, keys.index, subject, new Date(now));
    return (
      (await findRestrictingRequest(unit, subject.tenant, ref, ["erase"])) ??
      openErasure(logUnit, subject, ref, now, by)
    );
  }

  /** What was opened is carried out once its transaction has committed. */
  function begin(tenant: string, { id, state, dueAt }: RequestSummary): OpenedRequest {
    erasures.wake();
    return { id, state, dueAt, requestToken: requestToken(keys, tenant, id) };
  }

  return {
    async open(subject, { kind, requestKey, authenticatedAt }) {
      const now = runtime.now();
      // Requirement WX-4.4.7b: the subject deletes by herself, freshly signed in; no operator approves.
      requireRecentSignIn(authenticatedAt, now);
      const { tenant } = subject;
      const digest = requestKey === undefined ? undefined : keyDigest(subject, requestKey);
      const opened = await log.transaction(async (logUnit) => {
        const { unit } = logUnit;
        await lockLogHead(unit);
        const known = digest && (await findKeyedRequest(unit, tenant, digest));
        if (known !== undefined) return requireKind(known, kind);
        const open = await findOrOpenErasure(logUnit, subject, now);
        if (digest !== undefined) await keepRequestKey(unit, tenant, digest, open.id);
        return open;
      });
      return begin(tenant, opened);
    },
    async openFor(subject, by) {
      const now = runtime.now();
      const opened = await log.transaction(async (logUnit) => {
        await lockLogHead(logUnit.unit);
        return findOrOpenErasure(logUnit, subject, now, by);
      });
      return begin(subject.tenant, opened);
    },
    async list(subject) {
      const link = await findSubject(database.tables, keys.index, subject);
      if (link === undefined) return [];
      const { tenant } = subject;
      const ids = await listRequestIds(database.tables, tenant, link.ref);
      const now = new Date(runtime.now());
      const views = await Promise.all(
        ids.map((id) => loadRequestView(database.tables, keys, tenant, id, now)),
      );
      return views.filter((view) => view !== undefined);
    },
    async find(tenant, id, { subjectId, token }) {
      const row = await database.tables
        .selectFrom("subject_request")
        .select(["subject_ref", "token_hash"])
        .where("tenant", "=", tenant)
        .where("id", "=", id)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const byToken = token !== undefined && timingSafeEqual(row.token_hash, tokenHash(token));
      const link =
        subjectId === undefined
          ? undefined
          : await findSubject(database.tables, keys.index, { tenant, subjectId });
      if (!byToken && link?.ref !== row.subject_ref) return undefined;
      return loadRequestView(database.tables, keys, tenant, id, new Date(runtime.now()));
    },
  };
}

/** @throws PrivacyError `ERR_REAUTHENTICATION_REQUIRED` */
function requireRecentSignIn(authenticatedAt: number, now: number): void {
  const age = now - authenticatedAt;
  if (age <= REAUTHENTICATION_MS && age >= -CLOCK_SKEW_MS) return;
  throw new PrivacyError("ERR_REAUTHENTICATION_REQUIRED");
}

/** One key, one request: it cannot have opened one of another kind. */
function requireKind(request: RequestSummary, kind: OpenableKind): RequestSummary {
  if (request.kind !== kind) throw new PrivacyError("ERR_STORE_CONFLICT");
  return request;
}
