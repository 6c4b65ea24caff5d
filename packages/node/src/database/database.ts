import type { Kysely } from "kysely";
import type { Keys } from "../key/keys.ts";
import type { Tables } from "./tables.ts";

/** MiniPrivacy's own database, opened and migrated. */
export interface Database {
  readonly kind: "embedded" | "postgres";
  readonly tables: Kysely<Tables>;
  /** Runs a statement that its connection keeps prepared under a name: for the few that must be fast. */
  prepared<Row>(name: string, text: string, values: readonly unknown[]): Promise<readonly Row[]>;
  /** Keys that live beside an embedded database; with PostgreSQL the host brings them. */
  readonly keys?: Keys;
  close(): Promise<void>;
}

/** A transaction or the database itself: whatever a unit of work was handed. */
export type Unit = Kysely<Tables>;
