import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import {
  CN_REQUEST_WORKING_DAYS,
  lengthPrefixed,
  type RequestEvent,
  type RequestKind,
  type RequestState,
  requestDueAt,
  transitionRequest,
} from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Unit } from "../database/database.ts";
import { keyedDigest, type Keys } from "../key/keys.ts";
import { seal } from "../key/seal.ts";
import { appendInTransaction, lockLogHead } from "../log/log-append.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { findSubject, linkSubject } from "../subject/subject-store.ts";
import { listRequestIds, loadRequestView, type RequestView } from "./subject-request-store.ts";

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
   * Opens a request. With a `requestKey` a retry gives the same request and the same token.
   *
   * @throws PrivacyError `ERR_REAUTHENTICATION_REQUIRED` when the sign-in is older than five minutes
   */
  open(
    subject: SubjectIdentity,
    wish: {
      readonly kind: OpenableKind;
      readonly requestKey?: string | undefined;
      readonly authenticatedAt: number;
    },
  ): Promise<OpenedRequest>;
  list(subject: SubjectIdentity): Promise<readonly RequestView[]>;
  /** The request, for its owner or for whoever holds its token; undefined for everybody else. */
  find(
    tenant: string,
    id: string,
    proof: { readonly subjectId?: string | undefined; readonly token?: string | undefined },
  ): Promise<RequestView | undefined>;
}

const REAUTHENTICATION_MS = 5 * 60_000;
const COMMITMENT_SALT_MS = 90 * 86_400_000;
const CHINA_OFFSET_MINUTES = 480;

export function createSubjectRequestService(
  runtime: Runtime,
  onErase: (tenant: string, id: string) => void,
): SubjectRequestService {
  const { database, keys } = runtime;

  /** Derived, so that a retry can be told the token that was shown; stored only as a digest. */
  function requestToken(tenant: string, id: string): string {
    return keyedDigest(keys.mac, "request-token", tenant, id).subarray(0, 16).toString("base64url");
  }

  return {
    async open(subject, { kind, requestKey, authenticatedAt }) {
      const now = runtime.now();
      if (now - authenticatedAt > REAUTHENTICATION_MS)
        throw new PrivacyError("ERR_REAUTHENTICATION_REQUIRED");
      const opened = await database.tables.transaction().execute(async (unit) => {
        await lockLogHead(unit);
        const { ref } = await linkSubject(
          unit,
          keys.index,
          subject.tenant,
          subject.subjectId,
          new Date(now),
        );
        const existing = await findOpenRequest(unit, subject.tenant, ref, kind, requestKey);
        if (existing !== undefined) return existing;
        return insertRequest(unit, runtime, subject, { ref, kind, requestKey, now, requestToken });
      });
      onErase(subject.tenant, opened.id);
      return { ...opened, requestToken: requestToken(subject.tenant, opened.id) };
    },
    async list({ tenant, subjectId }) {
      const link = await findSubject(database.tables, keys.index, tenant, subjectId);
      if (link === undefined) return [];
      const ids = await listRequestIds(database.tables, tenant, link.ref);
      const now = new Date(runtime.now());
      const views = await Promise.all(
        ids.map((id) => loadRequestView(database.tables, tenant, id, now)),
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
          : await findSubject(database.tables, keys.index, tenant, subjectId);
      if (!byToken && link?.ref !== row.subject_ref) return undefined;
      return loadRequestView(database.tables, tenant, id, new Date(runtime.now()));
    },
  };
}

/** Moves a request on and writes the move to the log. @throws PrivacyError `ERR_REQUEST_STATE` */
export async function moveRequest(
  unit: Unit,
  now: Date,
  request: {
    readonly tenant: string;
    readonly id: string;
    readonly subjectRef: string;
    readonly state: RequestState;
  },
  event: RequestEvent,
): Promise<RequestState> {
  const { tenant, id, subjectRef } = request;
  const move = transitionRequest(request.state, event);
  if (!move.permitted)
    throw new PrivacyError("ERR_REQUEST_STATE", { detail: `${request.state}, ${event}` });
  const { numUpdatedRows } = await unit
    .updateTable("subject_request")
    .set({ state: move.state })
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .where("state", "=", request.state)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n)
    throw new PrivacyError("ERR_REQUEST_STATE", { detail: "moved meanwhile" });
  const content = {
    tenant,
    kind: "subject-request",
    subjectRef,
    dedupeKey: null,
    content: {
      type: "subject-request",
      schemaVersion: "1",
      requestId: id,
      event,
      state: move.state,
      at: now.toISOString(),
    },
  };
  await appendInTransaction(unit, content, now);
  return move.state;
}

/** Seals what one erasure works on: with the salt gone from the database, so is the key. */
export function erasureRunKey({ mac }: Keys, salt: Uint8Array): Uint8Array {
  return keyedDigest(mac, "erasure-run", salt);
}

/**
 * Commits a certificate to a person without naming her: SHA-256 over salt, tenant and subjectId, each length-prefixed.
 * Whoever is given the salt can check it.
 */
export function subjectCommitment(salt: Uint8Array, tenant: string, subjectId: string): string {
  return createHash("sha256")
    .update(lengthPrefixed(salt, Buffer.from(tenant), Buffer.from(subjectId)))
    .digest("hex");
}

interface NewRequest {
  readonly ref: string;
  readonly kind: OpenableKind;
  readonly requestKey: string | undefined;
  readonly now: number;
  readonly requestToken: (tenant: string, id: string) => string;
}

async function insertRequest(
  unit: Unit,
  runtime: Runtime,
  { tenant, subjectId }: SubjectIdentity,
  { ref, kind, requestKey, now, requestToken }: NewRequest,
): Promise<{ id: string; state: RequestState; dueAt: string }> {
  const id = randomUUID();
  const dueAt = new Date(requestDueAt(now, CN_REQUEST_WORKING_DAYS, CHINA_OFFSET_MINUTES));
  const salt = randomBytes(16);
  const runSalt = randomBytes(16);
  await unit
    .insertInto("subject_request")
    .values({
      tenant,
      id,
      subject_ref: ref,
      kind,
      state: "received",
      request_key: requestKey ?? null,
      token_hash: tokenHash(requestToken(tenant, id)),
      received_at: new Date(now),
      due_at: dueAt,
      commitment: subjectCommitment(salt, tenant, subjectId),
      commitment_salt: salt,
      commitment_salt_until: new Date(now + COMMITMENT_SALT_MS),
      sealed_subject: seal(
        erasureRunKey(runtime.keys, runSalt),
        Buffer.from(subjectId),
        `${tenant}/${id}`,
      ),
      run_salt: runSalt,
      certificate_id: null,
    })
    .execute();
  // Requirement WX-4.4.7b: the subject deletes by herself; no operator approves.
  const state = await moveRequest(
    unit,
    new Date(now),
    { tenant, id, subjectRef: ref, state: "received" },
    "accept",
  );
  return { id, state, dueAt: dueAt.toISOString() };
}

async function findOpenRequest(
  unit: Unit,
  tenant: string,
  ref: string,
  kind: OpenableKind,
  requestKey: string | undefined,
): Promise<{ id: string; state: RequestState; dueAt: string } | undefined> {
  if (requestKey === undefined) return undefined;
  const row = await unit
    .selectFrom("subject_request")
    .select(["id", "state", "due_at"])
    .where("tenant", "=", tenant)
    .where("subject_ref", "=", ref)
    .where("kind", "=", kind)
    .where("request_key", "=", requestKey)
    .executeTakeFirst();
  return row && { id: row.id, state: row.state as RequestState, dueAt: row.due_at.toISOString() };
}

function tokenHash(token: string): Buffer {
  return createHash("sha256").update("request-token").update(token).digest();
}
