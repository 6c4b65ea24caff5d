import type { Kysely } from "kysely";
import type { Keys } from "../key/keys.ts";
import type { Tables } from "./tables.ts";

/** MiniPrivacy's own database, opened and migrated. */
export interface Database {
  readonly kind: "embedded" | "postgres";
  /** What becomes of the write-ahead log, where rows of ours live on after they are erased. */
  readonly wal: LogRetention;
  readonly tables: Kysely<Tables>;
  /** Runs a statement that its connection keeps prepared under a name: for the few that must be fast. */
  prepared<Row>(name: string, text: string, values: readonly unknown[]): Promise<readonly Row[]>;
  /**
   * Hears what is told on a channel, by this process and by others, over a connection of its own; absent where there
   * are no others.
   */
  listen?(channel: string, hear: () => void): Promise<Notifications>;
  /** The folder an embedded database lies in. */
  readonly folder?: string;
  /** Keys that live beside an embedded database; with PostgreSQL the host brings them. */
  readonly keys?: Keys;
  close(): Promise<void>;
}

/**
 * `dropped`: we end and drop its segments ourselves. Otherwise the host declares how many days segments, archives and
 * replicas keep old rows; undeclared counts as unknown.
 */
export type LogRetention = "dropped" | "undeclared" | { readonly keptDays: number };

export interface Notifications {
  /** Tells the others, soon and if the connection holds: who must not miss it asks now and then. */
  notify(): void;
  close(): Promise<void>;
}

/** A transaction or the database itself: whatever a unit of work was handed. */
export type Unit = Kysely<Tables>;
