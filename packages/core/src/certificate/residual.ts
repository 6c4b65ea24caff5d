import type { Remnant } from "../erasure/step-outcome.ts";
import type { BackupStatement, CertificateText, ErasedScope } from "./deletion-certificate.ts";

/** Data that still lies somewhere. It may only be stored and secured (PIPL-47 paragraph 2). */
export interface Residual {
  readonly store: string;
  /** `*`: every record of the store. */
  readonly record: string;
  readonly reason: ResidualReason;
  /** RFC 3339; absent: no end is known. */
  readonly until?: string;
  /** The law behind `statutory-retention`. */
  readonly retentionBasis?: CertificateText;
  readonly processingLimitedTo: "storage-and-security";
}

/** `erasure-postponed`: restricted now, erased when what it waits for has ended. */
export type ResidualReason =
  | "statutory-retention"
  | "erasure-postponed"
  | "technical"
  | "backup-cycle";

/** Lists what still lies somewhere at a moment: by scope, then the backups. */
export function deriveResiduals(
  scopes: readonly ErasedScope[],
  backups: BackupStatement,
  at: number,
): readonly Residual[] {
  const residuals = scopes.flatMap((scope) => scopeResidual(scope, at) ?? []);
  if (backups.policy === "undeclared") {
    return [...residuals, limited({ store: "backups", record: "*", reason: "backup-cycle" })];
  }
  if (backups.policy === "none" || Date.parse(backups.expiresAt) <= at) return residuals;
  return [
    ...residuals,
    limited({ store: "backups", record: "*", reason: "backup-cycle", until: backups.expiresAt }),
  ];
}

/** The remnants that are not gone yet. */
export function pendingRemnants({ remnants }: ErasedScope, at: number): readonly Remnant[] {
  return remnants.filter(({ until }) => Date.parse(until) > at);
}

/** The last moment a scope names at which something of it ends, if that is still ahead. */
export function knownEnd(
  { until, readableUntil, remnants }: ErasedScope,
  at: number,
): string | undefined {
  const end = latest(
    [until, readableUntil, ...remnants.map((remnant) => remnant.until)].filter(
      (moment) => moment !== undefined,
    ),
  );
  return end !== undefined && Date.parse(end) > at ? end : undefined;
}

/** The latest of some RFC 3339 moments; undefined when there is none. */
export function latest(moments: readonly string[]): string | undefined {
  return moments.reduce<string | undefined>(
    (last, moment) => (last === undefined || Date.parse(moment) > Date.parse(last) ? moment : last),
    undefined,
  );
}

function residualReason(scope: ErasedScope, at: number): ResidualReason | undefined {
  const technical = scope.kind === "backup" ? "backup-cycle" : "technical";
  if (scope.outcome === "retained-by-law") return "statutory-retention";
  if (scope.outcome === "restricted") return "erasure-postponed";
  if (scope.outcome === "residual-until" || pendingRemnants(scope, at).length > 0) return technical;
  const { outcome, readableUntil } = scope;
  return outcome === "key-destroyed" &&
    readableUntil !== undefined &&
    Date.parse(readableUntil) > at
    ? technical
    : undefined;
}

function scopeResidual(scope: ErasedScope, at: number): Residual | undefined {
  const reason = residualReason(scope, at);
  if (reason === undefined) return undefined;
  const { store, record, retentionBasis } = scope;
  const until = knownEnd(scope, at);
  return {
    ...limited({ store, record, reason }),
    ...(until !== undefined && { until }),
    ...(retentionBasis !== undefined && { retentionBasis }),
  };
}

function limited(residual: Omit<Residual, "processingLimitedTo">): Residual {
  return {
    ...residual,
    // Requirement PIPL-47: what cannot be erased yet is only stored and secured.
    processingLimitedTo: "storage-and-security",
  };
}
