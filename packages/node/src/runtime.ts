import type { Policy, PolicyLock } from "@miniprivacy/core/policy";
import type { Database } from "./database/database.ts";
import type { Keys } from "./key/keys.ts";
import type { ChangeBus } from "./log/change-bus.ts";
import type { CheckpointService } from "./log/checkpoint-service.ts";
import type { LogWriter } from "./log/log-writer.ts";
import type { Identities } from "./subject/platform-identity.ts";

/** Whether backups of the host's stores exist, and how long each is kept. Undeclared counts as unknown. */
export type BackupDeclaration = "none" | "undeclared" | { readonly keepDays: number };

/** What every service of a deployment stands on. */
export interface Runtime {
  readonly policy: Policy;
  /** Versions published before. */
  readonly earlierPolicies: readonly Policy[];
  /** The policy's name and digests, as events and notices carry them. */
  readonly published: PolicyLock;
  /** By purpose, the digests of the versions whose consents still count. */
  readonly standing: ReadonlyMap<string, readonly string[]>;
  readonly database: Database;
  readonly log: LogWriter;
  readonly changes: ChangeBus;
  readonly checkpoints: CheckpointService;
  readonly keys: Keys;
  /** Where the privacy endpoints are mounted, e.g. `/privacy`. */
  readonly basePath: string;
  /** What the host says of the backups of its stores. */
  readonly backups: BackupDeclaration;
  /** Whether erasures can be repeated on whatever is restored from a backup. */
  readonly restoreGuard: boolean;
  /** Until when reads are only observed, epoch milliseconds (enforced). */
  readonly observeUntil: number | undefined;
  readonly identities: Identities | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
