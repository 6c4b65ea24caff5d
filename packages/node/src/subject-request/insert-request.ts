import { randomBytes, randomUUID } from "node:crypto";
import { requestDue, type RequestKind } from "@miniprivacy/core";
import type { Unit } from "../database/database.ts";
import { sealErasureSubject } from "../erasure/erasure-seal.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { requestToken, tokenHash } from "./request-token.ts";
import { sealCommitmentSalt, subjectCommitment } from "./subject-commitment.ts";
import type { RequestSummary } from "./subject-request-store.ts";

export interface NewRequest {
  readonly subjectRef: string;
  readonly kind: RequestKind;
  /** The withdrawn purpose, of a withdrawal. */
  readonly purpose?: string;
  /** When it came, epoch milliseconds. */
  readonly now: number;
}

const COMMITMENT_SALT_MS = 90 * 86_400_000;

/** Puts a request on file as received, with what carrying it out will need: the name it is about, sealed. */
export async function insertRequest(
  unit: Unit,
  { keys, policy }: Pick<Runtime, "keys" | "policy">,
  { tenant, subjectId }: SubjectIdentity,
  { subjectRef, kind, purpose, now }: NewRequest,
): Promise<RequestSummary> {
  const id = randomUUID();
  const dueAt = new Date(requestDue(kind, policy.controller.country, now).dueAt);
  const salt = randomBytes(16);
  await unit
    .insertInto("subject_request")
    .values({
      tenant,
      id,
      subject_ref: subjectRef,
      kind,
      purpose,
      state: "received",
      token_hash: tokenHash(requestToken(keys, tenant, id)),
      received_at: new Date(now),
      due_at: dueAt,
      commitment: subjectCommitment(salt, tenant, subjectId),
      commitment_salt: sealCommitmentSalt(keys, tenant, id, salt),
      commitment_salt_until: new Date(now + COMMITMENT_SALT_MS),
      certificate_id: null,
    })
    .execute();
  await sealErasureSubject(unit, keys, tenant, id, subjectId);
  return { id, kind, state: "received", dueAt: dueAt.toISOString() };
}
