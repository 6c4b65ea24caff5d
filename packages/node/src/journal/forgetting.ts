import type { ForgottenRecord, JournalRecord } from "./journal.ts";

/** What is left of a journal's records once the ledger's of before a moment are dropped. */
export interface Forgetting {
  /** Undefined for a record that goes; those that told of earlier droppings go too. */
  keep(record: JournalRecord): JournalRecord | undefined;
  /** How many of the ledger's went. */
  readonly dropped: number;
  /** What the journal is to say of all that ever went. */
  readonly trace: ForgottenRecord;
}

/** Goes over a journal's records, each once. */
export function forgetting(before: Date): Forgetting {
  let dropped = 0;
  let at = new Date(0).toISOString();
  let size = 0;
  return {
    keep(record) {
      const goes = record.type === "ledger" && Date.parse(record.at) < before.getTime();
      if (!goes && record.type !== "forgotten") return record;
      if (goes) dropped++;
      at = record.at > at ? record.at : at;
      size = Math.max(size, record.size);
      return undefined;
    },
    get dropped() {
      return dropped;
    },
    get trace() {
      return { type: "forgotten", at, size } as const;
    },
  };
}
