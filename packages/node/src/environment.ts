import { PrivacyError } from "@miniprivacy/core/errors";
import type { Database } from "./database/database.ts";
import { embeddedDatabase } from "./database/embedded-database.ts";
import { postgresDatabase, type PostgresDatabaseOptions } from "./database/postgres-database.ts";
import type { Journal } from "./journal/journal.ts";
import { openJournal } from "./journal/open-journal.ts";
import { keysFromFolder } from "./key/key-folder.ts";
import type { Keys } from "./key/keys.ts";

export interface EnvironmentOptions {
  /** The embedded folder, whatever the environment says (`MINIPRIVACY_DATA`, else `miniprivacy-data`). */
  readonly dir?: string;
  /** Keys that are kept elsewhere, whatever the environment says (those in `MINIPRIVACY_KEYS`). */
  readonly keys?: Keys | undefined;
  /** Of a PostgreSQL server, as `postgresDatabase` takes it (undeclared). */
  readonly wal?: PostgresDatabaseOptions["wal"];
}

/** Where a deployment keeps what it must not lose; spread it into the options of `createPrivacy`. */
export interface DeploymentStore {
  readonly database: Database;
  readonly keys?: Keys;
  readonly journal?: Journal;
}

/**
 * Opens what the environment names: PostgreSQL at `DATABASE_URL`, otherwise the embedded folder `MINIPRIVACY_DATA`;
 * the keys in `MINIPRIVACY_KEYS`; the journal in `MINIPRIVACY_JOURNAL`: a folder, `postgres://…` or `s3://bucket/prefix`.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` for PostgreSQL without keys, before it is reached; and as `postgresDatabase`, `embeddedDatabase` and `keysFromFolder`.
 */
export async function storeFromEnvironment({
  dir,
  wal,
  ...given
}: EnvironmentOptions = {}): Promise<DeploymentStore> {
  const { DATABASE_URL, MINIPRIVACY_DATA, MINIPRIVACY_KEYS, MINIPRIVACY_JOURNAL } = process.env;
  const keys =
    given.keys ?? (MINIPRIVACY_KEYS ? await keysFromFolder(MINIPRIVACY_KEYS) : undefined);
  if (DATABASE_URL && keys === undefined)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "PostgreSQL needs MINIPRIVACY_KEYS" });
  const database = DATABASE_URL
    ? await postgresDatabase(DATABASE_URL, { ...(wal && { wal }) })
    : await embeddedDatabase(dir ?? (MINIPRIVACY_DATA || "miniprivacy-data"), {
        ...(keys && { keys }),
      });
  return {
    database,
    ...(keys && { keys }),
    ...(MINIPRIVACY_JOURNAL && { journal: await openJournal(MINIPRIVACY_JOURNAL) }),
  };
}
