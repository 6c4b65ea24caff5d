import type { Policy } from "@miniprivacy/core/policy";
import type { Database } from "./database/database.ts";
import type { Keys } from "./key/keys.ts";
import type { LogWriter } from "./log/log-writer.ts";

/** Whether backups of the host's stores exist, and how long each is kept. Undeclared counts as unknown. */
export type BackupDeclaration = "none" | "undeclared" | { readonly keepDays: number };

/** What every service of a deployment stands on. */
export interface Runtime {
  readonly policy: Policy;
  readonly database: Database;
  readonly log: LogWriter;
  readonly keys: Keys;
  /** Where the privacy endpoints are mounted, e.g. `/privacy`. */
  readonly basePath: string;
  /** What the host says of the backups of its stores. */
  readonly backups: BackupDeclaration;
  /** Epoch milliseconds. */
  now(): number;
}
