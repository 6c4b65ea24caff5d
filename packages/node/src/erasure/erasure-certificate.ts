import { randomUUID } from "node:crypto";
import { sha256Hex } from "@miniprivacy/core";
import {
  type BackupStatement,
  type DeletionClaim,
  deletionCertificate,
  type ErasedScope,
  parseDeletionCertificate,
  type StoreKind,
} from "@miniprivacy/core/certificate";
import { recordCategories } from "@miniprivacy/core/policy";
import type { ErasureTechnique } from "../connector/connector.ts";
import type { Unit } from "../database/database.ts";
import { appendInTransaction } from "../log/log-append.ts";
import type { BackupDeclaration, Runtime } from "../runtime.ts";
import { type ErasureTarget, OWN_STORE, type RunRequest } from "./erasure-target.ts";

const DAY_MS = 86_400_000;

/**
 * Signs the confirmation of a finished erasure and writes it to the log, in the caller's transaction. What it says
 * follows from the steps; nothing can be added by hand.
 */
export async function issueErasureCertificate(
  runtime: Runtime,
  unit: Unit,
  request: RunRequest,
  targets: readonly ErasureTarget[],
): Promise<{ readonly certificateId: string; readonly claim: DeletionClaim }> {
  const { policy, keys } = runtime;
  const { tenant, requestId } = request;
  const certificateId = randomUUID();
  const now = runtime.now();
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
      about: { kind: "subject", subjectCommitment: request.commitment },
      // PIPL article 47 paragraph 1 item 3: the individual withdraws consent.
      trigger: { kind: "subject-request", requestId, ground: 3 },
      scopes: await erasedScopes(runtime, unit, request, targets),
      backups: backupStatement(runtime.backups, now),
      processors: [],
    },
    now,
  );
  // Requirement WX-4.7c: the deletion is confirmed in writing, signed.
  const statement = await keys.signer.sign(
    "deletion-certificate+jwt",
    parseDeletionCertificate(certificate),
  );
  const issuedAt = new Date(now);
  const leafIndex = await appendInTransaction(
    unit,
    {
      tenant,
      kind: "certificate",
      subjectRef: null,
      dedupeKey: `certificate:${requestId}`,
      content: { type: "certificate", schemaVersion: "1", statement },
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
  return { certificateId, claim: certificate.claim };
}

/** The last backup that can hold the data is the one made just before the erasure ended. */
function backupStatement(backups: BackupDeclaration, now: number): BackupStatement {
  if (typeof backups === "string") return { policy: backups };
  const { keepDays } = backups;
  const at = (ms: number): string => new Date(ms).toISOString();
  return {
    policy: "rotation",
    keepDays,
    lastContainingBackup: at(now),
    expiresAt: at(now + keepDays * DAY_MS),
    restoreGuard: false,
  };
}

async function erasedScopes(
  { policy }: Runtime,
  unit: Unit,
  { tenant, requestId }: RunRequest,
  targets: readonly ErasureTarget[],
): Promise<readonly ErasedScope[]> {
  const steps = await unit
    .selectFrom("erasure_step")
    .selectAll()
    .where("tenant", "=", tenant)
    .where("request_id", "=", requestId)
    .orderBy("position")
    .execute();
  return Promise.all(
    steps.map(async (step): Promise<ErasedScope> => {
      const target = targets.find(
        ({ store, record }) => store === step.store && record.name === step.record,
      );
      const { kind, dataCategories, technique } = await describeScope(target, step.record);
      const retained = step.outcome === "retained-by-law";
      return {
        store: step.store,
        kind,
        record: step.record,
        dataCategories,
        selectorDigest: sha256Hex(technique.selector),
        countBefore: step.count_before,
        countAfter: step.count_after,
        outcome: step.outcome ?? "failed",
        method: retained ? "none" : "erase",
        technique: technique.technique,
        tool: technique.tool,
        toolVersion: technique.toolVersion,
        verification: {
          method: step.count_after === null ? "none" : "read-back",
          verdict:
            step.count_after === null
              ? "unknown"
              : step.count_after === 0 || retained
                ? "pass"
                : "fail",
          at: (step.completed_at ?? new Date(0)).toISOString(),
          by: "miniprivacy",
          canary: step.read_path_proven,
        },
        remnants: step.remnants,
        ...(step.until && { until: step.until.toISOString() }),
        ...(retained && policy.evidence && { retentionBasis: policy.evidence.basis }),
      };
    }),
  );
}

interface ScopeDescription {
  readonly kind: StoreKind;
  readonly dataCategories: readonly string[];
  readonly technique: ErasureTechnique;
}

async function describeScope(
  target: ErasureTarget | undefined,
  record: string,
): Promise<ScopeDescription> {
  if (target === undefined)
    return { kind: "database", dataCategories: [], technique: ownTechnique(record) };
  const { connector } = target;
  return {
    kind: connector.kind,
    dataCategories: recordCategories(target.record.fields),
    technique: await connector.describe(record),
  };
}

function ownTechnique(record: string): ErasureTechnique {
  return {
    selector: `${OWN_STORE}.${record} of {subjectRef}`,
    technique: "DELETE",
    tool: "PostgreSQL",
    toolVersion: "embedded",
  };
}
