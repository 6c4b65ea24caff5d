import type { Database, Unit } from "../database/database.ts";
import { everyTenant } from "../database/tenant-guard.ts";
import { type ErasureClaim } from "../erasure/erasure-claim.ts";
import { type ErasureStep, loadSteps } from "../erasure/erasure-step.ts";
import { keyedDigest, type Keys } from "../key/keys.ts";
import { loadLogHead } from "../log/log-append.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { awaitJournalTurn } from "./journal-turn.ts";
import type { Journal } from "./journal.ts";
import { writeLeaves } from "./write-leaves.ts";

/** What the journal keeps of an erasure: whose it is by digests and random names only. */
export type ErasureEntry = {
  readonly tenant: string;
  readonly requestId: string;
  /** {@link subjectDigest} */
  readonly subject: string;
  readonly subjectRef: string;
  readonly epoch: number;
} & (
  | { readonly phase: "begun" }
  | {
      readonly phase: "done";
      readonly receivedAt: string;
      readonly dueAt: string;
      readonly commitment: string | null;
      /** What was seen in every store, our own too. */
      readonly steps: readonly ErasureStep[];
    }
);

/** Remembers erasures outside the database, so that they can be repeated on one that was restored from a backup. */
export interface ErasureLedger {
  /** Resolves once the journal holds that an erasure begins; before that nothing may be erased. */
  begin(claim: ErasureClaim, subjectId: string): Promise<void>;
  /** Notes, in the transaction that ends an erasure, that the journal is to be told. */
  end(unit: Unit, claim: ErasureClaim): Promise<void>;
  /** Resolves once the journal holds every entry of the log that there is now: before that no demand takes anything. */
  catchUp(): Promise<void>;
  /** Tells the journal of an erasure that has ended, unless it knows. */
  settle(tenant: string, requestId: string): Promise<void>;
}

/** Whom an entry is about: HMAC under the ledger key, base64url. */
export function subjectDigest({ ledger }: Pick<Keys, "ledger">, subject: SubjectIdentity): string {
  return keyedDigest(ledger, subject.tenant, subject.subjectId).toString("base64url");
}

/** @param journal Without one, nothing is remembered. */
export function createErasureLedger(
  { tables }: Pick<Database, "tables">,
  keys: Pick<Keys, "ledger">,
  journal: Journal | undefined,
  now: () => number,
): ErasureLedger {
  if (journal === undefined) return NO_LEDGER;

  /** Leaves go first: a database whose log is shorter than the entry says is behind the journal. */
  async function append(unit: Unit, at: Date, size: number, entry: ErasureEntry): Promise<void> {
    await writeLeaves(unit, journal!, (await loadLogHead(unit)).size);
    await journal!.append([{ type: "ledger", at: at.toISOString(), size, entry }]);
  }

  return {
    async begin({ tenant, requestId, subjectRef }, subjectId) {
      if ((await loadNote(tables, tenant, requestId)) !== undefined) return;
      await tables.transaction().execute(async (unit) => {
        await awaitJournalTurn(unit);
        const { size } = await loadLogHead(unit);
        const subject = subjectDigest(keys, { tenant, subjectId });
        const epoch = await loadEpoch(unit, tenant, subjectRef);
        const entry = { phase: "begun", tenant, requestId, subject, subjectRef, epoch } as const;
        await append(unit, new Date(now()), size, entry);
        await unit
          .insertInto("erasure_note")
          .values({ tenant, request_id: requestId, subject, subject_ref: subjectRef, epoch })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      });
    },
    async end(unit, { tenant, requestId }) {
      const { size } = await loadLogHead(unit);
      await unit
        .updateTable("erasure_note")
        .set({ done_at: new Date(now()), done_size: size })
        .where("tenant", "=", tenant)
        .where("request_id", "=", requestId)
        .execute();
    },
    catchUp: () =>
      tables.transaction().execute(async (unit) => {
        await awaitJournalTurn(unit);
        await writeLeaves(unit, journal, (await loadLogHead(unit)).size);
      }),
    async settle(tenant, requestId) {
      if (!isDone(await loadNote(tables, tenant, requestId))) return;
      await tables.transaction().execute(async (unit) => {
        await awaitJournalTurn(unit);
        const note = await loadNote(unit, tenant, requestId);
        if (!isDone(note)) return;
        const request = await unit
          .selectFrom("subject_request")
          .select(["received_at", "due_at", "commitment"])
          .where("tenant", "=", tenant)
          .where("id", "=", requestId)
          .executeTakeFirstOrThrow();
        await append(unit, note.done_at, Number(note.done_size), {
          phase: "done",
          tenant,
          requestId,
          subject: note.subject,
          subjectRef: note.subject_ref,
          epoch: note.epoch,
          receivedAt: request.received_at.toISOString(),
          dueAt: request.due_at.toISOString(),
          commitment: request.commitment,
          steps: await loadSteps(unit, { tenant, requestId }),
        });
        await unit
          .deleteFrom("erasure_note")
          .where("tenant", "=", tenant)
          .where("request_id", "=", requestId)
          .execute();
      });
    },
  };
}

/** The erasures that have ended and are not in the journal yet, of every tenant. */
export async function unsettledErasures(
  unit: Unit,
): Promise<readonly { readonly tenant: string; readonly requestId: string }[]> {
  const rows = await everyTenant(unit)
    .selectFrom("erasure_note")
    .select(["tenant", "request_id as requestId"])
    .where("done_at", "is not", null)
    .execute();
  return rows;
}

const NO_LEDGER: ErasureLedger = {
  begin: () => Promise.resolve(),
  end: () => Promise.resolve(),
  catchUp: () => Promise.resolve(),
  settle: () => Promise.resolve(),
};

async function loadNote(unit: Unit, tenant: string, requestId: string) {
  return unit
    .selectFrom("erasure_note")
    .selectAll()
    .where("tenant", "=", tenant)
    .where("request_id", "=", requestId)
    .executeTakeFirst();
}

type Note = NonNullable<Awaited<ReturnType<typeof loadNote>>>;

function isDone(note: Note | undefined): note is Note & { readonly done_at: Date } {
  return note !== undefined && note.done_at !== null;
}

async function loadEpoch(unit: Unit, tenant: string, ref: string): Promise<number> {
  const link = await unit
    .selectFrom("subject")
    .select("epoch")
    .where("tenant", "=", tenant)
    .where("ref", "=", ref)
    .executeTakeFirst();
  return link?.epoch ?? 0;
}
