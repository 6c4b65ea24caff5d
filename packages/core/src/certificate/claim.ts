import type { StepOutcome } from "../erasure/step-outcome.ts";
import type {
  BackupStatement,
  ErasedScope,
  ErasureTrigger,
  ProcessorStatement,
} from "./deletion-certificate.ts";
import { knownEnd, latest, pendingRemnants } from "./residual.ts";

/** What a deletion certificate says, strongest first. */
export type DeletionClaim = "deleted" | "unreadable" | "anonymized" | "partial";

export interface DerivedClaim {
  readonly claim: DeletionClaim;
  /** When the last open point ends, RFC 3339; absent unless `partial` with every end known and ahead. */
  readonly completesAt?: string;
}

/** What lies outside the scopes and can hold the data all the same. */
export interface ClaimContext {
  readonly backups?: BackupStatement;
  readonly processors?: readonly ProcessorStatement[];
}

const WEAKEST_FIRST: readonly DeletionClaim[] = ["partial", "anonymized", "unreadable", "deleted"];

/**
 * Derives the claim: the weakest scope decides. Nothing unknown, failed or residual lets anything but `partial` stand,
 * a backup that still holds the data and a silent processor included; no scope at all is `partial` too.
 *
 * @param at The moment the claim is made for, epoch milliseconds.
 */
export function deriveClaim(
  scopes: readonly ErasedScope[],
  at: number,
  beside: ClaimContext = {},
): DerivedClaim {
  // Requirement WX-4.7b: data is deleted for good, made unreadable, or anonymized by measure; else the claim is partial.
  const open = openEnds(scopes, at, beside);
  if (open.length === 0) return { claim: weakest(scopes.map((scope) => scopeClaim(scope, at))) };
  const ends = open.filter((end) => end !== undefined);
  const completesAt = ends.length === open.length ? latest(ends) : undefined;
  return completesAt === undefined ? { claim: "partial" } : { claim: "partial", completesAt };
}

/** Whether a claim fulfils what set the erasure off. */
export function claimFulfils(claim: DeletionClaim, trigger: ErasureTrigger["kind"]): boolean {
  switch (claim) {
    case "deleted":
      return true;
    case "anonymized":
      return trigger !== "contract-exit";
    case "unreadable":
      // Requirement WX-4.4.7c: a person's own erasure stays open until the rows are gone, not only their key.
      return trigger === "platform-demand";
    case "partial":
      return false;
  }
}

/** What a single scope allows to say. */
export function scopeClaim(scope: ErasedScope, at: number): DeletionClaim {
  if (scope.verification.verdict !== "pass" || pendingRemnants(scope, at).length > 0)
    return "partial";
  switch (scope.outcome) {
    case "verified-absent":
      return nothingFound(scope) && scope.verification.canary ? "deleted" : "partial";
    case "not-found":
      // Nothing was there that a reading path could have been seen to find.
      return nothingFound(scope) ? "deleted" : "partial";
    case "key-destroyed":
      return keyDestructionProven(scope, at) ? "unreadable" : "partial";
    case "anonymized":
      return scope.anonymizationCertificateId === undefined ? "partial" : "anonymized";
    case "accepted-by-store":
    case "retained-by-law":
    case "restricted":
    case "residual-until":
    case "failed":
      return "partial";
  }
}

function nothingFound({ countAfter, verification }: ErasedScope): boolean {
  return countAfter === 0 && verification.method === "read-back";
}

function keyDestructionProven({ readableUntil, cryptoErase }: ErasedScope, at: number): boolean {
  if (readableUntil === undefined || cryptoErase === undefined || Date.parse(readableUntil) > at)
    return false;
  const { keyBits, backupsOfKey, priorPlaintext, destroyedAt } = cryptoErase;
  return (
    keyBits >= 128 && backupsOfKey !== null && !priorPlaintext && Date.parse(destroyedAt) <= at
  );
}

function weakest(claims: readonly DeletionClaim[]): DeletionClaim {
  return WEAKEST_FIRST.find((claim) => claims.includes(claim)) ?? "partial";
}

/** One end for each open point; undefined where nobody knows it. */
function openEnds(
  scopes: readonly ErasedScope[],
  at: number,
  { backups, processors = [] }: ClaimContext,
): readonly (string | undefined)[] {
  const ends = scopes
    .filter((scope) => scopeClaim(scope, at) === "partial")
    .map((scope) => openEnd(scope, at));
  if (backups?.policy === "undeclared") ends.push(undefined);
  if (backups?.policy === "rotation" && Date.parse(backups.expiresAt) > at)
    ends.push(backups.expiresAt);
  return [
    ...ends,
    ...processors.filter(({ confirmation }) => confirmation !== "confirmed").map(() => undefined),
  ];
}

/** When an open scope is expected to be done: a residual at its end, any other only if waiting is all it lacks. */
function openEnd(scope: ErasedScope, at: number): string | undefined {
  const end = knownEnd(scope, at);
  if (end === undefined || isResidual(scope.outcome)) return end;
  return scopeClaim(onceWaited(scope), Date.parse(end)) === "partial" ? undefined : end;
}

function isResidual(outcome: StepOutcome): boolean {
  return outcome === "retained-by-law" || outcome === "restricted" || outcome === "residual-until";
}

/** Before `readableUntil` the verdict on a destroyed key is `unknown` by rule. */
function onceWaited(scope: ErasedScope): ErasedScope {
  const { outcome, verification } = scope;
  if (outcome !== "key-destroyed" || verification.verdict !== "unknown") return scope;
  return { ...scope, verification: { ...verification, verdict: "pass" } };
}
