import type { BackupStatement } from "@miniprivacy/core/certificate";
import { PrivacyError } from "@miniprivacy/core/errors";
import { requireKeepDays } from "../retention/keep-days.ts";
import type { BackupDeclaration, Runtime } from "../runtime.ts";

const DAY_MS = 86_400_000;

/**
 * Reads what the host says of its backups; left out, it is undeclared.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID`
 */
export function backupDeclaration(
  backups: "none" | { readonly keepDays: number } | undefined,
): BackupDeclaration {
  if (backups === undefined) return "undeclared";
  if (backups === "none") return backups;
  if (typeof backups !== "object" || backups === null)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "backups" });
  requireKeepDays(backups.keepDays, "backups.keepDays");
  return { keepDays: backups.keepDays };
}

/** The last backup that can hold the data is the one made just before the erasure ended. */
export function backupStatement(
  { backups, restoreGuard }: Pick<Runtime, "backups" | "restoreGuard">,
  now: number,
): BackupStatement {
  if (typeof backups === "string") return { policy: backups };
  const { keepDays } = backups;
  const at = (ms: number): string => new Date(ms).toISOString();
  return {
    policy: "rotation",
    keepDays,
    lastContainingBackup: at(now),
    expiresAt: at(now + keepDays * DAY_MS),
    restoreGuard,
  };
}
