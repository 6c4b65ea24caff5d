import { randomUUID } from "node:crypto";
import { sha256Hex } from "@miniprivacy/core";
import {
  certificateLogEntry,
  type DeletionCertificate,
  type DeletionClaim,
  deletionCertificate,
  deriveClaim,
  type ErasedScope,
  parseDeletionCertificate,
  type ScopeVerification,
} from "@miniprivacy/core/certificate";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Policy } from "@miniprivacy/core/policy";
import type { LogUnit } from "../log/log-writer.ts";
import type { Runtime } from "../runtime.ts";
import { backupStatement } from "./backup-statement.ts";
import type { ErasureStep } from "./erasure-step.ts";
import { processorStatements } from "./processor-statements.ts";
import type { RunClaim } from "./run-claim.ts";

/** A certificate that was signed and is not stored yet. */
export interface IssuedCertificate {
  readonly certificateId: string;
  readonly claim: DeletionClaim;
  readonly issuedAt: Date;
  /** Compact JWS. */
  readonly statement: string;
}

/**
 * Signs the confirmation of an erasure whose every step has come to its end. What it says follows from the steps; nothing
 * can be added by hand. The signer may be far away, so no transaction is open.
 */
export async function signErasureCertificate(
  runtime: Runtime,
  { about, trigger }: Pick<DeletionCertificate, "about" | "trigger">,
  steps: readonly ErasureStep[],
): Promise<IssuedCertificate> {
  const { policy, keys } = runtime;
  const certificateId = randomUUID();
  const at = runtime.now();
  const issuer = policy.processor ?? policy.controller;
  const certificate = deletionCertificate(
    {
      certificateId,
      issuer: {
        name: issuer.name,
        role: policy.processor === undefined ? "controller" : "processor",
        contact: issuer.contact,
        ...(policy.processor && {
          controller: { name: policy.controller.name, contact: policy.controller.contact },
        }),
        keyThumbprint: keys.signer.kid,
      },
      about,
      trigger,
      scopes: steps.map((step) => erasedScope(policy, step, at)),
      backups: backupStatement(runtime, at),
      processors: processorStatements(policy, steps),
    },
    at,
  );
  const statement = await keys.signer.sign(
    "deletion-certificate+jwt",
    parseDeletionCertificate(certificate),
  );
  return {
    certificateId,
    claim: certificate.claim,
    issuedAt: new Date(at),
    // Requirement WX-4.7c: the deletion is confirmed in writing, signed.
    statement,
  };
}

/** What may be said of steps that have come to their end, without saying it in a certificate. */
export function derivedClaim(
  runtime: Pick<Runtime, "policy" | "backups" | "restoreGuard">,
  steps: readonly ErasureStep[],
  at: number,
): DeletionClaim {
  const { policy } = runtime;
  const scopes = steps.map((step) => erasedScope(policy, step, at));
  const beside = {
    backups: backupStatement(runtime, at),
    processors: processorStatements(policy, steps),
  };
  return deriveClaim(scopes, at, beside).claim;
}

/** Writes a signed certificate to the log and keeps it, in the caller's transaction. */
export async function storeErasureCertificate(
  { unit, append }: LogUnit,
  { tenant, requestId }: RunClaim,
  { certificateId, issuedAt, statement }: IssuedCertificate,
): Promise<void> {
  const leafIndex = await append(
    {
      tenant,
      kind: "certificate",
      subjectRef: null,
      dedupeKey: `certificate:${requestId}`,
      content: certificateLogEntry(statement),
    },
    issuedAt,
  );
  await unit
    .insertInto("certificate")
    .values({
      tenant,
      id: certificateId,
      request_id: requestId,
      statement,
      leaf_index: leafIndex,
      issued_at: issuedAt,
    })
    .execute();
}

function erasedScope({ evidence }: Policy, step: ErasureStep, at: number): ErasedScope {
  const { description, outcome } = step;
  if (description === null || outcome === null)
    throw new PrivacyError("ERR_INTERNAL", { detail: "an erasure ended before a step of it" });
  const { kind, dataCategories, selector, technique, tool, toolVersion } = description;
  const retained = outcome === "retained-by-law";
  // Nothing was read and nothing erased: the store drops it by itself.
  const expires = outcome === "residual-until" && step.countAfter === null;
  return {
    store: step.store,
    kind,
    record: step.record,
    dataCategories,
    selectorDigest: sha256Hex(selector),
    countBefore: step.countBefore,
    countAfter: step.countAfter,
    outcome,
    method: retained || expires ? "none" : "erase",
    technique,
    tool,
    toolVersion,
    verification: verification(step, at),
    remnants: step.remnants,
    ...(step.until !== null && { until: step.until }),
    ...(retained && evidence && { retentionBasis: evidence.basis }),
  };
}

function verification(
  { outcome, countAfter, readPathProven, completedAt }: ErasureStep,
  at: number,
): ScopeVerification {
  const unproven = outcome === "accepted-by-store";
  return {
    method: countAfter !== null ? "read-back" : unproven ? "acknowledgement" : "declaration",
    verdict: countAfter === null || unproven ? "unknown" : countAfter === 0 ? "pass" : "fail",
    at: completedAt ?? new Date(at).toISOString(),
    by: "miniprivacy",
    canary: readPathProven,
  };
}
