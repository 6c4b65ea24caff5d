import type { ConsentStatus } from "@miniprivacy/core";
import type { FiledDemand } from "../demand/file-demand.ts";
import type { ErasureEntry } from "./erasure-ledger.ts";
import type { LedgerRecord } from "./journal.ts";

/** A consent that was refused or withdrawn, by the random name our records have for whoever did. */
export interface DenialEntry {
  readonly phase: "denied";
  readonly tenant: string;
  readonly subjectRef: string;
  readonly purpose: string;
  readonly status: ConsentStatus;
}

/** What a platform has demanded to be erased for everybody, or the end of a tenant. */
export interface DemandEntry extends FiledDemand {
  readonly phase: "demanded";
  readonly tenant: string;
}

/** What the ledger is made of. */
export type LedgerEntry = ErasureEntry | DenialEntry | DemandEntry;

/** An entry with its moment, and how many leaves the log had: a log that is shorter lacks it. */
export type DatedEntry<Entry extends LedgerEntry = LedgerEntry> = Entry &
  Pick<LedgerRecord, "at" | "size">;

export function datedEntry({ entry, at, size }: LedgerRecord): DatedEntry {
  return { ...(entry as LedgerEntry), at, size };
}

export function isErasure(entry: DatedEntry): entry is DatedEntry<ErasureEntry> {
  return entry.phase === "begun" || entry.phase === "done";
}
