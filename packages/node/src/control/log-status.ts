import { frontierRoot } from "@miniprivacy/core/log";
import { loadLogHead } from "../log/log-append.ts";
import type { ControlledDeployment } from "./control-command.ts";

/** How far the log has come, and what has followed it. */
export interface LogStatus {
  /** Leaves. */
  readonly size: number;
  /** The root of all of them, base64. */
  readonly root: string;
  /** The newest signed checkpoint, as it is published. */
  readonly checkpoint: { readonly size: number; readonly note: string } | null;
  /** How many leaves the journal holds (null: there is no journal). */
  readonly journal: { readonly size: number } | null;
}

export async function logStatus({ database, journal }: ControlledDeployment): Promise<LogStatus> {
  const { tables } = database;
  const head = await loadLogHead(tables);
  const signed = await tables.selectFrom("log_checkpoint").selectAll().executeTakeFirst();
  return {
    size: head.size,
    root: Buffer.from(frontierRoot(head)).toString("base64"),
    checkpoint: signed === undefined ? null : { size: Number(signed.size), note: signed.note },
    journal: journal === undefined ? null : { size: (await journal.position()).size },
  };
}
