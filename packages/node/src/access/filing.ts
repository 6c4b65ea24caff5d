import { randomUUID } from "node:crypto";
import type { OrderScope, PlatformAuthorization } from "@miniprivacy/core";
import { keyedDigest, type Keys } from "../key/keys.ts";
import type { LogContent } from "../log/log-entry.ts";
import type { LogUnit } from "../log/log-writer.ts";
import type { Runtime } from "../runtime.ts";

/** What officers put on file, by the kind of its log entries. */
export interface FilingRecords {
  readonly "platform-authorization": AuthorizationFiling;
  readonly "platform-order": OrderFiling;
  readonly undertaking: UndertakingFiling;
}

export type FilingKind = keyof FilingRecords;

const FILING_KINDS: { readonly [Kind in FilingKind]: true } = {
  "platform-authorization": true,
  "platform-order": true,
  undertaking: true,
};

/** Whether a log entry of this kind is about something on file. */
export function isFilingKind(kind: string): boolean {
  return Object.hasOwn(FILING_KINDS, kind);
}

/** What the platform has said in writing; it gets its id when it is filed. */
export type AuthorizationFiling = WithoutId<PlatformAuthorization>;
type WithoutId<Value> = Value extends unknown ? Omit<Value, "id"> : never;

/** A demand of the platform to stop using data (WX-4.7a, WX-4.10b). */
export interface OrderFiling {
  readonly closes: OrderScope;
  /** The platform's own number of the demand. */
  readonly demandNumber?: string;
}

/** A member of staff's word to keep personal data confidential (WX-4.9b). */
export interface UndertakingFiling {
  /** Of {@link staffRef}: names nobody elsewhere. */
  readonly staffRef: string;
  /** SHA-256 of the signed document, which the operator keeps, hex. */
  readonly documentDigest: string;
  readonly signedAt: string;
  /** (without end) */
  readonly validUntil?: string;
}

/** Something on file. */
export interface Filing<Kind extends FilingKind> {
  readonly id: string;
  readonly record: FilingRecords[Kind];
  readonly filedAt: string;
  /** When it was lifted, withdrawn or replaced; nothing on file is ever changed. */
  readonly endedAt?: string;
}

/** Who files. */
export interface FiledBy {
  readonly tenant: string;
  /** The host's id of the officer; only her {@link staffRef} is kept. */
  readonly staff: string;
}

/** What officers file and end, each act an entry in the log. */
export interface Filings {
  file<Kind extends FilingKind>(
    kind: Kind,
    record: FilingRecords[Kind],
    by: FiledBy,
  ): Promise<Filing<Kind>>;
  /** @returns Undefined when nothing of the kind is on file under the id. */
  end<Kind extends FilingKind>(
    kind: Kind,
    id: string,
    by: FiledBy,
  ): Promise<Filing<Kind> | undefined>;
  list<Kind extends FilingKind>(kind: Kind, tenant: string): Promise<readonly Filing<Kind>[]>;
}

/** What a member of staff is called on our records: a keyed digest, never her name. */
export function staffRef(indexKey: Uint8Array, { tenant, staff }: FiledBy): string {
  return keyedDigest(indexKey, tenant, "staff", staff).toString("base64url");
}

/** What the access log calls a read whose data a member of staff sees. */
export function staffCaller(caller: string | undefined, ref: string): string {
  return `${caller ?? "staff"}:${ref}`;
}

const COLUMNS = ["id", "record", "filed_at", "ended_at"] as const;

/** Puts something on file as part of a transaction. */
export async function fileRecord<Kind extends FilingKind>(
  { unit, append }: LogUnit,
  { keys, now }: Pick<Runtime, "keys" | "now">,
  kind: Kind,
  record: FilingRecords[Kind],
  by: FiledBy,
): Promise<Filing<Kind>> {
  const id = randomUUID();
  const at = new Date(now());
  const filed = { tenant: by.tenant, kind, id, record: JSON.stringify(record), filed_at: at };
  await unit.insertInto("filing").values(filed).execute();
  await append(filingEntry(keys, kind, by, { action: "filed", id, record }), at);
  return { id, record, filedAt: at.toISOString() };
}

function filingEntry(
  { index }: Pick<Keys, "index">,
  kind: FilingKind,
  by: FiledBy,
  content: object,
): LogContent {
  return {
    tenant: by.tenant,
    kind,
    subjectRef: null,
    dedupeKey: null,
    content: { type: kind, schemaVersion: "1", by: staffRef(index, by), ...content },
  };
}

export function createFilings(runtime: Runtime): Filings {
  const { database, keys, log, now } = runtime;

  return {
    file: (kind, record, by) =>
      log.transaction((logUnit) => fileRecord(logUnit, runtime, kind, record, by)),
    async end<Kind extends FilingKind>(kind: Kind, id: string, by: FiledBy) {
      const at = new Date(now());
      await log.transaction(async ({ unit, append }) => {
        const { numUpdatedRows } = await unit
          .updateTable("filing")
          .set({ ended_at: at })
          .where("tenant", "=", by.tenant)
          .where("kind", "=", kind)
          .where("id", "=", id)
          .where("ended_at", "is", null)
          .executeTakeFirstOrThrow();
        // Requirement WX-4.7a: that an order was lifted, and by whom, is itself on record.
        if (numUpdatedRows === 1n)
          await append(filingEntry(keys, kind, by, { action: "ended", id }), at);
      });
      const row = await database.tables
        .selectFrom("filing")
        .select(COLUMNS)
        .where("tenant", "=", by.tenant)
        .where("kind", "=", kind)
        .where("id", "=", id)
        .executeTakeFirst();
      return row && filing<Kind>(row);
    },
    async list<Kind extends FilingKind>(kind: Kind, tenant: string) {
      const rows = await database.tables
        .selectFrom("filing")
        .select(COLUMNS)
        .where("tenant", "=", tenant)
        .where("kind", "=", kind)
        .orderBy("filed_at")
        .orderBy("id")
        .execute();
      return rows.map((row) => filing<Kind>(row));
    },
  };
}

function filing<Kind extends FilingKind>(row: {
  readonly id: string;
  readonly record: object;
  readonly filed_at: Date;
  readonly ended_at: Date | null;
}): Filing<Kind> {
  return {
    id: row.id,
    record: row.record as FilingRecords[Kind],
    filedAt: row.filed_at.toISOString(),
    ...(row.ended_at !== null && { endedAt: row.ended_at.toISOString() }),
  };
}
